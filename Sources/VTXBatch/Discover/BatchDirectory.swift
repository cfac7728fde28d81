// The directories of a batch: where it reads, where it writes, and the hidden folder with its journal and its lock.

import Glibc
import VTXModel
import VTXSystem

/// Opened and locked directories.
final class BatchDirectory {
    /// Absolute, without links.
    let source: String
    /// Absolute, without links if it exists.
    let output: String
    /// Held as long as this process or one of its workers lives: what a killed batch has left running cannot meet the
    /// next one.
    private let held: FileLock?

    /// The lock's descriptor, for workers; -1 without a lock.
    var lock: Int32 { held?.descriptor ?? -1 }
    /// Path of the journal.
    var journal: String { "\(folder)/journal.ndjson" }
    /// Path of the folder with thumbnails.
    var thumbnails: String { "\(folder)/thumbnails" }
    private var folder: String { "\(output)/\(batchFolderName)" }

    /// - Parameter isReadOnly: makes and locks nothing.
    /// - Throws: `.noInput` if the source is not a directory, `.cannotCreate` if the output cannot be one or another
    ///   batch works there.
    init(source: String, output: String, isReadOnly: Bool) throws(VTXError) {
        guard let real = realPath(source) else {
            throw VTXError(.noInput, "cannot open \(source)", cause: SystemFailure("open").words)
        }
        guard isDirectory(real) else {
            throw VTXError(
                .noInput, "cannot open \(source)", cause: "it is not a directory",
                remedy: "use \(command: .transcode) for one file")
        }
        self.source = real
        if !isReadOnly { try makeDirectories(output) }
        let trimmed = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
        let absolute = realPath(output) ?? trimmed
        self.output = absolute
        if absolute == real || real.hasPrefix(absolute == "/" ? "/" : absolute + "/") {
            throw VTXError(
                .cannotCreate,
                absolute == real
                    ? "the output directory must not be the source directory"
                    : "the output directory must not contain the source directory",
                cause: "\(source) is in \(output)", remedy: "choose another directory with -o")
        }
        if isReadOnly {
            held = nil
        } else {
            let folder = "\(absolute)/\(batchFolderName)"
            try makeDirectories(folder)
            held = try Self.takeLock("\(folder)/lock", for: output)
        }
    }

    private static func takeLock(_ path: String, for output: String) throws(VTXError) -> FileLock {
        let lock: FileLock
        do throws(SystemFailure) {
            lock = try FileLock(path, .file(mode: 0o644))
            // Workers of a batch that was killed end at once, but not in no time.
            if try lock.take(within: 3) {
                lock.sign()
                return lock
            }
        } catch {
            throw error.writing(path)
        }
        throw VTXError(
            .cannotCreate, "another batch works in \(output)", cause: "process \(lock.holder) holds \(path)",
            remedy: "wait for it, or choose another directory with -o")
    }
}
