// The plan of a transcode: everything that will be done, decided before anything is opened for writing.
//
// The job runs this very value and `--dry-run` prints it, so what is printed is what happens.

/// The output that is not a file of this name, but standard output.
package let standardOutputName = "-"

/// From one source file to one output file.
public struct TranscodePlan: Hashable, Codable, Sendable {
    /// Path of the source.
    public var input: String
    /// Path of the output.
    public var output: String
    /// Format of the output.
    public var container: Container
    /// The source time that becomes 0 in the output: its own start plus what `--start` skips.
    public var origin: MediaTime
    /// How much of the source is skipped at its start; `nil` if nothing. `origin` includes it.
    public var skipped: MediaTime?
    /// Where the output ends, counted from `origin`; `nil` for the source's end.
    public var limit: MediaTime?
    /// Seconds of the source in a second of the output; `nil`: 1.
    public var speedUp: Rational?
    /// Length of the output as far as the source's header can be trusted.
    public var expectedDuration: MediaTime?
    /// Where a cut that copies begins and ends; `nil`: nothing is cut, or all that is cut is encoded.
    public var cut: CutPlan?
    /// The size that the output should have; `nil`: whatever it takes.
    public var targetSize: TargetSize?
    /// The video track; `nil`: none.
    public var video: VideoTrackPlan?
    /// Seconds after which a video encoder is restarted, counted from its first frame; `nil`: never.
    public var chunkDuration: Rational?
    /// The audio tracks, in output order.
    public var audio: [AudioTrackPlan]
    /// The subtitle tracks, in output order.
    public var subtitles: [SubtitleTrackPlan]
    /// Source streams copied as cover art or attachments (fonts).
    public var attachments: [Int]
    /// Cover art that is not a stream of the source that is copied; `nil`: none.
    public var cover: CoverPlan?
    /// In output time.
    public var chapters: [Chapter]
    /// Tags of the output.
    public var metadata: [String: String]
    /// Options of libavformat's muxer.
    public var muxerOptions: [String: String]
    /// What was decided automatically, and why.
    public var decisions: [Decision]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        input: String, output: String, container: Container, origin: MediaTime,
        skipped: MediaTime? = nil, limit: MediaTime? = nil, expectedDuration: MediaTime? = nil,
        video: VideoTrackPlan? = nil, audio: [AudioTrackPlan] = [], subtitles: [SubtitleTrackPlan] = [],
        attachments: [Int] = [], chapters: [Chapter] = [], metadata: [String: String] = [:],
        muxerOptions: [String: String] = [:], decisions: [Decision] = []
    ) {
        self.input = input
        self.output = output
        self.container = container
        self.origin = origin
        self.skipped = skipped
        self.limit = limit
        self.expectedDuration = expectedDuration
        self.video = video
        self.audio = audio
        self.subtitles = subtitles
        self.attachments = attachments
        self.chapters = chapters
        self.metadata = metadata
        self.muxerOptions = muxerOptions
        self.decisions = decisions
    }
}

extension TranscodePlan {
    /// Whether the output is standard output, which cannot be changed once it is written.
    package var isStreamed: Bool { output == standardOutputName }

    /// Seconds of the source in a second of the output.
    package var speed: Rational { speedUp ?? Rational(1) }

    /// Where the part of the source that is used ends, counted from `origin` in its own time; `nil` for the source's end.
    package var sourceLimit: MediaTime? { limit?.unplayed(at: speed) }
}

/// What an output track says about itself.
public struct TrackLabel: Hashable, Codable, Sendable {
    /// ISO 639-2 code, or BCP 47 with a script or region; `nil`: undetermined.
    public var language: String?
    /// Title; `nil`: none.
    public var title: String?
    /// `default`, `forced`, ...: libav's names.
    public var disposition: [String]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(language: String? = nil, title: String? = nil, disposition: [String] = []) {
        self.language = language
        self.title = title
        self.disposition = disposition
    }

    /// `-por`, for names of directories; empty without a language.
    package var nameSuffix: String { language.flatMap { LanguageTag($0)?.threeLetters }.map { "-\($0)" } ?? "" }
}

/// The video of the output.
public struct VideoTrackPlan: Hashable, Codable, Sendable {
    /// Source stream.
    public var stream: Int
    /// Language, title and disposition.
    public var label: TrackLabel
    /// Container tag to write, e.g. `hvc1`; `nil` for the muxer's own choice.
    public var tag: String?
    /// `nil`: packets are copied.
    public var encode: VideoEncodePlan?
    /// Rate by which copied packets get their timestamps; `nil`: they have some.
    public var stampRate: Rational?
    /// How the ends of a smart cut are encoded; `nil`: all packets are copied, or all frames are encoded.
    public var smartCut: SmartCutPlan?
    /// Whether the projection or the two views of the source are written; `nil`: it has none, or they are not.
    public var keepsSpatial: Bool?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        stream: Int, label: TrackLabel = .init(), tag: String? = nil, encode: VideoEncodePlan? = nil,
        keepsSpatial: Bool? = nil
    ) {
        self.keepsSpatial = keepsSpatial
        self.stream = stream
        self.label = label
        self.tag = tag
        self.encode = encode
    }
}

/// One track of audio of the output.
public struct AudioTrackPlan: Hashable, Codable, Sendable {
    /// Index of the source stream.
    public var stream: Int
    /// Further mono streams whose audio becomes channels of this track, in their order; `nil`: none.
    public var joined: [Int]?
    /// Language, title and disposition.
    public var label: TrackLabel
    /// `nil`: packets are copied.
    public var encode: AudioEncodePlan?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        stream: Int, joined: [Int]? = nil, label: TrackLabel = .init(), encode: AudioEncodePlan? = nil
    ) {
        self.stream = stream
        self.joined = joined
        self.label = label
        self.encode = encode
    }
}

extension AudioTrackPlan {
    /// The layout of joined streams; `nil` if there is one stream.
    package var joinedLayout: JoinedLayout? { joined.flatMap { JoinedLayout(count: $0.count + 1) } }
}

/// How an audio track is decoded, filtered and encoded.
public struct AudioEncodePlan: Hashable, Codable, Sendable {
    /// The codec.
    public var codec: AudioCodec
    /// libavcodec's encoder.
    public var encoder: String
    /// Hz.
    public var sampleRate: Int
    /// libav's layout name.
    public var layout: String
    /// libav's sample format that the encoder takes.
    public var sampleFormat: String
    /// Bits per second; `nil` for lossless codecs.
    public var bitRate: Int64?
    /// libavfilter descriptions, in order. The pipeline adds trimming before and the format after them.
    public var filters: [String]
    /// Loudness to reach; `nil`: unchanged.
    public var loudness: LoudnessTarget?
    /// Options of the encoder, in libav's names.
    public var options: [String: String]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        codec: AudioCodec, encoder: String, sampleRate: Int, layout: String, sampleFormat: String,
        bitRate: Int64? = nil, filters: [String] = [], loudness: LoudnessTarget? = nil,
        options: [String: String] = [:]
    ) {
        self.codec = codec
        self.encoder = encoder
        self.sampleRate = sampleRate
        self.layout = layout
        self.sampleFormat = sampleFormat
        self.bitRate = bitRate
        self.filters = filters
        self.loudness = loudness
        self.options = options
    }
}

/// What programme loudness to reach (EBU R 128).
public struct LoudnessTarget: Hashable, Codable, Sendable {
    /// LUFS.
    public var integrated: Double
    /// Highest true peak, dBTP.
    public var truePeak: Double

    /// The value made of its parts; what is left out is as its declaration says.
    public init(integrated: Double, truePeak: Double = -1) {
        self.integrated = integrated
        self.truePeak = truePeak
    }
}

/// One track of subtitles of the output.
public struct SubtitleTrackPlan: Hashable, Codable, Sendable {
    /// Stream of the source, or of `file`.
    public var stream: Int
    /// An external subtitle file; `nil`: the source itself.
    public var file: String?
    /// Language, title and disposition.
    public var label: TrackLabel
    /// Channel of the closed captions inside the video `stream` that become the track; `nil` for other tracks.
    public var captions: CaptionChannel?
    /// `nil`: packets are copied.
    public var convert: SubtitleCodec?
    /// What text that is not UTF-8 is in, by iconv's name; `nil`: what is detected.
    public var encoding: String?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        stream: Int, file: String? = nil, label: TrackLabel = .init(), convert: SubtitleCodec? = nil,
        encoding: String? = nil
    ) {
        self.stream = stream
        self.file = file
        self.label = label
        self.convert = convert
        self.encoding = encoding
    }
}
