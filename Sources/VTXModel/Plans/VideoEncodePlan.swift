// How a video track is decoded, filtered and encoded.

/// How video is decoded, filtered and encoded.
public struct VideoEncodePlan: Hashable, Codable, Sendable {
    /// The codec.
    public var codec: VideoCodec
    /// libavcodec's name of the encoder.
    public var encoder: String
    /// The hardware that encodes; `nil` for software.
    public var hardware: HardwareEngine?
    /// Size of the encoded video; both sides even; pixels are square.
    public var size: PixelSize
    /// libav's pixel format that the encoder takes.
    public var pixelFormat: String
    /// Frames per second: exact if `isConstantRate`, else what the encoder should reckon with.
    public var frameRate: Rational
    /// Frames stand on the grid of `frameRate` that goes through the first one.
    public var isConstantRate: Bool
    /// Unit of the output's timestamps.
    public var timeBase: Rational
    /// Width over height of a pixel to write, 0: unknown; `nil`: pixels are square.
    public var pixelShape: Rational?
    /// Colour tags to write.
    public var color: ColorDescription
    /// Mastering display to write; HDR only.
    public var mastering: MasteringDisplay?
    /// Content light levels to write; HDR only.
    public var contentLight: ContentLight?
    /// The frames this chain is made for. Others (the source changed midway) go through `refit`.
    public var expected: FrameShape
    /// libavfilter descriptions, in order; empty: frames go to the encoder as they are.
    public var filters: [String]
    /// The chain for frames that are not as expected: ends in the same size and pixel format.
    public var refit: [String]
    /// Whether closed captions of the source's frames are written with the frames.
    public var keepsCaptions = false
    /// A bitmap subtitle stream to draw onto the frames, before `filters`.
    public var overlaySubtitle: Int?
    /// The file that this stream is in; `nil`: the source.
    public var overlayFile: String?
    /// Rate control.
    public var rate: RateControl
    /// Number of passes: 1 or 2.
    public var passes: Int
    /// Frames between key frames at most; `nil` for the encoder's default.
    public var keyFrameInterval: Int?
    /// What encoders of chunks see of other chunks.
    public var chunkOverlap = ChunkOverlap()
    /// Encoder options in libavcodec's names, among them preset and what `--option` adds.
    public var options: [String: String]
    /// Threads of the encoder.
    public var encoderThreads: Int
    /// Threads of the decoder.
    public var decoderThreads: Int
    /// Threads of the filters.
    public var filterThreads: Int

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        codec: VideoCodec, encoder: String, size: PixelSize, pixelFormat: String, frameRate: Rational,
        isConstantRate: Bool, timeBase: Rational, color: ColorDescription = .init(),
        mastering: MasteringDisplay? = nil, contentLight: ContentLight? = nil, expected: FrameShape,
        filters: [String] = [], refit: [String] = [], overlaySubtitle: Int? = nil, rate: RateControl,
        passes: Int = 1, keyFrameInterval: Int? = nil, options: [String: String] = [:],
        encoderThreads: Int = 0, decoderThreads: Int = 1, filterThreads: Int = 1
    ) {
        self.codec = codec
        self.encoder = encoder
        self.size = size
        self.pixelFormat = pixelFormat
        self.frameRate = frameRate
        self.isConstantRate = isConstantRate
        self.timeBase = timeBase
        self.color = color
        self.mastering = mastering
        self.contentLight = contentLight
        self.expected = expected
        self.filters = filters
        self.refit = refit
        self.overlaySubtitle = overlaySubtitle
        self.rate = rate
        self.passes = passes
        self.keyFrameInterval = keyFrameInterval
        self.options = options
        self.encoderThreads = encoderThreads
        self.decoderThreads = decoderThreads
        self.filterThreads = filterThreads
    }
}

/// What has to stay the same from frame to frame for a filter chain to stay valid.
public struct FrameShape: Hashable, Codable, Sendable {
    /// Size in pixels.
    public var size: PixelSize
    /// libav's pixel format.
    public var pixelFormat: String
    /// Width over height of a pixel, where frames decide about it; otherwise `nil`.
    public var sampleAspectRatio: Rational?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(size: PixelSize, pixelFormat: String, sampleAspectRatio: Rational? = nil) {
        self.size = size
        self.pixelFormat = pixelFormat
        self.sampleAspectRatio = sampleAspectRatio
    }
}
