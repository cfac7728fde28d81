// What has been encoded of a job, chunk by chunk: it stays when the job is interrupted.
//
//     chunks/1080p/00003.packets   all packets of chunk 3 of that rung, in decoding order
//     chunks/journal               seams, passes and the end of the source, a line each
//
// A file of packets has its name when it is whole. Its checksum tells if the system lost a part of it since.

import Glibc
import LibAV
import VTXModel
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
