/// What a planner decides about a subtitle track, with its reason.
public enum SubtitleDecision: Hashable, Codable, Sendable {
    /// Not written; `burn`: the track's number if it can be burnt in or kept in Matroska instead.
    case dropped(SubtitleObstacle, burn: Int?)
    /// Converted from a codec, by libav's name; `losesStyle`: only its plain text is kept.
    case converted(from: String, to: SubtitleCodec, losesStyle: Bool, in: Container)
    /// A flag, such as `hearing-impaired`, is not written.
    case droppedFlag(String, Container)
}

/// Why a subtitle track cannot be written.
public enum SubtitleObstacle: Hashable, Codable, Sendable {
    /// The container has no subtitles.
    case container(Container)
    /// The container has no subtitles that are text.
    case text(Container)
    /// The container has no bitmap subtitles.
    case bitmap(Container)
    /// HLS has no bitmap subtitles.
    case bitmapInPackage
    /// The codec, by libav's name, cannot be decoded to text.
    case notText(codec: String)
    /// There is no encoder, by libav's name.
    case noEncoder(String)
}
