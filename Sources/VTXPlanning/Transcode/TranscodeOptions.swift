// What the user asked for, before anything is known about the source.

public import VTXModel

/// Options of one transcode. Every `nil` means: decide from the source and the container.
public struct TranscodeOptions: Hashable, Sendable {
    /// Path of the output.
    public var output: String
    /// `nil`: from the output's extension.
    public var container: Container?
    /// Quality settings.
    public var preset: Preset
    /// Video codec, `copy` or `none`.
    public var video: VideoChoice = .automatic
    /// Source stream index (absolute).
    public var videoStream: Int?
    /// Audio codec; by default the first one of the container.
    public var audioCodec: AudioChoice = .automatic
    /// Audio tracks to take.
    public var audioTracks: TrackSelection = .automatic
    /// Subtitle tracks to take.
    public var subtitleTracks: TrackSelection = .automatic
    /// Subtitle files to add.
    public var subtitleFiles: [SubtitleFile] = []
    /// What subtitles that are not UTF-8 are in, by iconv's name; `nil`: what is detected.
    public var subtitleEncoding: String?
    /// Subtitle to burn: position among the source's subtitle streams, from 1.
    public var burn: Int?

    /// Constant rate factor on the encoder's own scale.
    public var crf: Double?
    /// Bits per second.
    public var bitRate: Int64?
    /// Bits per second; alone it caps a CRF encode.
    public var maximumBitRate: Int64?
    /// Encodes twice to spread `bitRate` better.
    public var twoPass = false
    /// Encoder speed preset in the encoder's own words.
    public var speed: String?
    /// `nil`: the source's size in square pixels.
    public var fit: VideoFit?
    /// Makes the rate constant.
    public var frameRate: Rational?
    /// Seconds between key frames, with closed GOPs and key frames nowhere else; `nil`: where the encoder likes.
    public var gopDuration: Rational?
    /// libav's name; `nil` for 8-bit 4:2:0.
    public var pixelFormat: String?
    /// What happens to HDR.
    public var hdr: HDRChoice = .toneMap
    /// When to deinterlace.
    public var deinterlace: DeinterlaceChoice = .automatic

    /// From the earliest start of the tracks that are used.
    public var start: MediaTime?
    /// Counted like `start`.
    public var end: MediaTime?
    /// Counted from `start`; not together with `end`.
    public var duration: MediaTime?

    /// Channel layout.
    public var channels: ChannelChoice = .keep
    /// Hz.
    public var sampleRate: Int?
    /// Bits per second of each audio track.
    public var audioBitRate: Int64?
    /// LUFS.
    public var loudness: Double?

    /// Seconds per chunk; `nil`: what suits the source, 0: all of it is one.
    public var chunkDuration: Rational?
    /// Threads of each encoder; `nil`: chosen automatically.
    public var threads: Int?
    /// Cores of the machine.
    public var cores: Int = 2
    /// Further options of the video encoder, in libav's names.
    public var encoderOptions: [String: String] = [:]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(output: String, preset: Preset = .medium, container: Container? = nil) {
        self.output = output
        self.preset = preset
        self.container = container
    }
}

/// What to do with the picture.
public enum VideoChoice: Hashable, Sendable {
    case automatic, copy, none
    case codec(VideoCodec)
}

/// What to do with the audio.
public enum AudioChoice: Hashable, Sendable {
    case automatic, copy, none
    case codec(AudioCodec)
}

/// The size of the output picture, in square pixels.
public enum VideoFit: Hashable, Sendable {
    /// So many rows; the width follows from the shape. May enlarge.
    case height(Int)
    /// Exactly this size; what the picture does not cover is black.
    case size(PixelSize)
    /// The largest size within these bounds; never enlarged.
    case box(PixelSize)
}

/// What happens to a high dynamic range.
public enum HDRChoice: String, Hashable, Sendable, CaseIterable {
    /// Mapped to BT.709.
    case toneMap = "tonemap"
    /// Passed on, 10 bits deep, with its metadata.
    case keep
}

/// When to deinterlace, and whether to keep one frame or one for each field.
public enum DeinterlaceChoice: String, Hashable, Sendable, CaseIterable {
    /// If flags or a decoded sample say so; one frame for each frame.
    case automatic = "auto"
    case off
    /// Always, one frame for each frame.
    case frame
    /// Always, one frame for each field: twice the frame rate.
    case field
}

/// Channel layout of the output.
public enum ChannelChoice: String, Hashable, Sendable, CaseIterable {
    case keep, mono, stereo
    case surround51 = "5.1"
}

/// A subtitle file beside the source, opened and described by the caller.
public struct SubtitleFile: Hashable, Sendable {
    /// Path of the file.
    public var path: String
    /// Language to label it with; `nil`: that of the file.
    public var language: String?
    /// Its streams, described; filled in when the file is opened.
    public var streams: [StreamDescription]
    /// What its text is in, if that is not UTF-8; filled in when the file is opened.
    public var encoding: String?
    /// Whether nobody has said so.
    public var isEncodingDetected = false
    /// Whether it has styles of WebVTT, which are left out.
    public var hasStyles = false

    /// The value made of its parts; what is left out is as its declaration says.
    public init(path: String, language: String? = nil, streams: [StreamDescription] = []) {
        self.path = path
        self.language = language
        self.streams = streams
    }
}

/// What the libav of this machine can do.
public struct Capabilities: Hashable, Sendable {
    /// libavcodec's names of encoders.
    public var encoders: Set<String>
    /// libavfilter's names of filters.
    public var filters: Set<String>

    /// The value made of its parts; what is left out is as its declaration says.
    public init(encoders: Set<String>, filters: Set<String>) {
        self.encoders = encoders
        self.filters = filters
    }
}
