// What a finished ladder made.

public import VTXModel

/// What a finished ladder made, as measured.
public struct LadderReport: Hashable, Codable, Sendable {
    /// The source as it was named.
    public var input: String
    /// Directory of the package as it was named.
    public var output: String
    /// Renditions of video, then of audio.
    public var renditions: [RenditionReport]
    /// Of the longest rendition.
    public var duration: MediaTime
    /// Video frames at the full frame rate.
    public var frames: Int
    /// Seconds that the job took.
    public var elapsed: Double
    /// What was damaged, repaired or missing, and accepted, in words.
    public var warnings: [String]
}

extension LadderReport {
    package typealias Rendition = RenditionReport
}
