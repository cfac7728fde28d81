// What a comparison found.

public import VTXModel

/// What a comparison found.
public struct CompareReport: Hashable, Codable, Sendable {
    /// The reference as it was named.
    public var reference: String
    /// From the first frame of the reference to the end of its last.
    public var duration: MediaTime
    /// Frames of the reference.
    public var frames: Int
    /// The files, or renditions, that were measured.
    public var results: [Result]
    /// Seconds that it took.
    public var elapsed: Double
    /// What differs, was damaged or missing, in words.
    public var warnings: [String]

    /// What one of the files is worth.
    public struct Result: Hashable, Codable, Sendable {
        /// The path as given, or that of a rendition's playlist.
        public var input: String
        /// The path as given, or the name of the rendition.
        public var name: String
        /// Of its frames, before they were scaled.
        public var size: PixelSize
        /// Bits per second of its video.
        public var bitRate: Int64
        /// Frames that it has.
        public var frames: Int
        /// Frames that were compared.
        public var compared: Int
        /// Frames by which it seems to be late (negative: early); `nil` if it fits.
        public var shift: Int?
        /// One for each metric.
        public var scores: [QualityScore]
    }
}
