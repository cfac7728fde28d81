// The decoder's buffer that a ceiling of the bit rate is about, across chunks whose encoders know nothing of each other.

/// A decoder's buffer: bits flow in at a steady rate while there is room, and frames are taken out of it, one at a time in
/// decoding order (the coded picture buffer of ITU-T H.264, C.1.1).
public struct RateBuffer: Hashable, Sendable {
    /// Bits that it holds at most.
    public var size: Int64
    /// Bits that flow in per tick of the packets' clock.
    public var rate: Double

    /// A buffer of `size` bits that fills at `rate` bits per second.
    public init(size: Int64, rate: Double) {
        self.size = size
        self.rate = rate
    }
}

/// What a run of frames does to a buffer, however much that holds before the first one.
public struct BufferUse: Hashable, Sendable {
    /// Bits that the buffer must hold before the first frame, so that no frame takes more than there is.
    public var needed: Int64 = 0
    /// Bits that it holds more after the last frame than before the first one, if it never runs over.
    public var gained: Int64 = 0
    /// Bits that it holds at most after the last frame.
    public var most: Int64 = .max

    /// The value made of its parts; what is left out is as its declaration says.
    public init(needed: Int64 = 0, gained: Int64 = 0, most: Int64 = .max) {
        self.needed = needed
        self.gained = gained
        self.most = most
    }

    /// Adds a frame, and the ticks until the next one.
    public mutating func add(bytes: Int, ticks: Int64, in buffer: RateBuffer) {
        let bits = Int64(bytes) * 8
        gained -= bits
        needed = max(needed, -gained)
        let arrived = Int64((buffer.rate * Double(max(0, ticks))).rounded())
        gained += arrived
        most = min(buffer.size, min(most, buffer.size) - bits + arrived)
    }

    /// Bits that the buffer holds after the last frame, if it held `fill` before the first one.
    public func fill(after fill: Int64) -> Int64 { max(0, min(fill + gained, most)) }
}

/// How the encoder of a chunk begins that was encoded before, and took more from the buffer than the chunk before it left.
public struct ChunkRetry: Hashable, Sendable {
    /// Thousandths of the buffer that are full.
    public var fill: Int
    /// Whether it sees none of its frames twice. What they take from the buffer and what flows in meanwhile, nobody knows
    /// beforehand; but without them there is a dip in quality.
    public var isLast: Bool

    /// The value made of its parts; what is left out is as its declaration says.
    public init(fill: Int, isLast: Bool) {
        self.fill = fill
        self.isLast = isLast
    }

    /// What to try next with a chunk; `nil` if it may stay.
    ///
    /// - Parameters:
    ///   - last: how it was encoded.
    ///   - use: what its frames do to the buffer.
    ///   - fill: bits that the buffer holds before them.
    public init?(after last: ChunkRetry?, _ use: BufferUse, fill: Int64, of buffer: RateBuffer) {
        if use.needed <= fill || last?.isLast == true { return nil }
        self.init(fill: Int(fill * 1000 / buffer.size), isLast: last != nil)
    }
}

extension VideoEncodePlan {
    /// Bits per second at most, and bits of the buffer, of an encoder that can be told how full that is.
    public var rateLimits: (maximum: Int64, buffer: Int64)? { codec.traits.hasRateBuffer ? rate.limits : nil }

    /// Tells the encoder how much of the buffer is full at first: `1` is all of it.
    public mutating func startBuffer(at part: String) {
        guard let list = codec.traits.parameterList else { return }
        options.addParameters("vbv-init=\(part)", to: list)
    }

    /// The buffer that its encoder keeps within; `nil` if the rate has no ceiling, or the encoder cannot be told how full
    /// it is.
    public var rateBuffer: RateBuffer? {
        guard let limits = rateLimits else { return nil }
        // libavcodec hands on thousands of bits.
        guard limits.maximum >= 1000, limits.buffer >= 1000 else { return nil }
        return RateBuffer(
            size: limits.buffer / 1000 * 1000, rate: Double(limits.maximum / 1000 * 1000) * timeBase.value)
    }

    /// The plan of a chunk's encoder.
    ///
    /// - Parameter retry: `nil` for an encoder that takes the buffer to be full.
    public func ofChunk(_ retry: ChunkRetry?) -> VideoEncodePlan {
        guard rateBuffer != nil else { return self }
        var plan = self
        plan.startBuffer(at: "\(retry.map { Double($0.fill) / 1000 } ?? 1)")
        if retry?.isLast == true { plan.chunkOverlap.before = 0 }
        return plan
    }
}
