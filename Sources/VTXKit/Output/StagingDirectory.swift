// The directory of a package while it is being made.

import Glibc
import VTXModel
import VTXSystem

/// Whether the real path of `file` lies below the real path of `directory`.
private func isInside(_ file: String, _ directory: String) -> Bool {
    guard let inner = realPath(file), let outer = realPath(directory) else { return false }
    return inner.hasPrefix(outer + "/")
}

/// A package that is not there yet: a hidden directory beside its destination.
final class StagingDirectory {
    let path: String
    let destination: String
    private var isPublished = false
    private let mayReplace: Bool
    private let cleanup: Cleanup
    /// Held while the process lives, so that others can tell.
    private var lock: FileLock?

    /// - Parameters:
    ///   - inputs: all files that the job reads.
    ///   - cleanup: what the process removes if it has to end at once.
    ///   - kind: what may be replaced, for errors, and whether the names in a directory are those of one.
    /// - Throws: `.cannotCreate` if the destination has something in it and may not be replaced, or holds
    ///   what is not such a directory: replacing it would delete that.
    init(
        for destination: String, inputs: [String], mayReplace: Bool, cleanup: Cleanup,
        kind: (words: String, isKnown: ([String]) -> Bool) = (
            "a package", { $0.contains(PackageLayout.multivariantPlaylist) }
        )
    ) throws(VTXError) {
        self.cleanup = cleanup
        self.mayReplace = mayReplace
        var trimmed = destination
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        // `.` and links cannot be renamed onto: what they stand for can.
        if let resolved = realPath(trimmed) { trimmed = resolved }
        self.destination = trimmed
        path = unfinishedName(of: trimmed)
        if let existing = FileStatus(trimmed) {
            guard existing.kind == .directory else {
                throw VTXError(
                    .cannotCreate, "cannot write \(trimmed)", cause: "it is not a directory",
                    remedy: "choose another name with -o")
            }
            guard DirectoryReader(trimmed) != nil else {
                throw SystemFailure("open").replacing(trimmed)
            }
            let names = entries(of: trimmed)
            if !mayReplace, !names.isEmpty {
                throw VTXError(
                    .cannotCreate, "\(trimmed) exists and is not empty", remedy: .overwrite)
            }
            if !names.isEmpty, !kind.isKnown(names) {
                throw VTXError(
                    .cannotCreate, "\(trimmed) is not \(kind.words), and replacing it would delete what it contains",
                    remedy: "choose an empty or new directory with -o")
            }
            if let inside = inputs.first(where: { isInside($0, trimmed) }) {
                throw VTXError(
                    .cannotCreate, "\(inside) lies in \(trimmed), which would be replaced",
                    remedy: "choose another directory with -o")
            }
        }
        guard let status = FileStatus(SplitPath(trimmed).directory), status.kind == .directory else {
            throw SystemFailure("create", errno: ENOENT).writing(trimmed)
        }
        cleanup.add(path)
        do { try makeDirectory(path) } catch {
            cleanup.remove(path)
            throw error
        }
        lock = try? FileLock(path, .existing)
        _ = try? lock?.take()
    }

    deinit { discard() }

    func discard() {
        guard !isPublished else { return }
        removeTree(path)
        cleanup.remove(path)
    }

    /// Publishes the package together with its keys.
    func publish(with encryption: PackageEncryption?) throws(VTXError) {
        guard let encryption else { return try publish() }
        try encryption.publish(staging: path, destination: destination) { () throws(VTXError) in try publish() }
    }

    /// Gives the package its name in one step; what was there is removed afterwards.
    func publish() throws(VTXError) {
        if rename(path, destination) == 0 {
            isPublished = true
            cleanup.remove(path)
            return
        }
        let number = errno
        guard [ENOTEMPTY, EEXIST, ENOTDIR].contains(number) else {
            throw SystemFailure("publish", errno: number).replacing(destination)
        }
        guard mayReplace else {
            throw VTXError(
                .cannotCreate, "\(destination) has appeared meanwhile", remedy: .overwrite)
        }
        // The destination is not empty: exchange the two, so that it is whole at every moment.
        let code = exchangePaths(path, destination)
        guard code == 0 else { throw SystemFailure("publish", errno: code).replacing(destination) }
        isPublished = true
        removeTree(path)
        cleanup.remove(path)
    }
}

extension SystemFailure {
    /// The failure as an error about a directory that is there already, and would get other contents.
    fileprivate func replacing(_ directory: String) -> VTXError {
        guard code == EACCES || code == EPERM else { return writing(directory) }
        return VTXError(
            .cannotCreate, "cannot replace \(directory)", cause: words,
            remedy: "check who owns it and its permissions, or choose another directory with -o")
    }
}
