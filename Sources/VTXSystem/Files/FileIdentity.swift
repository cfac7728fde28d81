// What tells a file from another one, or from itself after a change, without reading it.

/// Size, time of the last change and inode number of a file.
package struct FileIdentity: Hashable, Codable, Sendable {
    /// Bytes.
    package var size: Int64
    /// Nanoseconds since 1970.
    package var modified: Int64
    /// Number of the file in its file system.
    package var inode: UInt64

    /// An identity of known parts.
    package init(size: Int64, modified: Int64, inode: UInt64) {
        self.size = size
        self.modified = modified
        self.inode = inode
    }

    /// Whether the contents can be taken to be the same; a copy that kept its time counts.
    package func hasSameContents(as other: FileIdentity) -> Bool { size == other.size && modified == other.modified }
}
