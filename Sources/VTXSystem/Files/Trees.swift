// Making, removing and measuring directories with all that is in them.

import CLinux
import Glibc
package import VTXModel

/// Makes one directory.
///
/// - Parameters:
///   - mode: permissions, before the process's mask.
///   - mayExist: whether one that is there already will do.
/// - Throws: `.cannotCreate` or `.inputOutput`, naming `path`.
package func makeDirectory(_ path: String, mode: UInt32 = 0o777, mayExist: Bool = false) throws(VTXError) {
    if mkdir(path, mode) == 0 { return }
    let failure = SystemFailure("create")
    guard mayExist, failure.code == EEXIST, FileStatus(path)?.kind == .directory else { throw failure.writing(path) }
}

/// Makes a directory and those around it, as far as they are missing.
///
/// - Throws: `.cannotCreate` or `.inputOutput`, naming the one that cannot be made.
package func makeDirectories(_ path: String) throws(VTXError) {
    if path.isEmpty || isDirectory(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectories(String(path[..<slash])) }
    try makeDirectory(path, mayExist: true)
}

/// Whether a path leads to a directory.
package func isDirectory(_ path: String) -> Bool { FileStatus(path)?.kind == .directory }

/// Removes a file or a directory with all that is in it; follows no links. What is not there is no error.
package func removeTree(_ path: String) {
    guard let status = FileStatus(withoutFollowing: path) else { return }
    guard status.kind == .directory else {
        unlink(path)
        return
    }
    for name in entries(of: path) { removeTree("\(path)/\(name)") }
    rmdir(path)
}

/// Bytes of a file, or of all files below a directory; follows no links.
package func treeSize(_ path: String) -> Int64 {
    guard let status = FileStatus(withoutFollowing: path) else { return 0 }
    guard status.kind == .directory else { return status.size }
    return entries(of: path).reduce(0) { $0 + treeSize("\(path)/\($1)") }
}

/// Exchanges what two paths name, in one step.
///
/// - Returns: 0 or an errno; `EINVAL` where the file system cannot.
package func exchangePaths(_ one: String, _ other: String) -> Int32 {
    one.withCName { one in other.withCName { vtx_exchange_paths(one, $0) } }
}

/// Waits until the disk has a file, or everything in the file system around a directory. Failures are not heard of.
package func synchronize(_ path: String) {
    if isDirectory(path) { return path.withCName { vtx_sync_around($0) } }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
}

/// Whether another process has a file open for writing; `false` too where the file system does not tell.
package func isBeingWritten(_ path: String) -> Bool { path.withCName { vtx_is_being_written($0) } == 1 }
