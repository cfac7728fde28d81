// How an encoder of video spends bits.

/// How an encoder of video spends bits.
public enum RateControl: Hashable, Sendable {
    /// Constant rate factor of the encoder's own scale; lower is better.
    case constantQuality(crf: Double)
    /// A constant rate factor whose bits per second stay below a maximum: over any time t, `maximum` × t + `buffer` bits
    /// at most (VBV).
    case capped(crf: Double, maximum: Int64, buffer: Int64)
    /// Bits per second on average; `maximum` over any `buffer` bits of decoder buffer (VBV).
    case average(bitRate: Int64, maximum: Int64, buffer: Int64)
    /// Constant quantizer of encoders that have no CRF (MPEG-4: 2 to 31).
    case quantizer(Int)
    /// Every bit of the source is kept, at any cost in bits.
    case lossless
    /// What the encoder's profile asks for (ProRes).
    case profile

    /// Bits per second at most, and bits of decoder buffer that they are measured over; `nil` without a maximum.
    public var limits: (maximum: Int64, buffer: Int64)? {
        switch self {
        case .capped(_, let maximum, let buffer), .average(_, let maximum, let buffer): (maximum, buffer)
        case .constantQuality, .quantizer, .lossless, .profile: nil
        }
    }

    /// The constant rate factor; `nil` where quality is set another way.
    public var crf: Double? {
        switch self {
        case .constantQuality(let crf), .capped(let crf, _, _): crf
        case .average, .quantizer, .lossless, .profile: nil
        }
    }

    /// Whether quality is the same however many bits others take, so that parts can be encoded one by one.
    public var hasConstantQuality: Bool { crf != nil }
}

extension RateControl: Codable {
    private enum Key: String, CodingKey { case mode, value, average, maximum, buffer }

    private enum Mode: String, Codable {
        case crf, quantizer, lossless, profile
        case average = "bit_rate"
    }

    /// Reads `mode` and its numbers; `maximum` and `buffer` beside mode `crf` make it `capped`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func number(_ key: Key) throws -> Int64 { try container.decode(Int64.self, forKey: key) }
        switch try container.decode(Mode.self, forKey: .mode) {
        case .crf where container.contains(.maximum):
            self = .capped(
                crf: try container.decode(Double.self, forKey: .value), maximum: try number(.maximum),
                buffer: try number(.buffer))
        case .crf: self = .constantQuality(crf: try container.decode(Double.self, forKey: .value))
        case .quantizer: self = .quantizer(try container.decode(Int.self, forKey: .value))
        case .average:
            self = .average(
                bitRate: try number(.average), maximum: try number(.maximum), buffer: try number(.buffer))
        case .lossless: self = .lossless
        case .profile: self = .profile
        }
    }

    /// Writes `mode` (`crf`, `quantizer`, `bit_rate`, `lossless`, `profile`) and its numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .constantQuality(let value), .capped(let value, _, _):
            try container.encode(Mode.crf, forKey: .mode)
            try container.encode(value, forKey: .value)
        case .quantizer(let value):
            try container.encode(Mode.quantizer, forKey: .mode)
            try container.encode(value, forKey: .value)
        case .average(let average, _, _):
            try container.encode(Mode.average, forKey: .mode)
            try container.encode(average, forKey: .average)
        case .lossless: try container.encode(Mode.lossless, forKey: .mode)
        case .profile: try container.encode(Mode.profile, forKey: .mode)
        }
        if let (maximum, buffer) = limits {
            try container.encode(maximum, forKey: .maximum)
            try container.encode(buffer, forKey: .buffer)
        }
    }
}
