// The built-in presets as a list.

public import VTXModel

/// A built-in preset, with what it says of each codec.
public struct PresetEntry: Hashable, Encodable, Sendable {
    /// What it says of a video codec.
    public struct Video: Hashable, Encodable, Sendable {
        /// The codec.
        public var codec: VideoCodec
        /// Constant rate factor, if the codec has one.
        public var crf: Double?
        /// Quantizer, if the codec has one.
        public var quantizer: Double?
        /// Speed of the encoder, in its own words; `nil` where it has one only.
        public var speed: String?
        /// Further options of the encoder.
        public var options: [String: String]
    }

    /// What it says of an audio codec, in bits per second.
    public struct Audio: Hashable, Encodable, Sendable {
        /// The codec.
        public var codec: AudioCodec
        /// One channel; `nil` for lossless codecs, as the others.
        public var mono: Int64?
        /// Two channels.
        public var stereo: Int64?
        /// 5.1.
        public var surround51: Int64?
        /// 7.1.
        public var surround71: Int64?
    }

    /// The name that options take.
    public var name: String
    /// What it is for.
    public var summary: String
    /// Containers that it is for, the usual one first; `nil`: all.
    public var containers: [Container]?
    /// The video codecs that it chooses from, the usual one first; without a purpose, all.
    public var video: [Video]
    /// The audio codecs that it chooses from, the usual one first; without a purpose, all that lose something.
    public var audio: [Audio]
    /// The largest frame, for landscape video.
    public var largestFrame: PixelSize?
    /// Whether more than two channels are mixed down to stereo.
    public var isStereo: Bool
    /// Hz; `nil`: that of the source.
    public var sampleRate: Int?
    /// Seconds between keyframes; `nil`: the encoder's choice.
    public var gopDuration: Rational?
    /// Whether high dynamic range is kept.
    public var keepsHdr: Bool
    /// Whether variable frame rates are made constant.
    public var isConstantRate: Bool
    /// Bytes of the output at most; `nil`: any.
    public var mostBytes: Int64?

    /// All built-in presets, in the order in which they are offered.
    public static var all: [PresetEntry] {
        Preset.builtInNames.compactMap { Preset.builtIn(named: $0) }.map { PresetEntry($0) }
    }
}

extension PresetEntry {
    init(_ preset: Preset) {
        let purpose = preset.purpose
        let audio = purpose?.audioCodecs ?? AudioCodec.allCases.filter { !$0.isLossless }
        self.init(
            name: preset.name, summary: preset.summary, containers: purpose?.containers,
            video: (purpose?.videoCodecs ?? VideoCodec.allCases).compactMap { codec in
                preset.video[codec].map { Video(codec, $0) }
            }, audio: audio.map { Audio($0, preset.audio[$0]) }, largestFrame: purpose?.largestFrame,
            isStereo: purpose?.isStereo ?? false, sampleRate: purpose?.sampleRate, gopDuration: purpose?.gopDuration,
            keepsHdr: purpose?.keepsHDR ?? false, isConstantRate: purpose?.isConstantRate ?? false,
            mostBytes: purpose?.mostBytes)
    }
}

extension PresetEntry.Video {
    fileprivate init(_ codec: VideoCodec, _ part: Preset.Video) {
        let isQuantizer = if case .quantizer = codec.traits.quality { true } else { false }
        self.init(
            codec: codec, crf: isQuantizer ? nil : part.quality, quantizer: isQuantizer ? part.quality : nil,
            speed: part.speed, options: part.options)
    }
}

extension PresetEntry.Audio {
    fileprivate init(_ codec: AudioCodec, _ part: Preset.Audio?) {
        self.init(
            codec: codec, mono: part?.mono, stereo: part?.stereo, surround51: part?.surround51,
            surround71: part?.surround71)
    }
}
