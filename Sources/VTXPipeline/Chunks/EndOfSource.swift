// How long a source has turned out to be.

import VTXModel

/// The end of a source, once a pass has reached it.
struct EndOfSource: Hashable, Codable, Sendable {
    /// Frames of the grid, until video and audio have ended.
    var frames: Int64
    /// End of the video.
    var video: MediaTime
}
