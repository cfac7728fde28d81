// An append-only file of records, a line of JSON each: it can be cut off at any moment and be gone on with.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
package import VTXModel

/// Records on the disk. One process at a time may write; the caller holds a lock.
package final class RecordLog<Record: Codable> {
    /// What was in the file when it was opened, oldest first, shortened. Later records are not in it.
    package let records: [Record]
    /// Lines that could not be read: a torn last one after a crash of the machine.
    package let damagedLines: Int
    private let name: String
    private let file: File?
    private let encoder = JSONEncoder()

    /// Reads the file, and rewrites it if a line of it is torn or damaged, or if it has more than twice the lines
    /// it needs.
    ///
    /// - Parameters:
    ///   - path: where it is; it is made if need be.
    ///   - name: what it is called in messages.
    ///   - isReadOnly: nothing is written, by `append` neither.
    ///   - mode: permissions of a new file, before the process's mask.
    ///   - shorten: the fewest records that say the same.
    /// - Throws: `.inputOutput` or `.cannotCreate` if it cannot be written.
    package init(
        _ path: String, name: String = "journal", isReadOnly: Bool = false, mode: UInt32 = 0o644,
        shorten: ([Record]) -> [Record] = { $0 }
    ) throws(VTXError) {
        self.name = name
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = readFile(path) ?? []
        let newline = UInt8(ascii: "\n")
        let lines = bytes.split(separator: newline)
        let decoder = JSONDecoder()
        let found = lines.compactMap { try? decoder.decode(Record.self, from: Data($0)) }
        damagedLines = lines.count - found.count
        records = shorten(found)
        guard !isReadOnly else {
            file = nil
            return
        }
        // The last line may be whole and lack its end: the next one must not be written into it.
        let isTorn = bytes.last.map { $0 != newline } ?? false
        if isTorn || damagedLines > 0 || lines.count > 2 * records.count + 100 {
            let all = try Self.lines(records, encoder, name)
            try replaceFile(all, at: path, mode: mode, temporary: path + ".new", isLasting: true)
        }
        file = try File(path, for: .appending, mode: mode)
    }

    /// Adds a record.
    ///
    /// - Parameter isLasting: whether it is on the disk when this returns; `false` for what can be found out again.
    package func append(_ record: Record, isLasting: Bool = true) throws(VTXError) {
        guard let file else { return }
        try file.write(try Self.lines([record], encoder, name))
        if isLasting { try file.synchronize() }
    }

    private static func lines(_ records: [Record], _ encoder: JSONEncoder, _ name: String) throws(VTXError) -> [UInt8] {
        var bytes: [UInt8] = []
        for record in records {
            guard let line = try? encoder.encode(record) else {
                throw VTXError(.internal, "a record of the \(name) cannot be written")
            }
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
