// What a job in chunks has learnt, on disk: a line of JSON for each record.

import Glibc

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An append-only file of records. Used from many threads.
///
/// A record is written at once, but not synchronized: what a crash of the machine takes is found out again.
final class ChunkJournal: Sendable {
    private let state: Guarded<State>

    private struct State: @unchecked Sendable {
        // @unchecked: the encoder is used within the lock only.
        let file: FileHandle
        let encoder = JSONEncoder()
        var records: [ChunkRecord] = []
    }

    /// Reads what is there; a torn or damaged line is no record.
    ///
    /// - Parameter path: it is created if need be.
    init(_ path: String) throws {
        var records: [ChunkRecord] = []
        let newline = UInt8(ascii: "\n")
        if let bytes = try? FileHandle(path, O_RDONLY).readAll() {
            let decoder = JSONDecoder()
            let end = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
            records = bytes[..<end].split(separator: newline).compactMap {
                try? decoder.decode(ChunkRecord.self, from: Data($0))
            }
            truncate(path, off_t(end))
        }
        state = Guarded(
            State(file: try FileHandle(path, O_WRONLY | O_CREAT | O_APPEND), records: records))
    }

    /// All records, oldest first.
    var records: [ChunkRecord] { state.with { $0.records } }

    /// Adds a record.
    func add(_ record: ChunkRecord) throws {
        try state.with { state in
            state.records.append(record)
            try state.file.write(Array(try state.encoder.encode(record)) + [UInt8(ascii: "\n")])
        }
    }
}
