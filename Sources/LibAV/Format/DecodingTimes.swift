// Decoding times made of the order of display.

/// Decoding times for packets that have only presentation times, as Matroska's have: the k-th packet is
/// decoded at the k-th smallest presentation time, `delay` frames early.
package struct DecodingTimes {
    private var window: [Int64] = []
    /// Frames that the decoder holds back.
    private let delay: Int

    package init(delay: Int) { self.delay = max(0, min(16, delay)) }

    /// Takes the presentation time of the next packet in decoding order.
    package mutating func next(_ time: Int64, duration: Int64) -> Int64 {
        if window.isEmpty {
            // Before the first frame, frames of the same length are imagined.
            window = (0..<delay).map { time - Int64(delay - $0) * max(1, duration) }
        }
        window.insert(time, at: window.firstIndex { $0 > time } ?? window.endIndex)
        return window.removeFirst()
    }
}
