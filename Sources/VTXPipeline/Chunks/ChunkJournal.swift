// What a job in chunks has learnt, on disk.

import VTXModel
import VTXSystem

/// An append-only file of records. Used from many threads.
///
/// A record is written at once, but not synchronized: what a crash of the machine takes is found out again.
final class ChunkJournal: Sendable {
    /// What earlier runs have learnt, oldest first.
    let records: [ChunkRecord]
    private let log: Guarded<RecordLog<ChunkRecord>>

    /// Reads what is there; a torn or damaged line is no record.
    ///
    /// - Parameter path: the file; it is created if need be.
    init(_ path: String) throws {
        let log = try RecordLog<ChunkRecord>(path, mode: 0o600)
        records = log.records
        self.log = Guarded(log)
    }

    /// Adds a record.
    func add(_ record: ChunkRecord) throws { try log.with { try $0.append(record, isLasting: false) } }
}
