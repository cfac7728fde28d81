// What a finished join made.

public import VTXModel

/// What a finished join made.
public struct JoinReport: Hashable, Codable, Sendable {
    /// The files as they were named.
    public var inputs: [String]
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
    /// What was damaged, repaired or missing, and accepted, in words.
    public var warnings: [String]
}
