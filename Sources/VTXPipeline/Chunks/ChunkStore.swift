// Finished chunks of a job on disk: they stay when the job is interrupted.
//
//     chunks/1080p/00003.packets   all packets of chunk 3 of that rung, in decoding order
//     chunks/journal               chunk boundaries, passes and the end of the source, a record each (ChunkJournal)
//
// A file of packets gets its name when it is whole (PacketFile). Its checksum tells if a part of it was lost since.

import Glibc
import LibAV
import VTXModel
import VTXSystem

/// A directory of finished chunks. Used from many threads.
package final class ChunkStore: @unchecked Sendable {
    // @unchecked: `contents` is guarded; each file has one writer.
    private let directory: String
    private let contents: Guarded<[String: [Int: ChunkSummary]]>
    /// What has been learnt about the source.
    let journal: ChunkJournal

    /// Finds what is there, and reads all of it once: damaged chunks are forgotten.
    ///
    /// - Parameters:
    ///   - directory: it is created if need be.
    ///   - streams: names of rungs, and of samples that are kept of each chunk.
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
        journal = try ChunkJournal("\(directory)/journal")
    }

    private static let suffix = ".packets"

    private func path(_ stream: String, _ chunk: Int) -> String {
        "\(directory)/\(stream)/\(padded(Int64(chunk), 5))\(Self.suffix)"
    }

    /// Whether all packets of that chunk are there.
    package func has(_ stream: String, _ chunk: Int) -> Bool {
        contents.with { $0[stream]?[chunk] != nil }
    }

    /// Chunks that every stream has.
    package var finished: Set<Int> {
        contents.with { all in
            guard let first = all.values.first else { return [] }
            return all.values.dropFirst().reduce(Set(first.keys)) { $0.intersection($1.keys) }
        }
    }

    /// What is there of a stream.
    package func summaries(of stream: String) -> [ChunkSummary] {
        contents.with { Array(($0[stream] ?? [:]).values) }
    }

    /// What is there of a stream, by the numbers of its chunks.
    func chunks(of stream: String) -> [Int: ChunkSummary] { contents.with { $0[stream] ?? [:] } }

    /// What is there of a chunk; `nil` if it is not finished.
    func summary(_ stream: String, _ chunk: Int) -> ChunkSummary? {
        contents.with { $0[stream]?[chunk] }
    }

    /// Bytes of all chunks.
    package var bytes: Int64 {
        contents.with { $0.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.bytes } } }
    }

    /// Begins a chunk; what there was of it is replaced when the new one is finished.
    ///
    /// - Parameter buffer: the decoder's buffer, if there is a maximum bit rate.
    func writer(_ stream: String, _ chunk: Int, buffer: RateBuffer? = nil) throws -> PacketFile.Writer {
        try PacketFile.Writer(path(stream, chunk), buffer: buffer)
    }

    /// Ends a chunk: from now on it is there, in later runs too.
    func finish(_ stream: String, _ chunk: Int, _ writer: PacketFile.Writer) throws {
        let summary = try writer.finish()
        contents.with { $0[stream, default: [:]][chunk] = summary }
    }

    /// Hands out the packets of a finished chunk, in decoding order.
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
}
