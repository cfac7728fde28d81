// How a chunk is encoded again that took more from the decoder's buffer than there was.

/// How the encoder of a chunk begins after an encode that took more from the buffer than the chunk before it had left.
package struct ChunkRetry: Hashable, Codable, Sendable {
    /// Thousandths of the buffer that are full.
    package var fill: Int
    /// Whether its encoder sees none of its frames twice. How much those take from the buffer is not known beforehand;
    /// without them quality dips at the chunk's beginning.
    package var isLast: Bool

    /// A retry with `fill` thousandths of the buffer full.
    package init(fill: Int, isLast: Bool) {
        self.fill = fill
        self.isLast = isLast
    }

    /// Decides how to encode a chunk again; `nil` if it may stay.
    ///
    /// - Parameters:
    ///   - last: how it was encoded.
    ///   - use: what its frames do to the buffer.
    ///   - fill: bits that the buffer holds before them.
    package init?(after last: ChunkRetry?, _ use: BufferUse, fill: Int64, of buffer: RateBuffer) {
        if use.needed <= fill || last?.isLast == true { return nil }
        self.init(fill: Int(fill * 1000 / buffer.size), isLast: last != nil)
    }
}
