// The plan of an extraction: one part of a source as a file of its own.

/// From one source to a subtitle file, cover art, images or an animation.
public struct ExtractPlan: Hashable, Codable, Sendable {
    /// What is made.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// A file of text.
        case subtitles
        /// The attached image, byte by byte.
        case cover
        /// One frame.
        case frame
        /// A frame every so many seconds, in a directory.
        case frames
        /// Small frames side by side in one image.
        case sheet
        /// An animation.
        case clip
    }

    /// Path of the source.
    public var input: String
    /// Path of the file, or of the directory of `frames`.
    public var output: String
    /// What is made.
    public var kind: Kind
    /// Index of the source stream.
    public var stream: Int
    /// The source time that becomes 0: its own start plus what is skipped.
    public var origin: MediaTime
    /// How much of the source is skipped at its start; `nil` if nothing. `origin` includes it.
    public var skipped: MediaTime?
    /// Where the part that is used ends, counted from `origin`; `nil` for the source's end.
    public var limit: MediaTime?
    /// The subtitle track; `nil` for other kinds.
    public var subtitle: SubtitleTrackPlan?
    /// How images are made; `nil` for subtitles and cover art.
    public var images: ImagePlan?
    /// What was decided automatically, and why.
    public var decisions: [Decision]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        input: String, output: String, kind: Kind, stream: Int, origin: MediaTime = .zero, skipped: MediaTime? = nil,
        limit: MediaTime? = nil, subtitle: SubtitleTrackPlan? = nil, images: ImagePlan? = nil,
        decisions: [Decision] = []
    ) {
        self.input = input
        self.output = output
        self.kind = kind
        self.stream = stream
        self.origin = origin
        self.skipped = skipped
        self.limit = limit
        self.subtitle = subtitle
        self.images = images
        self.decisions = decisions
    }
}

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
