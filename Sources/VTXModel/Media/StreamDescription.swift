// One stream of a file.
//
// Names of codecs, profiles and dispositions are libav's own.

/// One stream of a file.
public struct StreamDescription: Hashable, Codable, Sendable {
    /// What a stream carries.
    public enum Kind: String, Hashable, Codable, Sendable {
        case video, audio, subtitle, data, attachment, unknown
    }

    /// Position in the file, from 0.
    public var index: Int
    /// What the stream carries.
    public var kind: Kind
    /// libav's codec name; `none` where it knows none.
    public var codec: String
    /// libav's name of the codec for people.
    public var codecLongName: String
    /// Four characters from the container, e.g. `avc1`.
    public var codecTag: String?
    /// Profile in libav's words, such as `High`.
    public var profile: String?
    /// As people write it: `4.1`.
    public var level: String?
    /// The scheme that its samples are encrypted with, e.g. `CENC`; `nil` if they are not.
    public var encryption: String?
    /// Rates other than the normal one at which its edit list wants parts to be played; libav ignores them. `nil` without.
    public var editRates: [Rational]?
    /// Pixels at the edges (left, top, right, bottom) that the container does not want to be shown; libav shows them. `nil`
    /// without.
    public var ignoredCrop: [Int]?
    /// Whether this libav has a decoder for it.
    public var isDecodable: Bool
    /// Unit of the timestamps, in seconds.
    public var timeBase: Rational
    /// Presentation time of the first frame.
    public var start: MediaTime?
    /// Duration of the stream; `nil` if the file does not say.
    public var duration: MediaTime?
    /// Bits per second; `nil` if the file does not say.
    public var bitRate: Int64?
    /// As the header or index says; `nil` where neither does.
    public var frameCount: Int64?
    /// As the file says: ISO 639-2 or BCP 47. `nil` for `und`.
    public var language: String?
    /// Title tag.
    public var title: String?
    /// Tags of the stream, keys as in the file.
    public var metadata: [String: String]
    /// `default`, `forced`, `attached_pic`, ...
    public var disposition: [String]
    /// Set for video streams.
    public var video: VideoDescription?
    /// Set for audio streams.
    public var audio: AudioDescription?
    /// Set for subtitle streams.
    public var subtitle: SubtitleDescription?

    /// A description; what is left out is unknown.
    public init(
        index: Int, kind: Kind, codec: String, codecLongName: String = "", codecTag: String? = nil,
        profile: String? = nil, level: String? = nil, isDecodable: Bool = true,
        timeBase: Rational = Rational(1, 90_000), start: MediaTime? = nil, duration: MediaTime? = nil,
        bitRate: Int64? = nil, frameCount: Int64? = nil, language: String? = nil, title: String? = nil,
        metadata: [String: String] = [:], disposition: [String] = [], video: VideoDescription? = nil,
        audio: AudioDescription? = nil, subtitle: SubtitleDescription? = nil
    ) {
        self.index = index
        self.kind = kind
        self.codec = codec
        self.codecLongName = codecLongName
        self.codecTag = codecTag
        self.profile = profile
        self.level = level
        self.isDecodable = isDecodable
        self.timeBase = timeBase
        self.start = start
        self.duration = duration
        self.bitRate = bitRate
        self.frameCount = frameCount
        self.language = language
        self.title = title
        self.metadata = metadata
        self.disposition = disposition
        self.video = video
        self.audio = audio
        self.subtitle = subtitle
    }

    /// A still image attached to the file (album art), not something to play.
    public var isCoverArt: Bool { kind == .video && disposition.contains("attached_pic") }
    /// Whether the file announces the stream and has nothing of it.
    public var hasNoSamples: Bool { frameCount == 0 }
    /// Whether the file marks the stream as default.
    public var isDefault: Bool { disposition.contains("default") }
    /// Whether it is text in samples of MP4 (ISO/IEC 14496-30), which libav may take for data.
    public var isMovieText: Bool { kind == .subtitle && ["stpp", "wvtt"].contains(codecTag) }
    /// Whether the file marks the stream as forced.
    public var isForced: Bool { disposition.contains("forced") }
}
