// The file formats that vtx writes. What is particular to each is in ContainerTraits.

/// A file format that vtx writes, known by its usual extension.
public enum Container: String, Hashable, Codable, Sendable, CaseIterable {
    case mp4, m4v, mov, webm, mkv, avi, ts
    case m4a, mp3, ogg, opus, flac, wav

    /// The container of a file name's extension, without the dot; case does not matter.
    public init?(fileExtension: String) {
        switch fileExtension.lowercased() {
        case "oga": self = .ogg
        case "mka": return nil
        case let name: self.init(rawValue: name)
        }
    }

    /// The name as text for people writes it: `WebM`.
    public var title: String { traits.title }

    /// libavformat's name of the muxer: `matroska`.
    public var muxer: String { traits.muxer }

    /// Whether it holds no video.
    public var isAudioOnly: Bool { traits.isAudioOnly }

    /// Whether it belongs to the MP4 family: sample tables, edit lists, `hvc1`, `mov_text`.
    public var isISO: Bool { traits.isISO }

    /// Whether the format stores a timestamp for each frame. Without, gaps and late starts must be filled.
    public var hasTimestamps: Bool { traits.hasTimestamps }

    /// Audio codecs that vtx writes into it, the one to choose first in front.
    public var audioCodecs: [AudioCodec] { traits.audioCodecs }
}
