// What the frame clock has to know of the stages before it.

import VTXModel

/// How far the video of one pass has been read and decoded.
protocol VideoReading: Sendable {
    /// Notes in the journal what has been decoded so far; called before each chunk.
    func noteCounts() throws
    /// End of the latest frame, in output time.
    var end: MediaTime { get }
    /// Whether the source could be read to its end.
    var isWhole: Bool { get }
}
