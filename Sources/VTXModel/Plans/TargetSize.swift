// The size that the output of a transcode should have.

/// The size of an output.
public struct TargetSize: Hashable, Codable, Sendable {
    /// Bytes at most.
    public var bytes: Int64
    /// Whether quality decides and the size only limits it; if not, the output should be nearly as large.
    public var isLimit: Bool

    /// The value made of its parts.
    public init(bytes: Int64, isLimit: Bool = false) {
        self.bytes = bytes
        self.isLimit = isLimit
    }
}

extension TargetSize {
    /// The part of the size that is reached at least, where the contents allow it.
    package static let leastPart = 0.97
    /// The part that bit rates aim at: the middle between `leastPart` and all of it.
    package static let aimedPart = 0.985

    /// Whether an output of a size, in bytes, is as it should be.
    package func isMet(by size: Int64) -> Bool {
        size <= bytes && (isLimit || Double(size) >= Double(bytes) * Self.leastPart)
    }
}

extension RateControl {
    /// An average that leaves room for peaks: the size of the whole is what counts.
    package static func average(forSize bitRate: Int64) -> RateControl {
        .average(bitRate: bitRate, maximum: bitRate * 4, buffer: bitRate * 4)
    }

    /// The same with another average, or with another maximum of a constant quality.
    package func spending(_ bitRate: Int64) -> RateControl {
        switch self {
        case .capped(let crf, _, _): .capped(crf: crf, maximum: bitRate, buffer: bitRate)
        case .constantQuality, .average, .quantizer, .lossless, .profile: .average(forSize: bitRate)
        }
    }

    /// Bits per second that `spending` sets; `nil` without any.
    package var spent: Int64? {
        switch self {
        case .capped(_, let maximum, _): maximum
        case .average(let bitRate, _, _): bitRate
        case .constantQuality, .quantizer, .lossless, .profile: nil
        }
    }
}

extension VideoEncodePlan {
    /// Pixels of a second of the output.
    package var pixelRate: Double { Double(size.area) * frameRate.value }

    /// Bits per second beyond which no codec gets any better: half of the bits of uncompressed 4:2:0.
    package var highestUsefulRate: Int64 { Int64(pixelRate * 6) }
}
