// The plan of a comparison: what is measured, and how both sides come to the same size and format.

/// Frames of a reference against those of others.
public struct ComparePlan: Hashable, Codable, Sendable {
    /// What the others are measured against.
    public var reference: CompareSide
    /// What is measured: files, or the renditions of a package.
    public var distorted: [CompareSide]
    /// Size of the frames that are compared: that of the reference.
    public var size: PixelSize
    /// libav's pixel format of the frames that are compared.
    public var pixelFormat: String
    /// Bits of a sample.
    public var bitDepth: Int
    /// Frames per second of the reference.
    public var frameRate: Rational
    /// What is measured, in order of output.
    public var metrics: [QualityMetric]
    /// Frames by which the others are late; negative if they are early.
    public var shift: Int
    /// What was decided automatically, and why.
    public var decisions: [Decision]

    /// The value made of its parts.
    public init(
        reference: CompareSide, distorted: [CompareSide], size: PixelSize, pixelFormat: String, bitDepth: Int,
        frameRate: Rational, metrics: [QualityMetric], shift: Int = 0, decisions: [Decision] = []
    ) {
        self.reference = reference
        self.distorted = distorted
        self.size = size
        self.pixelFormat = pixelFormat
        self.bitDepth = bitDepth
        self.frameRate = frameRate
        self.metrics = metrics
        self.shift = shift
        self.decisions = decisions
    }
}

/// One side of a comparison.
public struct CompareSide: Hashable, Codable, Sendable {
    /// Path as given, or that of a rendition's playlist.
    public var input: String
    /// The path, or the name of the rendition.
    public var name: String
    /// Index of the stream.
    public var stream: Int
    /// Size of its frames.
    public var size: PixelSize
    /// What brings its frames to the common size and format.
    public var filters: [String]

    /// The value made of its parts.
    public init(input: String, name: String, stream: Int, size: PixelSize, filters: [String] = []) {
        self.input = input
        self.name = name
        self.stream = stream
        self.size = size
        self.filters = filters
    }
}
