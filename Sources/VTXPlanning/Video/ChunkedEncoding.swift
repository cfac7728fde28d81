// What changes in an encoder for video that is encoded in chunks or with key frames on a grid.

import VTXModel

extension VideoEncodePlan {
    /// Whether parts of it can be encoded one by one: no part has to know how many bits others take.
    var isDivisible: Bool { rate.hasConstantQuality && passes == 1 && traits.isRepeatable }

    /// One IDR frame every `keyFrameInterval` frames and nowhere else, and no references across it.
    mutating func fixGOP() { traits.setKeyFrameGrid(keyFrameInterval ?? 0, in: &options) }

    /// Prepares for encoders that start again at each chunk.
    mutating func divideIntoChunks() {
        if rate.hasConstantQuality, traits.needsChunkOverlap {
            // perf_1080p24_agent327.mp4: dips of 1.3 to 2 dB without overlap, at most 0.3 dB with it.
            let before = Int((frameRate.value / 4).rounded())
            chunkOverlap = ChunkOverlap(before: max(2, min(6, before)), after: 12)
        }
        traits.divideIntoChunks(&options)
    }

    /// Makes the maximum bit rate hold across chunk boundaries, where encoders know nothing of each other, for chunks
    /// that are not encoded twice.
    ///
    /// Each encoder takes its buffer to be full at first. Over any time t, and across one boundary, that adds up to at
    /// most maxrate × t + 2 × bufsize, so the buffer is halved. Each further boundary adds a buffer, which the maxrate
    /// is made smaller by over the length of a chunk.
    ///
    /// - Parameter seconds: length of a chunk.
    mutating func keepRateAcrossChunks(of seconds: Double) {
        guard case .capped(let crf, let maximum, let buffer) = rate, traits.hasRateBuffer else { return }
        rate = .capped(
            crf: crf, maximum: Int64(Double(maximum) - Double(buffer / 2) / seconds), buffer: buffer / 2)
        startBuffer(at: "1")
    }

    /// Moves `maxrate` and `bufsize` of the options, which presets and users may give, into a constant quality's rate
    /// control, where chunks and measurements look for them. Values that are no plain numbers stay options.
    mutating func takeLimitsFromOptions() {
        guard let crf = rate.crf, options["maxrate"] != nil || options["bufsize"] != nil else { return }
        let maximum = options["maxrate"] ?? rate.limits.map { String($0.maximum) }
        let buffer = options["bufsize"] ?? rate.limits.map { String($0.buffer) }
        if let maximum = maximum.flatMap({ Int64($0) }), let buffer = buffer.flatMap({ Int64($0) }) {
            rate = .capped(crf: crf, maximum: maximum, buffer: buffer)
            options["maxrate"] = nil
            options["bufsize"] = nil
        } else {
            rate = .constantQuality(crf: crf)
            options["maxrate"] = maximum
            options["bufsize"] = buffer
        }
    }
}
