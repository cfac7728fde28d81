// Files and directories of a package while it is being made.

package import Glibc
import LibAV
import VTXModel

/// Writes a whole file.
///
/// - Throws: `.inputOutput` (disk full) or `.cannotCreate`, naming `path`.
func writeFile(_ bytes: [UInt8], to path: String, mode: mode_t = 0o666, appending: Bool = false) throws(VTXError) {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (appending ? O_APPEND : O_TRUNC)
    let file = open(path, flags, mode)
    guard file >= 0 else { throw AVFailure(operation: "create", errno: errno).writing(path) }
    // Linux gives one write as large a piece of memory as fits, which is new to the processor's caches. Small pieces
    // get what was in use just now: `vtx package` of a gigabyte takes 1.45 s of CPU in place of 2.6 s.
    let piece = 1 << 15
    var sent = 0
    while sent < bytes.count {
        let count = bytes.withUnsafeBytes { write(file, $0.baseAddress! + sent, min(piece, $0.count - sent)) }
        if count < 0 {
            if errno == EINTR { continue }
            let failure = AVFailure(operation: "write", errno: errno)
            close(file)
            throw failure.writing(path)
        }
        sent += count
    }
    if close(file) != 0 { throw AVFailure(operation: "close", errno: errno).writing(path) }
}

/// Makes one directory.
func makeDirectory(_ path: String) throws(VTXError) {
    guard mkdir(path, 0o777) == 0 else { throw AVFailure(operation: "create", errno: errno).writing(path) }
}

/// Removes a file or a directory with all that is in it; follows no links. What is not there is no error.
package func removeTree(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
        unlink(path)
        return
    }
    for name in entries(of: path) { removeTree("\(path)/\(name)") }
    rmdir(path)
}

/// Names in a directory, without `.` and `..`; empty if it cannot be read.
package func entries(of directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// Bytes of a file, or of all files below a directory; follows no links.
package func treeSize(_ path: String) -> Int64 {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    guard status.st_mode & S_IFMT == S_IFDIR else { return Int64(status.st_size) }
    return entries(of: path).reduce(0) { $0 + treeSize("\(path)/\($1)") }
}

/// `.NAME` beside a file or directory, `NAME` being its own name.
func hiddenName(beside path: String, _ pattern: String) -> String {
    let place = SplitPath(path)
    let parts = pattern.split(separator: "NAME", omittingEmptySubsequences: false)
    return place.prefix + parts.joined(separator: shortened(place.name))
}

/// A path, cut after its last slash.
package struct SplitPath {
    /// Empty, or ends with the slash.
    package let prefix: String
    package let name: String

    package init(_ path: String) {
        let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        prefix = String(path[..<start])
        name = String(path[start...])
    }

    /// The directory, for system calls.
    var directory: String { prefix.isEmpty ? "." : prefix }
}

/// A name that leaves room for more: systems take 255 bytes. The end tells names apart best.
private func shortened(_ name: String) -> String {
    var end = name[...]
    while end.utf8.count > 200 { end.removeFirst() }
    return String(end)
}

private let unfinishedSuffix = ".vtx-partial"

/// Where an output is written until it is complete: hidden, in the same folder, so that renaming is one step.
package func unfinishedName(of path: String) -> String {
    hiddenName(beside: path, ".NAME.\(getpid())" + unfinishedSuffix)
}

/// What stands under such names beside an output, files of the jobs' own with them, and the processes that made it.
package func unfinishedOutputs(beside path: String) -> [(path: String, process: pid_t)] {
    let beginning = SplitPath(hiddenName(beside: path, ".NAME."))
    return entries(of: beginning.directory).compactMap { name in
        guard let process = maker(ofUnfinished: name), name.hasPrefix("\(beginning.name)\(process)\(unfinishedSuffix)")
        else { return nil }
        return (beginning.prefix + name, process)
    }
}

/// The process that made an unfinished output, or a file of its own with more after that name.
///
/// - Returns: `nil` if it is no such name.
func maker(ofUnfinished name: String) -> pid_t? {
    guard let mark = name.ranges(of: unfinishedSuffix).last,
        let dot = name[..<mark.lowerBound].lastIndex(of: "."), dot > name.startIndex
    else { return nil }
    return pid_t(name[name.index(after: dot)..<mark.lowerBound])
}

/// Whether the real path of `file` lies below the real path of `directory`.
private func isInside(_ file: String, _ directory: String) -> Bool {
    guard let inner = realpath(file, nil), let outer = realpath(directory, nil) else { return false }
    defer {
        free(inner)
        free(outer)
    }
    return String(cString: inner).hasPrefix(String(cString: outer) + "/")
}

/// A package that is not there yet: a hidden directory beside its destination.
final class StagingDirectory {
    let path: String
    let destination: String
    private var isPublished = false
    private let mayReplace: Bool
    private let cleanup: Cleanup
    /// Held while the process lives, so that others can tell.
    private var lock: Int32 = -1

    /// - Parameters:
    ///   - inputs: all files that the job reads.
    ///   - cleanup: what the process removes if it has to end at once.
    /// - Throws: `.cannotCreate` if the destination has something in it and may not be replaced, or holds
    ///   what is no package: replacing it would delete that.
    init(for destination: String, inputs: [String], mayReplace: Bool, cleanup: Cleanup) throws(VTXError) {
        self.cleanup = cleanup
        self.mayReplace = mayReplace
        var trimmed = destination
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        // `.` and links cannot be renamed onto: what they stand for can.
        if let resolved = realpath(trimmed, nil) {
            trimmed = String(cString: resolved)
            free(resolved)
        }
        self.destination = trimmed
        path = unfinishedName(of: trimmed)
        if let existing = FileStatus(trimmed) {
            guard existing.kind == .directory else {
                throw VTXError(
                    .cannotCreate, "cannot write \(trimmed)", cause: "it is no directory",
                    remedy: "choose another name with -o")
            }
            let names = entries(of: trimmed)
            if !mayReplace, !names.isEmpty {
                throw VTXError(
                    .cannotCreate, "\(trimmed) exists and is not empty", remedy: .overwrite)
            }
            if !names.isEmpty, !names.contains(PackageContents.multivariantName) {
                throw VTXError(
                    .cannotCreate, "\(trimmed) is no package, and replacing it would delete what it holds",
                    remedy: "choose an empty or new directory with -o")
            }
            if let inside = inputs.first(where: { isInside($0, trimmed) }) {
                throw VTXError(
                    .cannotCreate, "\(inside) lies in \(trimmed), which would be replaced",
                    remedy: "choose another directory with -o")
            }
        }
        guard let status = FileStatus(SplitPath(trimmed).directory), status.kind == .directory else {
            throw AVFailure(operation: "create", errno: ENOENT).writing(trimmed)
        }
        cleanup.add(path)
        do { try makeDirectory(path) } catch {
            cleanup.remove(path)
            throw error
        }
        lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        flock(lock, LOCK_EX | LOCK_NB)
    }

    deinit {
        discard()
        if lock >= 0 { close(lock) }
    }

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

    /// Gives the package its name in one step; what stood there is removed afterwards.
    func publish() throws(VTXError) {
        if rename(path, destination) == 0 {
            isPublished = true
            cleanup.remove(path)
            return
        }
        guard mayReplace else {
            throw VTXError(
                .cannotCreate, "\(destination) has appeared meanwhile", remedy: .overwrite)
        }
        // The destination is not empty: exchange the two, so that it is whole at every moment.
        let code = exchangePaths(path, destination)
        guard code == 0 else { throw AVFailure(operation: "publish", errno: code).writing(destination) }
        isPublished = true
        removeTree(path)
        cleanup.remove(path)
    }
}
