// How much will have to be encoded again for the sake of a maximum bit rate, foreseen before the assembly comes to it.
//
// The assembly takes chunks in order and stops at one that takes more from the decoder's buffer than the chunks before
// have left. What finished chunks take is known as soon as they are finished.

/// The chunks of one stream that are expected to be encoded again.
package struct RetryForecast: Hashable, Sendable {
    /// Frames of finished chunks that will be dropped.
    package private(set) var frames = 0
    /// Frames of finished chunks.
    package private(set) var finished = 0

    /// - Parameters:
    ///   - chunks: what is in the finished chunks, by number.
    ///   - isLast: whether a chunk is kept in any case, because it was encoded again before.
    package init(_ chunks: [Int: ChunkSummary], buffer: RateBuffer, isLast: (Int) -> Bool) {
        var fill = buffer.size
        for (number, chunk) in chunks.sorted(by: { $0.key < $1.key }) {
            finished += chunk.packets
            if number > 0, chunk.use.needed > fill, !isLast(number) { frames += chunk.packets }
            fill = chunk.use.fill(after: fill)
        }
    }

    /// Frames that will be dropped in all: as many of those to come as of those that are finished.
    ///
    /// - Parameters:
    ///   - dropped: frames that were dropped so far.
    ///   - due: frames of the whole stream; `nil` if that is not known.
    package func total(dropped: Int, due: Int?) -> Int {
        guard let due, finished > 0 else { return frames }
        let share = min(1, Double(frames + dropped) / Double(finished + dropped))
        return frames + Int(share * Double(max(0, due - finished)))
    }
}
