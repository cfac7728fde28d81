// The text subtitle codecs that vtx writes.

/// A text subtitle codec that vtx writes.
public enum SubtitleCodec: String, Hashable, Codable, Sendable, CaseIterable {
    case movText = "mov_text"
    case webvtt, subrip, ass

    /// The name as text for people writes it: `WebVTT`.
    package var title: String {
        switch self {
        case .movText: "timed text"
        case .webvtt: "WebVTT"
        case .subrip: "SubRip"
        case .ass: "ASS"
        }
    }

    /// libavcodec's name of the encoder; the same as that of its codec.
    package var encoder: String { rawValue }
}
