// The directories of a batch: where it reads, where it writes, and the hidden folder with its journal and its lock.

import Glibc
import VTXModel
import VTXSystem

/// Opened and locked directories.
final class BatchPlace {
    /// Absolute, without links.
    let source: String
    let output: String
    /// Held as long as this process or one of its workers lives: what a killed batch has left running cannot meet the
    /// next one.
    private(set) var lock: FileLock?

    static let folderName = ".vtx-batch"
    var folder: String { "\(output)/\(Self.folderName)" }
    var journal: String { "\(folder)/journal.ndjson" }
    var thumbnails: String { "\(folder)/thumbnails" }

    /// - Parameter isReadOnly: makes and locks nothing.
    /// - Throws: `.noInput` if the source is no directory, `.cannotCreate` if the output cannot be one or another
    ///   batch works there.
    init(source: String, output: String, isReadOnly: Bool) throws(VTXError) {
        guard let real = realPath(source) else {
            throw VTXError(.noInput, "cannot open \(source)", cause: String(cString: strerror(errno)))
        }
        guard isDirectory(real) else {
            throw VTXError(
                .noInput, "cannot open \(source)", cause: "it is no directory",
                remedy: "\(command: .transcode) takes one file")
        }
        self.source = real
        if !isReadOnly { try makeDirectories(output) }
        let trimmed = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
        self.output = realPath(output) ?? trimmed
        if self.output == real || real.hasPrefix(self.output == "/" ? "/" : self.output + "/") {
            throw VTXError(
                .cannotCreate, "the outputs would stand among the sources",
                cause: "\(source) lies in \(output)", remedy: "choose another directory with -o")
        }
        guard !isReadOnly else { return }
        try makeDirectories(folder)
        try takeLock()
    }

    private func takeLock() throws(VTXError) {
        let path = "\(folder)/lock"
        var holder = ""
        do throws(SystemFailure) {
            let lock = try FileLock(path, .file(mode: 0o644))
            // Workers of a batch that was killed end at once, but not in no time.
            if try lock.take(within: 3) {
                lock.sign()
                self.lock = lock
                return
            }
            holder = lock.holder
        } catch {
            throw VTXError(.cannotCreate, "cannot create \(path)", cause: error.words)
        }
        throw VTXError(
            .cannotCreate, "another batch works in \(output)", cause: "process \(holder) holds \(path)",
            remedy: "wait for it, or choose another directory with -o")
    }

    /// Removes a folder and those around it, as far as they are empty, up to the output directory.
    func removeIfEmpty(_ folder: String) {
        var folder = folder
        while !folder.isEmpty, rmdir("\(output)/\(folder)") == 0 { folder = splitPath(folder).folder }
    }
}

/// Removes unfinished files of an output that a killed worker has left beside it.
///
/// - Parameter worker: its process number; `nil`: of any, which only the owner of the lock may say.
func removeLeftovers(of output: String, worker: pid_t? = nil) {
    for (path, process) in unfinishedOutputs(beside: output) where worker == nil || process == worker {
        removeTree(path)
    }
}
