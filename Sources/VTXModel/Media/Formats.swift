// The containers and codecs vtx writes, and which go together. Facts only; choosing is VTXPlanning's work.

/// A file format that vtx writes.
public enum Container: String, Hashable, Codable, Sendable, CaseIterable {
    case mp4, m4v, mov, webm, mkv, avi
    case m4a, mp3, ogg, opus, flac, wav

    /// The container of a file name's extension, without the dot; case does not matter.
    public init?(fileExtension: String) {
        switch fileExtension.lowercased() {
        case "oga": self = .ogg
        case "mka": return nil
        case let name: self.init(rawValue: name)
        }
    }

    /// libavformat's muxer.
    public var muxer: String {
        switch self {
        case .m4v: "mp4"
        case .m4a: "ipod"
        case .mkv: "matroska"
        default: rawValue
        }
    }

    /// Whether it holds no video.
    public var isAudioOnly: Bool {
        switch self {
        case .m4a, .mp3, .ogg, .opus, .flac, .wav: true
        default: false
        }
    }

    /// The MP4 family: sample tables, edit lists, `hvc1`, `mov_text`.
    public var isISO: Bool { [.mp4, .m4v, .mov, .m4a].contains(self) }

    /// Whether the format stores a time for each frame. Without, gaps and late starts must be filled.
    public var hasTimestamps: Bool { ![.avi, .mp3, .flac, .wav].contains(self) }

    /// Video codecs the container takes, best choice first.
    public var videoCodecs: [VideoCodec] {
        switch self {
        case .mp4, .m4v: [.h264, .hevc, .av1, .vp9, .mpeg4]
        case .mov: [.h264, .hevc, .mpeg4]
        case .webm: [.vp9, .av1]
        case .mkv: [.h264, .hevc, .av1, .vp9, .mpeg4]
        case .avi: [.mpeg4, .h264]
        default: []
        }
    }

    /// Audio codecs the container takes, best choice first.
    public var audioCodecs: [AudioCodec] {
        switch self {
        case .mp4, .m4v: [.aac, .ac3, .eac3, .opus, .mp3, .flac]
        case .mov: [.aac, .ac3, .eac3, .mp3, .pcm]
        case .webm: [.opus]
        case .mkv: [.aac, .opus, .ac3, .eac3, .mp3, .flac, .pcm]
        case .avi: [.mp3, .ac3, .aac, .pcm]
        case .m4a: [.aac, .ac3]
        case .mp3: [.mp3]
        case .ogg: [.opus, .flac]
        case .opus: [.opus]
        case .flac: [.flac]
        case .wav: [.pcm]
        }
    }
}

/// A video codec that vtx encodes.
public enum VideoCodec: String, Hashable, Codable, Sendable, CaseIterable {
    case h264, hevc, vp9, av1, mpeg4

    /// libavcodec's encoder.
    public var encoder: String {
        switch self {
        case .h264: "libx264"
        case .hevc: "libx265"
        case .vp9: "libvpx-vp9"
        case .av1: "libsvtav1"
        case .mpeg4: "mpeg4"
        }
    }
}

/// An audio codec that vtx encodes.
public enum AudioCodec: String, Hashable, Codable, Sendable, CaseIterable {
    case aac, opus, mp3, ac3, eac3, flac, pcm

    public var encoder: String {
        switch self {
        case .opus: "libopus"
        case .mp3: "libmp3lame"
        case .pcm: "pcm_s16le"
        default: rawValue
        }
    }

    public var isLossless: Bool { self == .flac || self == .pcm }
}

/// A text subtitle codec that vtx writes.
public enum SubtitleCodec: String, Hashable, Codable, Sendable, CaseIterable {
    case movText = "mov_text"
    case webvtt, subrip, ass

    /// libavcodec's encoder; the same word as its codec.
    public var encoder: String { rawValue }
}
