// The audio codecs that vtx encodes. What is particular to each is in AudioCodecTraits.

/// An audio codec that vtx encodes.
public enum AudioCodec: String, Hashable, Codable, Sendable, CaseIterable {
    case aac, opus, mp3, ac3, eac3, flac, pcm

    /// libavcodec's name of the encoder: `libopus`.
    public var encoder: String { traits.encoder }

    /// The name as text for people writes it: `E-AC-3`.
    public var title: String { traits.title }

    /// Whether every sample of the source is kept; such a codec has no bit rate to choose.
    public var isLossless: Bool { traits.bitRates == nil }
}
