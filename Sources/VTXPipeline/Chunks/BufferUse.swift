// What frames do to a decoder's buffer.

/// What a run of frames does to a buffer, however much that holds before the first one.
package struct BufferUse: Hashable, Sendable {
    /// Bits that the buffer must hold before the first frame, so that no frame takes more than there is.
    package var needed: Int64 = 0
    /// Bits that it holds more after the last frame than before the first one, if it never runs over.
    package var gained: Int64 = 0
    /// Bits that it holds at most after the last frame.
    package var most: Int64 = .max

    /// The use of no frames, unless told otherwise.
    package init(needed: Int64 = 0, gained: Int64 = 0, most: Int64 = .max) {
        self.needed = needed
        self.gained = gained
        self.most = most
    }

    /// Adds a frame, and the ticks until the next one.
    package mutating func add(bytes: Int, ticks: Int64, in buffer: RateBuffer) {
        let bits = Int64(bytes) * 8
        gained -= bits
        needed = max(needed, -gained)
        let arrived = Int64((buffer.rate * Double(max(0, ticks))).rounded())
        gained += arrived
        most = min(buffer.size, min(most, buffer.size) - bits + arrived)
    }

    /// Bits that the buffer holds after the last frame, if it held `fill` before the first one.
    package func fill(after fill: Int64) -> Int64 { max(0, min(fill + gained, most)) }
}
