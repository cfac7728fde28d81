// What a comparison measures: frame by frame, and of each file.

package import VTXModel
package import VTXQuality

/// What came of one of the files.
package struct CompareOutcome: Sendable {
    package var reading = CompareReading()
    /// Frames that have a counterpart.
    package var compared = 0
    package var scores: [QualityScore] = []
    /// Frames by which it is late, if it seems to be.
    package var shift: Int?
    /// The first frame that is more than half a frame away from its counterpart in time.
    package var firstApart: Int?
}

/// One frame of one file, measured.
package struct MeasuredFrame: Sendable {
    /// Which of the files.
    package var index: Int
    /// Of the frame in the reference, from 0.
    package var frame: Int
    /// When it is shown.
    package var time: MediaTime
    package var values: [FrameQuality]
}
