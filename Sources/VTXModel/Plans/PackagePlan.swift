// The plan of a package from renditions that exist already, and what reading their packets told.

/// Existing renditions to one adaptive package; nothing is encoded.
public struct PackagePlan: Hashable, Codable, Sendable {
    /// The files, in the order given.
    public var inputs: [PackageInput]
    /// Directory of the package.
    public var output: String
    /// Format of the segments.
    public var segments: SegmentType
    /// One file a rendition, addressed by byte ranges.
    public var isSingleFile: Bool
    /// Output times at which all segments but the first begin.
    public var boundaries: [MediaTime] = []
    /// Duration of the longest rendition.
    public var duration = MediaTime.zero
    /// In the order in which variants are listed; the first one leads.
    public var video: [PackageVideoPlan] = []
    /// The audio tracks, in output order.
    public var audio: [PackageAudioPlan] = []
    /// Audio groups (EXT-X-MEDIA, RFC 8216, 4.3.4.1).
    public var groups: [PackageAudioGroup] = []
    /// The subtitle tracks, in output order.
    public var subtitles: [PackageSubtitlePlan] = []
    /// How segments are encrypted; `nil`: not at all.
    public var encryption: EncryptionPlan?
    /// The player page in the package; `nil`: none.
    public var player: PlayerPlan?
    /// What the media is called, one line; `nil`: nobody says.
    public var title: String?
    /// What was decided automatically, and why.
    public var decisions: [Decision] = []

    /// The value made of its parts; what is left out is as its declaration says.
    public init(inputs: [PackageInput], output: String, segments: SegmentType, isSingleFile: Bool) {
        self.inputs = inputs
        self.output = output
        self.segments = segments
        self.isSingleFile = isSingleFile
    }
}

/// One file that is packaged.
public struct PackageInput: Hashable, Codable, Sendable {
    /// Path of the file.
    public var path: String
    /// The file's time that becomes 0.
    public var origin: MediaTime

    /// The value made of its parts; what is left out is as its declaration says.
    public init(path: String, origin: MediaTime = .zero) {
        self.path = path
        self.origin = origin
    }
}

/// One rendition of the video.
public struct PackageVideoPlan: Hashable, Codable, Sendable {
    /// Also the name of its folder: `720p`, `720p-hevc`.
    public var name: String
    /// Place among the inputs.
    public var input: Int
    /// Index of the source stream.
    public var stream: Int
    /// The codec.
    public var codec: VideoCodec
    /// In square pixels, upright, both sides even.
    public var size: PixelSize
    /// Colour tags of the output.
    public var color: ColorDescription
    /// Four-character code in MP4 and MOV; `nil` for the muxer's own.
    public var tag: String?
    /// Exact if it is constant, else the average.
    public var frameRate = Rational(25)
    /// Every frame lies on the grid of this rate, but for the rounding of the file's clock, which is undone.
    public var gridRate: Rational?
    /// Unit of output times.
    public var timeBase = Rational(1, 90_000)
    /// Number of frames found in the file.
    public var frames = 0
    /// Duration.
    public var duration = MediaTime.zero

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        name: String, input: Int, stream: Int, codec: VideoCodec, size: PixelSize, color: ColorDescription,
        tag: String? = nil
    ) {
        self.name = name
        self.input = input
        self.stream = stream
        self.codec = codec
        self.size = size
        self.color = color
        self.tag = tag
    }
}

/// One rendition of the audio.
public struct PackageAudioPlan: Hashable, Codable, Sendable {
    /// Also the name of its folder: `audio-1-eng`.
    public var name: String
    /// Place among the inputs.
    public var input: Int
    /// Index of the source stream.
    public var stream: Int
    /// The codec.
    public var codec: AudioCodec
    /// Number of channels.
    public var channels: Int
    /// Hz; its inverse is the unit of output times.
    public var sampleRate: Int
    /// Language, title and disposition.
    public var label: TrackLabel
    /// Whether it is AAC of low complexity, of which silence can be made without encoding.
    public var isPlainAAC: Bool
    /// Whether silence is put in front of it, because it begins late.
    public var isFilled = false

    /// Spelt as a decoder spells `is_plain_aac`, which is not how it is written here.
    private enum CodingKeys: String, CodingKey {
        case name, input, stream, codec, channels, sampleRate, label, isFilled
        case isPlainAAC = "isPlainAac"
    }

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        name: String, input: Int, stream: Int, codec: AudioCodec, channels: Int, sampleRate: Int,
        label: TrackLabel, isPlainAAC: Bool = false
    ) {
        self.name = name
        self.input = input
        self.stream = stream
        self.codec = codec
        self.channels = channels
        self.sampleRate = sampleRate
        self.label = label
        self.isPlainAAC = isPlainAAC
    }
}

/// Renditions of the audio between which a player chooses by language; groups differ in format.
public struct PackageAudioGroup: Hashable, Codable, Sendable {
    /// A rendition in a group, with the label it has there.
    public struct Member: Hashable, Codable, Sendable {
        /// Name of an audio rendition; it may be a member of several groups.
        public var rendition: String
        /// Language, title and disposition.
        public var label: TrackLabel

        /// The value made of its parts; what is left out is as its declaration says.
        public init(rendition: String, label: TrackLabel) {
            self.rendition = rendition
            self.label = label
        }
    }

    /// GROUP-ID.
    public var name: String
    /// Its renditions, the default one first.
    public var members: [Member]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(name: String, members: [Member]) {
        self.name = name
        self.members = members
    }
}

/// One subtitle rendition of a package.
public struct PackageSubtitlePlan: Hashable, Codable, Sendable {
    /// Name of its directory in the package.
    public var name: String
    /// Place among the inputs; `nil` if the track has a file of its own.
    public var input: Int?
    /// The track that is made.
    public var track: SubtitleTrackPlan

    /// The value made of its parts; what is left out is as its declaration says.
    public init(name: String, input: Int?, track: SubtitleTrackPlan) {
        self.name = name
        self.input = input
        self.track = track
    }
}

/// What reading the packets of one track told. Times are the file's own, in ticks of `base`.
public struct TrackTimes: Hashable, Sendable {
    /// Unit of the ticks.
    public var base: Rational
    /// Number of packets.
    public var packets = 0
    /// Packets without a presentation time.
    public var untimed = 0
    /// Presentation time of the earliest packet, and the latest end.
    public var first: Int64?
    /// End of the last packet in ticks of `base`.
    public var end: Int64?
    /// Video: key frames that a segment can begin with, rising.
    public var keyFrames: [Int64] = []
    /// Video: key frames that no segment can begin with, because frames shown earlier follow them.
    public var openKeyFrames = 0
    /// Video: frames from the first usable key frame on.
    public var frames = 0
    /// Video: the rate whose grid all these frames lie on, give or take a tick.
    public var gridRate: Rational?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(base: Rational) { self.base = base }

    /// The time of `ticks`.
    public func time(_ ticks: Int64) -> MediaTime { MediaTime(ticks, base) }
}
