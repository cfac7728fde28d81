// A lock between processes: flock(2) on a file or directory.

import Glibc

/// An open file or directory that this process may hold locked. It is let go with this object, unless a child process
/// has inherited the descriptor; then with the last of them.
package final class FileLock: Sendable {
    /// The name it was opened by.
    package let path: String
    /// Its number in this process, for children that are to hold the lock too.
    package let descriptor: Int32

    /// What the lock is taken on.
    package enum Target: Sendable {
        /// A file that is made if need be, with these permissions.
        case file(mode: UInt32)
        /// A directory, or a file that is there.
        case existing
    }

    /// Opens the file; it is not locked yet.
    ///
    /// - Throws: the errno.
    package init(_ path: String, _ target: Target) throws(SystemFailure) {
        self.path = path
        switch target {
        case .file(let mode): descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode)
        case .existing: descriptor = open(path, O_RDONLY | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw SystemFailure("create") }
    }

    deinit { close(descriptor) }

    /// Takes the lock if nobody else holds it.
    ///
    /// - Returns: whether it is held now.
    /// - Throws: the errno of a file system without locks.
    package func take() throws(SystemFailure) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let failure = SystemFailure("lock")
            if failure.code == EWOULDBLOCK { return false }
            guard failure.code == EINTR else { throw failure }
        }
        return true
    }

    /// Takes the lock, and waits for it for a while if somebody else holds it.
    ///
    /// - Parameter seconds: how long; it is tried ten times a second.
    package func take(within seconds: Double) throws(SystemFailure) -> Bool {
        let end = now() + seconds
        while true {
            if try take() { return true }
            if now() >= end { return false }
            usleep(100_000)
        }
    }

    /// Whether the file is still the one at its path: who held the lock before may have removed it.
    package var isCurrent: Bool {
        guard let held = FileStatus(descriptor: descriptor), let found = FileStatus(path) else { return false }
        return held.isSameFile(as: found)
    }

    /// Puts this process's number into the file, for people and for `holder`.
    package func sign() {
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    /// The number of the process that has signed the file; empty if none has.
    package var holder: String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber)
    }

    /// Whether nobody holds the lock of a file or directory; `true` too if there is none, `false` if it cannot be
    /// opened.
    package static func isFree(_ path: String) -> Bool {
        do throws(SystemFailure) {
            return try FileLock(path, .existing).take()
        } catch {
            return error.operation == "create" && error.code == ENOENT
        }
    }
}
