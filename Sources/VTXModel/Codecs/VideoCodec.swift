// A video codec that vtx encodes. What is particular to each is in Codecs/Video, one file a codec.

/// A video codec that vtx encodes, known by its name: `h264`.
///
/// A codec is a file with a `VideoCodecTraits` value and an entry in `allCases`.
public struct VideoCodec: RawRepresentable, Hashable, Codable, Sendable, CaseIterable {
    /// All that is particular to the codec and its encoder.
    package let traits: any VideoCodecTraits

    /// - Parameter traits: a value whose name no other codec has.
    package init(_ traits: any VideoCodecTraits) { self.traits = traits }

    /// The codec called `rawValue`; `nil` if vtx does not encode it.
    public init?(rawValue: String) {
        guard let codec = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = codec
    }

    /// Every codec, in the order in which they are offered.
    public static let allCases: [VideoCodec] = [.h264, .hevc, .av1, .vp9, .mpeg4, .prores, .ffv1]

    /// Codecs that ladders are written in, in the order in which they are offered.
    public static let ladderCases: [VideoCodec] = allCases.filter { $0.traits.ladderRate != nil }

    /// The name that users write and plans hold, which is also libavcodec's: `h264`.
    public var rawValue: String { traits.name }

    /// The name as text for people writes it: `H.264`.
    public var title: String { traits.title }

    /// libavcodec's name of the encoder: `libx264`.
    public var encoder: String { traits.encoder }

    /// Whether both are the same codec.
    public static func == (left: VideoCodec, right: VideoCodec) -> Bool { left.rawValue == right.rawValue }

    /// Feeds the name to `hasher`.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

extension VideoCodec: CustomStringConvertible {
    /// The name: `h264`.
    public var description: String { rawValue }
}
