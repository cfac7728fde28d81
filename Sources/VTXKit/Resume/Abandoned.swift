// What jobs left behind whose processes are gone.

import Glibc
import LibAV
public import VTXModel
import VTXSystem

/// An unfinished output that nobody is working on.
public struct AbandonedWork: Hashable, Codable, Sendable {
    /// Where it is.
    public var path: String
    /// Bytes of all files in it.
    public var bytes: Int64
    /// Whether the command that made it would go on from there.
    public var isResumable: Bool

    /// Finds all such work right in a directory.
    ///
    /// - Throws: `.noInput` if it cannot be read.
    public static func find(in directory: String) throws(VTXError) -> [AbandonedWork] {
        guard let status = FileStatus(directory) else {
            throw SystemFailure("open").reading(directory)
        }
        guard status.kind == .directory, access(directory, R_OK | X_OK) == 0 else {
            throw VTXError(.noInput, "cannot read the directory \(directory)", remedy: "check the name")
        }
        return entries(of: directory).sorted().compactMap { name in
            let path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
            guard isAbandoned(path) else { return nil }
            return AbandonedWork(path: path, bytes: treeSize(path), isResumable: name.hasSuffix(workspaceSuffix))
        }
    }

    /// Removes it, unless somebody has taken it up meanwhile.
    ///
    /// - Throws: `.inputOutput` if some of it stays.
    public func remove() throws(VTXError) {
        guard Self.isAbandoned(path) else { return }
        removeTree(path)
        if FileStatus(path) != nil { throw SystemFailure("remove").writing(path) }
    }

    private static func isAbandoned(_ path: String) -> Bool {
        let name = SplitPath(path).name
        guard name.hasPrefix(".") else { return false }
        if name.hasSuffix(workspaceSuffix) { return FileLock.isFree("\(path)/lock") }
        guard let process = maker(ofUnfinished: name) else { return false }
        if process == getpid() || kill(process, 0) == 0 || errno == EPERM { return false }
        return FileStatus(path)?.kind != .directory || FileLock.isFree(path)
    }
}

/// Removes unfinished packages that earlier processes, killed, left beside `destination`.
func removeAbandonedPackages(beside destination: String) {
    for (path, process) in unfinishedOutputs(beside: destination) where process != getpid() {
        // A directory that was made this moment may not be locked yet.
        guard let status = FileStatus(path), status.kind == .directory,
            kill(process, 0) != 0 && errno == ESRCH || status.modified < Int(wallTime()) - 5
        else { continue }
        if FileLock.isFree(path) { removeTree(path) }
    }
}
