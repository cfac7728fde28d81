// The directories of a batch: where it reads, where it writes, and the hidden folder with its journal and its lock.

import Glibc
import VTXKit
import VTXModel

/// Opened and locked directories.
final class BatchPlace {
    /// Absolute, without links.
    let source: String
    let output: String
    /// Held as long as this process or one of its workers lives: what a killed batch has left running cannot meet the
    /// next one.
    private(set) var lock: Int32 = -1

    static let folderName = ".vtx-batch"
    var folder: String { "\(output)/\(Self.folderName)" }
    var journal: String { "\(folder)/journal.ndjson" }
    var thumbnails: String { "\(folder)/thumbnails" }

    /// - Parameter isReadOnly: makes and locks nothing.
    /// - Throws: `.noInput` if the source is no directory, `.cannotCreate` if the output cannot be one or another
    ///   batch works there.
    init(source: String, output: String, isReadOnly: Bool) throws(VTXError) {
        guard let real = Self.real(source) else {
            throw VTXError(.noInput, "cannot open \(source)", cause: String(cString: strerror(errno)))
        }
        guard Self.isDirectory(real) else {
            throw VTXError(
                .noInput, "cannot open \(source)", cause: "it is no directory",
                remedy: "\(command: .transcode) takes one file")
        }
        self.source = real
        if !isReadOnly { try Self.makeFolders(output) }
        let trimmed = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
        self.output = Self.real(output) ?? trimmed
        if self.output == real || real.hasPrefix(self.output == "/" ? "/" : self.output + "/") {
            throw VTXError(
                .cannotCreate, "the outputs would stand among the sources",
                cause: "\(source) lies in \(output)", remedy: "choose another directory with -o")
        }
        guard !isReadOnly else { return }
        try Self.makeFolders(folder)
        try takeLock()
    }

    deinit { if lock >= 0 { close(lock) } }

    private func takeLock() throws(VTXError) {
        let path = "\(folder)/lock"
        lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw Self.failure(path) }
        // Workers of a batch that was killed end at once, but not in no time.
        for _ in 0..<30 {
            if flock(lock, LOCK_EX | LOCK_NB) == 0 {
                let text = "\(getpid())\n"
                ftruncate(lock, 0)
                _ = text.withCString { pwrite(lock, $0, strlen($0), 0) }
                return
            }
            guard errno == EWOULDBLOCK else { throw Self.failure(path) }
            usleep(100_000)
        }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(lock, &bytes, bytes.count, 0)
        let owner = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber)
        throw VTXError(
            .cannotCreate, "another batch works in \(output)", cause: "process \(owner) holds \(path)",
            remedy: "wait for it, or choose another directory with -o")
    }

    private static func failure(_ path: String) -> VTXError {
        VTXError(.cannotCreate, "cannot create \(path)", cause: String(cString: strerror(errno)))
    }

    /// Makes a folder and those around it.
    static func makeFolders(_ path: String) throws(VTXError) {
        if isDirectory(path) { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolders(String(path[..<slash])) }
        guard path.isEmpty || mkdir(path, 0o777) == 0 || errno == EEXIST, path.isEmpty || isDirectory(path) else {
            throw failure(path)
        }
    }

    /// Removes a folder and those around it, as far as they are empty, up to the output directory.
    func removeIfEmpty(_ folder: String) {
        var folder = folder
        while !folder.isEmpty, rmdir("\(output)/\(folder)") == 0 { folder = splitPath(folder).folder }
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
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
