// What has been encoded of a job, chunk by chunk: it stays when the job is interrupted.
//
//     chunks/1080p/00003.packets   all packets of chunk 3 of that rung, in decoding order
//     chunks/journal               seams, passes and the end of the source, a line each
//
// A file of packets has its name when it is whole. Its checksum tells if the system lost a part of it since.

import Glibc
import LibAV
package import VTXModel
import VTXSystem

/// A directory of finished chunks. Used from many threads.
package final class ChunkStore: @unchecked Sendable {
    // @unchecked: `contents` is guarded; each file has one writer.
    private let directory: String
    private let contents: Guarded<[String: [Int: ChunkSummary]]>
    private let journal: Guarded<Journal>

    /// Finds what is there, and reads all of it once: damaged chunks are forgotten.
    ///
    /// - Parameters:
    ///   - directory: it is made if need be.
    ///   - streams: names of rungs and of whatever else is kept for each chunk.
    package init(directory: String, streams: [String]) throws {
        self.directory = directory
        var contents: [String: [Int: ChunkSummary]] = [:]
        try makeDirectory(directory, mode: 0o700, mayExist: true)
        for stream in streams {
            let folder = "\(directory)/\(stream)"
            try makeDirectory(folder, mode: 0o700, mayExist: true)
            contents[stream] = [:]
            for name in entries(of: folder) {
                let path = "\(folder)/\(name)"
                guard name.hasSuffix(Self.suffix), let chunk = Int(name.dropLast(Self.suffix.count)),
                    let summary = try? PacketFile.read(path, each: { _ in })
                else {
                    unlink(path)
                    continue
                }
                contents[stream]?[chunk] = summary
            }
        }
        self.contents = Guarded(contents)
        journal = Guarded(try Journal("\(directory)/journal"))
    }

    private static let suffix = ".packets"

    private func path(_ stream: String, _ chunk: Int) -> String {
        "\(directory)/\(stream)/\(padded(Int64(chunk), 5))\(Self.suffix)"
    }

    /// Whether all packets of that chunk are there.
    package func has(_ stream: String, _ chunk: Int) -> Bool { contents.with { $0[stream]?[chunk] != nil } }

    /// Chunks that every stream has.
    package var finished: Set<Int> {
        contents.with { all in
            guard let first = all.values.first else { return [] }
            return all.values.dropFirst().reduce(Set(first.keys)) { $0.intersection($1.keys) }
        }
    }

    /// What is there of a stream.
    package func summaries(of stream: String) -> [ChunkSummary] { contents.with { Array(($0[stream] ?? [:]).values) } }

    /// What is there of a chunk; `nil` if it is not finished.
    func summary(_ stream: String, _ chunk: Int) -> ChunkSummary? { contents.with { $0[stream]?[chunk] } }

    /// Bytes of all chunks.
    package var bytes: Int64 { contents.with { $0.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.bytes } } } }

    /// Begins a chunk anew.
    ///
    /// - Parameter buffer: the decoder's buffer, if the rate has a ceiling.
    func writer(_ stream: String, _ chunk: Int, buffer: RateBuffer? = nil) throws -> PacketFile.Writer {
        try PacketFile.Writer(path(stream, chunk), buffer: buffer)
    }

    /// Gives a chunk its name.
    func finish(_ stream: String, _ chunk: Int, _ writer: PacketFile.Writer) throws {
        let summary = try writer.finish()
        contents.with { $0[stream, default: [:]][chunk] = summary }
    }

    func read(_ stream: String, _ chunk: Int, each: (consuming Packet) throws -> Void) throws {
        _ = try PacketFile.read(path(stream, chunk), each: each)
    }

    /// Forgets one chunk of one stream.
    func remove(_ stream: String, _ chunk: Int) {
        contents.with { $0[stream]?[chunk] = nil }
        unlink(path(stream, chunk))
    }

    /// Forgets that chunk and all that follow.
    func remove(from first: Int) {
        let names = contents.with { all in
            var names: [String] = []
            for (stream, chunks) in all {
                for chunk in chunks.keys where chunk >= first {
                    names.append(path(stream, chunk))
                    all[stream]?[chunk] = nil
                }
            }
            return names
        }
        for name in names { unlink(name) }
    }

    /// What has been noted, oldest first.
    var notes: [[Substring]] { journal.with { $0.lines } }

    /// Adds a line of words to the journal.
    func note(_ words: String...) throws { try note(words) }

    func note(_ words: [String]) throws { try journal.with { try $0.add(words.joined(separator: " ")) } }
}

/// What is in a file of packets.
package struct ChunkSummary: Hashable, Sendable {
    package var packets = 0
    package var bytes: Int64 = 0
    /// Nothing, if the rate has no ceiling.
    package var use = BufferUse()
}

/// Lines that stay, each written at once. The last one may be torn by a crash: it is left out then.
private struct Journal {
    private let file: File
    private(set) var lines: [[Substring]] = []

    init(_ path: String) throws {
        if let text = readFile(path) {
            let whole = String(decoding: text, as: UTF8.self)
            let end = whole.lastIndex(of: "\n").map { whole.index(after: $0) } ?? whole.startIndex
            lines = whole[..<end].split(separator: "\n").map { $0.split(separator: " ") }
            truncate(path, off_t(whole[..<end].utf8.count))
        }
        file = try File(path, for: .appending, mode: 0o600)
    }

    mutating func add(_ line: String) throws {
        lines.append(line.split(separator: " "))
        try file.write(Array((line + "\n").utf8))
    }
}

/// Packets in a file of our own: times, flags and bytes, nothing else of them is needed.
enum PacketFile {
    private static let magic: UInt64 = 0x3273_746b_7078_7476  // "vtxpkts2"
    /// Five 64-bit words before the packets' bytes. The last record has a size of -1, and before it the number of
    /// packets and what they do to the decoder's buffer.
    private static let headerSize = 40

    final class Writer {
        private let path: String
        private let partial: String
        private let file: File
        private var buffer: [UInt8] = []
        private var sum = Checksum()
        private(set) var summary = ChunkSummary()
        private let rateBuffer: RateBuffer?
        private var isFinished = false

        init(_ path: String, buffer: RateBuffer?) throws {
            self.path = path
            rateBuffer = buffer
            partial = path + ".part"
            file = try File(partial, for: .writing, mode: 0o600)
            put(magic)
        }

        deinit { if !isFinished { unlink(partial) } }

        func write(_ packet: borrowing Packet) throws {
            put(UInt64(bitPattern: packet.presentation ?? .min))
            put(UInt64(bitPattern: packet.decoding ?? .min))
            put(UInt64(bitPattern: packet.duration))
            put(packet.isKey ? 1 : 0)
            put(UInt64(packet.size))
            packet.withBytes { buffer.append(contentsOf: $0) }
            summary.packets += 1
            summary.bytes += Int64(packet.size)
            if let rateBuffer { summary.use.add(bytes: packet.size, ticks: packet.duration, in: rateBuffer) }
            if buffer.count > 1 << 18 { try flush() }
        }

        /// Ends the file and gives it its name.
        fileprivate func finish() throws -> ChunkSummary {
            let use = summary.use
            for value in [Int64(summary.packets), use.needed, use.gained, use.most] { put(UInt64(bitPattern: value)) }
            put(.max)
            try flush()
            put(UInt64(sum.value))
            try file.write(buffer)
            try renameFile(partial, to: path)
            isFinished = true
            return summary
        }

        private func put(_ value: UInt64) {
            withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
        }

        private func flush() throws {
            buffer.withUnsafeBytes { sum.add($0) }
            try file.write(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
    }

    /// Reads a finished file.
    ///
    /// - Throws: `.inputOutput` if it is not what was written.
    static func read(_ path: String, each: (consuming Packet) throws -> Void) throws -> ChunkSummary {
        let file = try File(path, for: .reading)
        let damaged = VTXError(.inputOutput, "\(path) is damaged", remedy: "pass \(.startOver) to start over")
        var sum = Checksum()
        var bytes = [UInt8](repeating: 0, count: headerSize)
        var summary = ChunkSummary()

        func take(_ count: Int) throws -> Bool {
            if bytes.count < count { bytes = [UInt8](repeating: 0, count: count) }
            let whole = try bytes.withUnsafeMutableBytes {
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<count])) == count
            }
            if whole { bytes.withUnsafeBytes { sum.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) } }
            return whole
        }
        func word(_ index: Int) -> UInt64 {
            bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)) }
        }

        guard try take(8), word(0) == magic else { throw damaged }
        while try take(headerSize) {
            let size = word(4)
            if size == .max {
                let expected = UInt64(sum.value)
                guard word(0) == UInt64(summary.packets) else { throw damaged }
                let use = (1...3).map { Int64(bitPattern: word($0)) }
                summary.use = BufferUse(needed: use[0], gained: use[1], most: use[2])
                guard try take(8), word(0) == expected else { throw damaged }
                return summary
            }
            guard size < 1 << 31 else { throw damaged }
            let presentation = Int64(bitPattern: word(0))
            let decoding = Int64(bitPattern: word(1))
            let duration = Int64(bitPattern: word(2))
            let isKey = word(3) == 1
            guard try take(Int(size)) else { throw damaged }
            summary.packets += 1
            summary.bytes += Int64(size)
            let packet = try Packet(bytes, count: Int(size), isKey: isKey)
            packet.presentation = presentation == .min ? nil : presentation
            packet.decoding = decoding == .min ? nil : decoding
            packet.duration = duration
            try each(packet)
        }
        throw damaged
    }
}
