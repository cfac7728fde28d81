// A codec whose frames are encoded by hardware: the codec's own facts, and the engine's.

extension VideoCodec {
    /// The codec with an encoder in hardware; `nil` if the engine has none for it.
    package func on(_ engine: HardwareEngine) -> VideoCodec? {
        guard engine.traits.codecs.contains(rawValue) else { return nil }
        return VideoCodec(HardwareCodec(base: traits, engine: engine))
    }

    /// The hardware that encodes it; `nil` for software.
    package var engine: HardwareEngine? { (traits as? HardwareCodec)?.engine }
}

extension VideoEncodePlan {
    /// All that is particular to the codec and the encoder that was planned.
    package var traits: any VideoCodecTraits { hardware.flatMap { codec.on($0)?.traits } ?? codec.traits }
}

private struct HardwareCodec: VideoCodecTraits {
    let base: any VideoCodecTraits
    let engine: HardwareEngine

    private var hardware: any HardwareTraits { engine.traits }

    // The codec's.
    var name: String { base.name }
    var title: String { base.title }
    var containers: Set<Container> { base.containers }
    var isFirstChoice: Set<Container> { base.isFirstChoice }
    var segments: Set<SegmentType> { base.segments }
    func isoTag(options: [String: String]) -> String? { base.isoTag(options: options) }
    var ladderRate: Double? { base.ladderRate }
    var hasSampleEncryption: Bool { base.hasSampleEncryption }
    var typicalRate: TypicalRate { base.typicalRate }
    var clock: CodecClock { base.clock }
    /// With every encoder in the same way.
    var captions: CaptionSupport? { base.captions == nil ? nil : .afterwards }

    // The engine's.
    var encoder: String { "\(base.name)_\(engine.rawValue)" }
    let quality = QualityScale.crf(1...51, isWhole: true)
    var qualityOption: String { hardware.qualityOption }
    var speeds: SpeedScale? { hardware.speeds }
    var pixelFormats: [String] { hardware.pixelFormats(of: base.name) }
    var takesHDR: Bool { pixelFormats.contains("p010le") }
    func pixelFormat(for source: VideoDescription, isHDR: Bool, asked: [String: String]) -> String {
        isHDR ? "p010le" : pixelFormats[0]
    }
    /// `bf` of two frames at most, which may refer to each other.
    let reordering: Int? = 2
    var needsUpload: Bool { hardware.needsUpload }
    let isRepeatable = false

    func keyFrameInterval(frameRate: Rational) -> Int? {
        // Ten seconds, as x264 has at 25 frames per second; the engines' own defaults differ from each other.
        max(1, Int((frameRate.value * 10).rounded()))
    }
    let hasKeyFrameGrid = true
    func setKeyFrameGrid(_ interval: Int, in options: inout [String: String]) {
        options.merge(hardware.gridOptions(of: base.name)) { $1 }
    }

    func options(for video: EncodedVideo) -> [String: String] { hardware.options(of: base.name) }
}
