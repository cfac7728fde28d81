// How frames of a source become images.

/// How frames become images.
public struct ImagePlan: Hashable, Codable, Sendable {
    /// The format of the file or files.
    public var format: ImageFormat
    /// Size of one frame in pixels.
    public var size: PixelSize
    /// The frames that are taken are those shown at these times, counted from the plan's origin; `nil`: all, or those of
    /// an interval.
    public var times: [MediaTime]?
    /// Seconds from one frame to the next; `nil` for other kinds than `frames`.
    public var interval: Rational?
    /// Names of the files of `frames`: `frame-%04d.jpg`.
    public var names: String?
    /// Frames side by side; `nil` for other kinds than `sheet`.
    public var columns: Int?
    /// Rows of frames; `nil` for other kinds than `sheet`.
    public var rows: Int?
    /// Frames per second; `nil` for other kinds than `clip`.
    public var frameRate: Rational?
    /// The frames that `filters` expects.
    public var expected: FrameShape
    /// libavfilter descriptions, in order.
    public var filters: [String]
    /// The same for frames that are not as expected.
    public var refit: [String]
    /// Threads of the decoder.
    public var decoderThreads: Int

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        format: ImageFormat, size: PixelSize, times: [MediaTime]? = nil, interval: Rational? = nil,
        names: String? = nil, columns: Int? = nil, rows: Int? = nil, frameRate: Rational? = nil, expected: FrameShape,
        filters: [String] = [], refit: [String] = [], decoderThreads: Int = 1
    ) {
        self.format = format
        self.size = size
        self.times = times
        self.interval = interval
        self.names = names
        self.columns = columns
        self.rows = rows
        self.frameRate = frameRate
        self.expected = expected
        self.filters = filters
        self.refit = refit
        self.decoderThreads = decoderThreads
    }
}

extension ImagePlan {
    /// The name of a frame's file.
    ///
    /// - Parameter number: from 1.
    package func name(_ number: Int) -> String { names.map { NumberedName($0)?.name(number) ?? $0 } ?? "" }
}
