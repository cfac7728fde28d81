// The codecs that vtx encodes as a list, made of the traits that planning uses.

public import VTXModel

/// A codec that vtx encodes, and whether this libav has its encoder.
public struct CodecEntry: Hashable, Encodable, Sendable {
    /// What a codec is for.
    public enum Kind: String, Hashable, Encodable, Sendable, CaseIterable {
        case video, audio, subtitle
    }

    /// How quality is chosen.
    public struct Quality: Hashable, Encodable, Sendable {
        /// What quality is counted in.
        public enum Scale: String, Hashable, Encodable, Sendable {
            case crf, quantizer, profile, lossless
            case bitRate = "bit_rate"
        }

        /// What quality is counted in.
        public var scale: Scale
        /// The best value of a CRF or quantizer.
        public var minimum: Double?
        /// The worst value of a CRF or quantizer.
        public var maximum: Double?
    }

    /// What the codec is for.
    public var kind: Kind
    /// The name that options take.
    public var name: String
    /// The name as text for people writes it: `H.264`.
    public var title: String
    /// libavcodec's name of the encoder.
    public var encoder: String
    /// Whether this libav has the encoder.
    public var isAvailable: Bool
    /// Other names that options take.
    public var otherNames: [String]
    /// Containers that it is written into.
    public var containers: [Container]
    /// Those of them in which it is the codec unless another is asked for.
    public var defaultContainers: [Container]
    /// Types of segments of packages that it is written into.
    public var segments: [SegmentType]
    /// How quality is chosen; `nil` for subtitles.
    public var quality: Quality?
    /// Speeds of the encoder, in its own words and order.
    public var speeds: [String]
    /// Pixel formats that the encoder takes, by libav's names, the usual one first.
    public var pixelFormats: [String]
}

extension CodecEntry {
    /// All codecs that vtx encodes, in the order in which they are offered.
    public static func all(_ capabilities: Capabilities) -> [CodecEntry] {
        VideoCodec.allCases.map { CodecEntry($0, capabilities) }
            + AudioCodec.allCases.map { CodecEntry($0, capabilities) }
            + SubtitleCodec.allCases.map { CodecEntry($0, capabilities) }
    }

    private init(_ codec: VideoCodec, _ capabilities: Capabilities) {
        let traits = codec.traits
        self.init(
            kind: .video, name: codec.rawValue, title: codec.title, encoder: codec.encoder,
            isAvailable: capabilities.encoders.contains(codec.encoder), otherNames: codec.otherNames,
            containers: Container.allCases.filter(traits.containers.contains),
            defaultContainers: Container.allCases.filter(traits.isFirstChoice.contains),
            segments: SegmentType.allCases.filter(traits.segments.contains), quality: Quality(traits.quality),
            speeds: traits.speeds?.values ?? [], pixelFormats: traits.pixelFormats)
    }

    private init(_ codec: AudioCodec, _ capabilities: Capabilities) {
        self.init(
            kind: .audio, name: codec.rawValue, title: codec.title, encoder: codec.encoder,
            isAvailable: capabilities.encoders.contains(codec.encoder), otherNames: codec.otherNames,
            containers: Container.allCases.filter { $0.audioCodecs.contains(codec) },
            defaultContainers: Container.allCases.filter { $0.audioCodecs.first == codec },
            segments: SegmentType.allCases.filter(codec.traits.segments.contains),
            quality: Quality(scale: codec.isLossless ? .lossless : .bitRate), speeds: [], pixelFormats: [])
    }

    private init(_ codec: SubtitleCodec, _ capabilities: Capabilities) {
        let forms = { (container: Container) in container.traits.subtitles?.text ?? [] }
        self.init(
            kind: .subtitle, name: codec.rawValue, title: codec.title, encoder: codec.encoder,
            isAvailable: capabilities.encoders.contains(codec.encoder), otherNames: [],
            containers: Container.allCases.filter { forms($0).contains(codec) },
            defaultContainers: Container.allCases.filter { forms($0).first == codec },
            segments: codec == .webvtt ? SegmentType.allCases : [], quality: nil, speeds: [], pixelFormats: [])
    }
}

extension CodecEntry.Quality {
    fileprivate init(_ scale: QualityScale) {
        switch scale {
        case .crf(let range, _): self.init(scale: .crf, minimum: range.lowerBound, maximum: range.upperBound)
        case .quantizer(let range):
            self.init(scale: .quantizer, minimum: range.lowerBound, maximum: range.upperBound)
        case .lossless: self.init(scale: .lossless)
        case .profile: self.init(scale: .profile)
        }
    }
}
