// The encoder of one chunk: what is different from an encoder of the whole source.

import VTXModel

extension VideoEncodePlan {
    /// The buffer that its encoder keeps within; `nil` without a maximum bit rate, or if the encoder cannot be told how
    /// full it is.
    var rateBuffer: RateBuffer? {
        guard let limits = rateLimits else { return nil }
        // libavcodec hands on thousands of bits.
        guard limits.maximum >= 1000, limits.buffer >= 1000 else { return nil }
        return RateBuffer(
            size: limits.buffer / 1000 * 1000, rate: Double(limits.maximum / 1000 * 1000) * timeBase.value
        )
    }

    /// The plan of a chunk's encoder.
    ///
    /// - Parameter retry: `nil` for an encoder that takes the buffer to be full.
    func ofChunk(_ retry: ChunkRetry?) -> VideoEncodePlan {
        guard rateBuffer != nil else { return self }
        var plan = self
        plan.startBuffer(at: "\(retry.map { Double($0.fill) / 1000 } ?? 1)")
        if retry?.isLast == true { plan.chunkOverlap.before = 0 }
        return plan
    }
}
