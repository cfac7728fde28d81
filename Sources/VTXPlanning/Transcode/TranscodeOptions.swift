// What the user asked for, before anything is known about the source.

public import VTXModel

/// Options of one transcode. Every `nil` means: decide from the source and the container.
public struct TranscodeOptions: Hashable, Sendable {
    public var output: String
    /// `nil`: from the output's extension.
    public var container: Container?
    public var preset: Preset
    public var video: VideoChoice = .automatic
    /// Source stream index (absolute).
    public var videoStream: Int?
    public var audioCodec: AudioChoice = .automatic
    public var audioTracks: TrackSelection = .automatic
    public var subtitleTracks: TrackSelection = .automatic
    public var subtitleFiles: [SubtitleFile] = []
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
    public var hdr: HDRChoice = .toneMap
    public var deinterlace: DeinterlaceChoice = .automatic

    /// From the earliest start of the tracks that are used.
    public var start: MediaTime?
    /// Counted like `start`.
    public var end: MediaTime?
    /// Counted from `start`; not together with `end`.
    public var duration: MediaTime?

    public var channels: ChannelChoice = .keep
    /// Hz.
    public var sampleRate: Int?
    /// Bits per second of each audio track.
    public var audioBitRate: Int64?
    /// LUFS.
    public var loudness: Double?

    /// Seconds per chunk; `nil`: what suits the source, 0: all of it is one.
    public var chunkDuration: Rational?
    public var threads: Int?
    /// Cores of the machine.
    public var cores: Int = 2
    public var encoderOptions: [String: String] = [:]

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

public enum DeinterlaceChoice: String, Hashable, Sendable, CaseIterable {
    /// If flags or a decoded sample say so; one frame for each frame.
    case automatic = "auto"
    case off
    /// Always, one frame for each frame.
    case frame
    /// Always, one frame for each field: twice the frame rate.
    case field
}

public enum ChannelChoice: String, Hashable, Sendable, CaseIterable {
    case keep, mono, stereo
    case surround51 = "5.1"
}

/// A subtitle file beside the source, opened and described by the caller.
public struct SubtitleFile: Hashable, Sendable {
    public var path: String
    public var language: String?
    public var streams: [StreamDescription]

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

    public init(encoders: Set<String>, filters: Set<String>) {
        self.encoders = encoders
        self.filters = filters
    }
}
