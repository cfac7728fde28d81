// What a finished transcode made.

public import VTXModel

/// What a finished transcode made.
public struct TranscodeReport: Hashable, Codable, Sendable {
    /// The source as it was named.
    public var input: String
    /// The output as it was named.
    public var output: String
    /// End of the longest track, from what was written.
    public var duration: MediaTime
    /// Bytes of the output.
    public var size: Int64
    /// Video frames written.
    public var frames: Int
    /// Seconds that all phases took.
    public var elapsed: Double
    /// What was measured, in words.
    public var notes: [String]
    /// What was damaged, repaired or missing, and accepted, in words.
    public var warnings: [String]
    /// Where a cut that copies begins and ends; `nil`: nothing is cut, or all that is cut is encoded.
    public var cut: CutPlan?

    /// - Parameters:
    ///   - input: path of the source.
    ///   - output: path of the file.
    ///   - duration: end of the longest track.
    ///   - size: bytes of the output.
    ///   - frames: video frames written.
    ///   - elapsed: seconds that all phases took.
    ///   - notes: what was measured, in words.
    ///   - warnings: what was accepted, in words.
    ///   - cut: where a cut that copies begins and ends.
    public init(
        input: String, output: String, duration: MediaTime, size: Int64, frames: Int, elapsed: Double,
        notes: [String], warnings: [String], cut: CutPlan? = nil
    ) {
        self.input = input
        self.output = output
        self.duration = duration
        self.size = size
        self.frames = frames
        self.elapsed = elapsed
        self.notes = notes
        self.warnings = warnings
        self.cut = cut
    }
}
