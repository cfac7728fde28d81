// What tells a file from another one, or from itself after a change, without reading it.

import Glibc

/// Size, time of change and number of a file.
package struct FileIdentity: Hashable, Codable, Sendable {
    /// Bytes.
    package var size: Int64
    /// Nanoseconds since 1970.
    package var modified: Int64
    package var inode: UInt64

    package init(size: Int64, modified: Int64, inode: UInt64) {
        self.size = size
        self.modified = modified
        self.inode = inode
    }

    /// `nil` if there is nothing at `path`. A link counts as what it leads to.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        self.init(
            size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            inode: UInt64(status.st_ino))
    }

    /// Whether the contents can be taken to be the same; a copy that kept its time counts.
    package func hasSameContents(as other: FileIdentity) -> Bool { size == other.size && modified == other.modified }
}
