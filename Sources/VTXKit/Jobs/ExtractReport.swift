// What was extracted.

public import VTXModel

/// What was extracted.
public struct ExtractReport: Hashable, Codable, Sendable {
    /// The source as it was named.
    public var input: String
    /// The file or directory.
    public var output: String
    /// What it is.
    public var kind: ExtractPlan.Kind
    /// Files that were written.
    public var files: Int
    /// Frames of images, cues of subtitles.
    public var count: Int
    /// Where the last cue or frame of the output ends; 0 for what has no duration.
    public var duration: MediaTime
    /// Bytes of all files.
    public var size: Int64
    /// Seconds that the job took.
    public var elapsed: Double
    /// What was damaged, repaired or missing, and accepted, in words.
    public var warnings: [String]
}
