// What is particular to a video codec and its encoder: the one place that planning, the encoder and the pipeline ask.
//
// What has a default here is what an encoder needs nothing for; everything else each codec says itself.

/// What is particular to one video codec and its encoder in libavcodec. Facts; choosing is planning's work.
package protocol VideoCodecTraits: Sendable {
    // MARK: Names

    /// The name that users write; also libavcodec's name of the codec: `h264`.
    var name: String { get }
    /// The name as text for people writes it: `H.264`.
    var title: String { get }
    /// libavcodec's name of the encoder: `libx264`.
    var encoder: String { get }

    // MARK: Where it is written

    /// Containers that hold it.
    var containers: Set<Container> { get }
    /// Containers in which it is the codec unless another is asked for. Each container has one such codec.
    var isFirstChoice: Set<Container> { get }
    /// Types of segments that hold it.
    var segments: Set<SegmentType> { get }
    /// The four characters that the MP4 family should name it by; `nil` for the muxer's own choice.
    ///
    /// - Parameter options: the encoder's, whose profile some tags tell.
    func isoTag(options: [String: String]) -> String?
    /// Bits of a rung, as a part of what H.264 needs for the same quality; `nil` if ladders are not written in it.
    var ladderRate: Double? { get }
    /// Whether samples can be encrypted with the headers in clear, as `cbcs` wants it.
    var hasSampleEncryption: Bool { get }

    // MARK: Quality and rate

    /// What its quality is counted in.
    var quality: QualityScale { get }
    /// The encoder's option that constant quality is given to.
    var qualityOption: String { get }
    /// How many bits it takes, for estimates.
    var typicalRate: TypicalRate { get }
    /// The profile that CRF 0 needs, because nothing is lost then: the encoder's name of it, and the one for people. `nil`:
    /// it needs none.
    func losslessProfile(pixelFormat: String) -> (option: String, title: String)?
    /// Speeds of the encoder; `nil` if it has one only.
    var speeds: SpeedScale? { get }
    /// How the encoder passes on what a first pass learnt; `nil` if it has no two-pass mode.
    var twoPass: TwoPassKind? { get }
    /// The encoder's option that holds parameters in its own syntax, `a=1:b=2`; `nil` if it has none.
    var parameterList: String? { get }
    /// Whether the encoder keeps a maximum bit rate (VBV) with constant quality too, and can be told how full the
    /// decoder's buffer is at first (`vbv-init` in `parameterList`).
    var hasRateBuffer: Bool { get }

    // MARK: Frames

    /// Pixel formats that the encoder takes, in libav's names, the usual one first.
    var pixelFormats: [String] { get }
    /// The pixel format for `source` unless one is asked for.
    ///
    /// - Parameters:
    ///   - isHDR: whether its high dynamic range is kept.
    ///   - asked: encoder options that the user gave.
    func pixelFormat(for source: VideoDescription, isHDR: Bool, asked: [String: String]) -> String
    /// Whether high dynamic range is written in it.
    var takesHDR: Bool { get }
    /// The smallest frame that the encoder takes.
    var smallestSize: PixelSize { get }
    /// What the codec's timestamps can express.
    var clock: CodecClock { get }
    /// How closed captions get into its packets; `nil` if they cannot.
    var captions: CaptionSupport? { get }
    /// Most frames by which decoding is ahead of presentation, where libavcodec does not say it.
    var reordering: Int? { get }

    // MARK: Key frames and chunks

    /// Frames between key frames unless something else is asked for; `nil` for the encoder's default.
    func keyFrameInterval(frameRate: Rational) -> Int?
    /// Whether key frames can be put on a grid.
    var hasKeyFrameGrid: Bool { get }
    /// Puts key frames at every `interval` frames and nowhere else, with nothing that refers across them.
    func setKeyFrameGrid(_ interval: Int, in options: inout [String: String])
    /// Whether the encoder of a chunk should see frames of its neighbours.
    var needsChunkOverlap: Bool { get }
    /// Prepares for encoders that start again at each chunk.
    func divideIntoChunks(_ options: inout [String: String])

    // MARK: Encoder

    /// Encoder options that follow from what is encoded. The preset's and the user's come after them.
    func options(for video: EncodedVideo) -> [String: String]
    /// The last word on the options, after the preset's and the user's.
    func complete(_ options: inout [String: String], for video: EncodedVideo)
    /// Threads of the encoder on a machine with `cores`; 0 for the encoder's own choice.
    func threads(cores: Int) -> Int
    /// Makes an encoder with one thread start no others, whose timing would show in the bytes.
    func keepToOneThread(_ options: inout [String: String])
    /// Whether frames have to be copied to a device before they are encoded.
    var needsUpload: Bool { get }
    /// Whether the same frames and options give the same bytes, in parts too.
    var isRepeatable: Bool { get }
    /// Works around what would make the bytes differ from run to run, just before the encoder is opened.
    func makeRepeatable(_ options: inout [String: String], width: Int)
}

extension VideoCodecTraits {
    package var isFirstChoice: Set<Container> { [] }
    package var segments: Set<SegmentType> { [] }
    package func isoTag(options: [String: String]) -> String? { nil }
    package var ladderRate: Double? { nil }
    package var hasSampleEncryption: Bool { false }
    package var qualityOption: String { "crf" }
    package func losslessProfile(pixelFormat: String) -> (option: String, title: String)? { nil }
    package var speeds: SpeedScale? { nil }
    package var twoPass: TwoPassKind? { nil }
    package var parameterList: String? { nil }
    package var hasRateBuffer: Bool { false }
    package func pixelFormat(for source: VideoDescription, isHDR: Bool, asked: [String: String]) -> String {
        isHDR ? "yuv420p10le" : pixelFormats[0]
    }
    package var takesHDR: Bool { false }
    package var smallestSize: PixelSize { PixelSize(2, 2) }
    /// Whether the encoder takes frames of a size.
    package func takes(_ size: PixelSize) -> Bool {
        size.width >= smallestSize.width && size.height >= smallestSize.height
    }
    package var clock: CodecClock { .any }
    package var captions: CaptionSupport? { nil }
    package var reordering: Int? { nil }
    package func keyFrameInterval(frameRate: Rational) -> Int? { nil }
    package var hasKeyFrameGrid: Bool { false }
    package func setKeyFrameGrid(_ interval: Int, in options: inout [String: String]) {}
    package var needsChunkOverlap: Bool { false }
    package func divideIntoChunks(_ options: inout [String: String]) {}
    package func options(for video: EncodedVideo) -> [String: String] { [:] }
    package func complete(_ options: inout [String: String], for video: EncodedVideo) {}
    package func threads(cores: Int) -> Int { 0 }
    package func keepToOneThread(_ options: inout [String: String]) {}
    package var needsUpload: Bool { false }
    package var isRepeatable: Bool { true }
    package func makeRepeatable(_ options: inout [String: String], width: Int) {}
}

/// Who writes closed captions into packets.
package enum CaptionSupport: Sendable {
    /// The encoder.
    case encoder
    /// The pipeline, after the encoder.
    case afterwards
}
