// stat(2), as far as vtx needs it.

import Glibc
import VTXModel

/// What the system knows of a file without opening it.
package struct FileStatus: Hashable, Sendable {
    /// What sort of thing a name stands for.
    package enum Kind: Hashable, Sendable {
        case regular, directory, link, other
    }

    /// `link` only for a status that was taken without following links.
    package let kind: Kind
    /// Size, time of the last change, and inode number.
    package let identity: FileIdentity
    private let device: UInt

    /// What a path leads to; `nil`, with errno set, if that is nothing.
    package init?(_ path: String) {
        var status = stat()
        guard path.withCName({ stat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }

    /// What stands at a path itself, be it a link; `nil`, with errno set, if that is nothing.
    package init?(withoutFollowing path: String) {
        var status = stat()
        guard path.withCName({ lstat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }

    /// Of an open file; `nil`, with errno set, for a descriptor that is not open.
    package init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        identity = FileIdentity(
            size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            inode: UInt64(status.st_ino))
        device = UInt(status.st_dev)
    }

    /// Bytes.
    package var size: Int64 { identity.size }

    /// Time of the last change: whole seconds since 1970.
    package var modified: Int { Int(identity.modified / 1_000_000_000) }

    /// Whether two names lead to one file.
    package func isSameFile(as other: FileStatus) -> Bool {
        device == other.device && identity.inode == other.identity.inode
    }
}

extension FileIdentity {
    /// The identity of what is at `path`, `nil` if nothing is. A link counts as what it leads to.
    package init?(_ path: String) {
        guard let status = FileStatus(path) else { return nil }
        self = status.identity
    }
}
