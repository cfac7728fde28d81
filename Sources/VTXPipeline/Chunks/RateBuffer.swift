// The decoder's buffer behind a maximum bit rate, across chunks whose encoders know nothing of each other.

/// A decoder's buffer: filled at a steady rate while there is room, and emptied one frame at a time in decoding order
/// (the coded picture buffer of ITU-T H.264, C.1.1).
package struct RateBuffer: Hashable, Sendable {
    /// Bits that it holds at most.
    package var size: Int64
    /// Fill rate: bits per tick of the packets' clock.
    package var rate: Double

    /// A buffer of `size` bits.
    package init(size: Int64, rate: Double) {
        self.size = size
        self.rate = rate
    }
}
