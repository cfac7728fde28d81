// Whether a hardware encoder works on a machine.

/// What was found when a hardware encoder was tried.
public struct HardwareFinding: Hashable, Codable, Sendable {
    /// The family of encoders.
    public var engine: HardwareEngine
    /// What it would encode.
    public var codec: VideoCodec
    /// Why it does not work, in libav's words; `nil` if it does.
    public var problem: String?

    /// The value made of its parts.
    public init(engine: HardwareEngine, codec: VideoCodec, problem: String? = nil) {
        self.engine = engine
        self.codec = codec
        self.problem = problem
    }

    /// Whether the encoder can be used.
    public var isUsable: Bool { problem == nil }
}
