// What a finished package holds.

public import VTXModel

/// What a finished package holds, as measured.
public struct PackageReport: Hashable, Codable, Sendable {
    /// The files as they were named.
    public var inputs: [String]
    /// Directory of the package as it was named.
    public var output: String
    /// Renditions of video, then of audio.
    public var renditions: [RenditionReport]
    /// Of the longest rendition.
    public var duration: MediaTime
    /// Segments of each rendition of video.
    public var segments: Int
    /// Seconds that the job took.
    public var elapsed: Double
    /// What was damaged, repaired or missing, and accepted, in words.
    public var warnings: [String]
}
