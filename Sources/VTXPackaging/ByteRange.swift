// A part of a file.

/// Bytes of a file that follow each other.
package struct ByteRange: Hashable, Codable, Sendable {
    /// Of the first byte, from 0.
    package var offset: Int64
    /// Number of bytes, at least 1.
    package var count: Int64

    /// - Parameters:
    ///   - offset: of the first byte, from 0.
    ///   - count: number of bytes.
    package init(offset: Int64, count: Int64) {
        self.offset = offset
        self.count = count
    }
}
