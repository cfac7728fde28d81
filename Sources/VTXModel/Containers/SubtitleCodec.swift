// The text subtitle codecs that vtx writes.

/// A text subtitle codec that vtx writes.
public enum SubtitleCodec: String, Hashable, Codable, Sendable, CaseIterable {
    case movText = "mov_text"
    case webvtt, subrip, ass

    /// libavcodec's name of the encoder; the same as that of its codec.
    package var encoder: String { rawValue }
}
