// How an encoder of video is driven: rate control, its own options, threads.

import VTXModel

extension Planner {
    func planRate(_ codec: VideoCodec) throws(VTXError) -> RateControl {
        try checkRateOptions(codec)
        if let average = options.bitRate {
            return .average(
                bitRate: average, maximum: options.maximumBitRate ?? average * 3 / 2, buffer: average * 2)
        }
        let rate = codec.traits.quality.rate(options.crf ?? preset(codec).quality)
        if case .constantQuality(let crf) = rate, let maximum = options.maximumBitRate {
            return .capped(crf: crf, maximum: maximum, buffer: maximum * 2)
        }
        return rate
    }

    private func checkRateOptions(_ codec: VideoCodec) throws(VTXError) {
        if options.crf != nil, options.bitRate != nil {
            throw VTXError(
                .usage, "\(.crf) and \(.bitRate) cannot be combined",
                remedy: "use one of them; \(.maximumBitRate) limits the bit rate of a CRF encode")
        }
        if codec.traits.quality.range == nil, options.bitRate != nil || options.maximumBitRate != nil {
            throw VTXError(
                .usage, "\(codec.title) has no bit rate to choose",
                remedy: .leaveOut([.bitRate, .maximumBitRate]))
        }
        if options.twoPass { try checkTwoPass(codec) }
        try checkBitRates(codec)
        if let crf = options.crf { try checkCRF(crf, codec) }
    }

    private func checkTwoPass(_ codec: VideoCodec) throws(VTXError) {
        guard options.bitRate != nil else {
            throw VTXError(
                .usage, "\(.twoPass) needs a target bit rate",
                remedy: "add \(.bitRate), or leave out \(.twoPass)")
        }
        guard codec.traits.twoPass != nil else {
            throw VTXError(
                .usage, "\(.twoPass) is not supported with \(codec.encoder)",
                remedy: "use \(names { $0.twoPass != nil }), or one pass")
        }
    }

    private func checkBitRates(_ codec: VideoCodec) throws(VTXError) {
        let believed: ClosedRange<Int64> = 1_000...1_000_000_000
        if let average = options.bitRate {
            let maximum = options.maximumBitRate ?? average * 3 / 2
            guard believed.contains(average) else {
                throw VTXError(
                    .usage, "\(.bitRate) \(average) is out of range", remedy: "bits per second: 2M, 800k")
            }
            guard maximum >= average, maximum <= 2_000_000_000 else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) \(maximum) is less than \(.bitRate) \(average), or out of range")
            }
        } else if let maximum = options.maximumBitRate {
            guard codec.traits.hasRateBuffer else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) without \(.bitRate) works only with \(names(\.hasRateBuffer))",
                    remedy: "add \(.bitRate)")
            }
            guard believed.contains(maximum) else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) \(maximum) is out of range", remedy: "bits per second: 2M, 800k")
            }
        }
    }

    private func checkCRF(_ crf: Double, _ codec: VideoCodec) throws(VTXError) {
        guard case .crf(let range, let isWhole) = codec.traits.quality else {
            let remedy: Remedy =
                codec.traits.quality.range == nil
                ? .leaveOut(.crf) : "use \(.bitRate), or a preset's quantizer"
            throw VTXError(.usage, "\(codec.title) has no CRF", remedy: remedy)
        }
        guard range.contains(crf) else {
            throw VTXError(
                .usage, "\(.crf) \(decimal(crf)) is out of range for \(codec.title)",
                remedy: "the range is \(rangeText(range)); lower is better")
        }
        if isWhole, crf != crf.rounded() {
            throw VTXError(.usage, "\(.crf) \(decimal(crf)): \(codec.title) takes whole numbers")
        }
    }

    /// `h264, hevc or vp9`: the codecs for which `holds` is true.
    func names(_ holds: (any VideoCodecTraits) -> Bool) -> String {
        choice(VideoCodec.allCases.filter { holds($0.traits) }.map(\.rawValue))
    }

    private func preset(_ codec: VideoCodec) -> Preset.Video {
        options.preset.video[codec] ?? Preset.medium.video[codec]!
    }

    // MARK: Encoder

    /// Fills in the encoder's options: what its traits say, speed, the preset's, and the user's, each over the ones
    /// before.
    func planEncoderOptions(_ encode: inout VideoEncodePlan) throws(VTXError) {
        let traits = encode.codec.traits
        let video = EncodedVideo(
            size: encode.size, pixelFormat: encode.pixelFormat, color: encode.color, mastering: encode.mastering,
            contentLight: encode.contentLight, asked: options.encoderOptions)
        var result = traits.options(for: video)
        let part = preset(encode.codec)
        if let speed = options.speed ?? part.speed, options.speed != nil || traits.speeds != nil {
            try checkSpeed(speed, of: encode.codec)
            if let scale = traits.speeds { result[scale.option] = speed }
        }
        for more in [part.options, options.encoderOptions] {
            for (key, value) in more {
                // Lists of an encoder's own parameters are joined.
                if key == traits.parameterList { result.addParameters(value, to: key) } else { result[key] = value }
            }
        }
        traits.complete(&result, for: video)
        encode.options = result
        encode.takeLimitsFromOptions()
    }

    /// Key frames on a grid, so that renditions made one by one can be packaged together.
    func planGOP(_ duration: Rational, of encode: inout VideoEncodePlan) throws(VTXError) {
        guard encode.codec.traits.hasKeyFrameGrid else {
            throw VTXError(
                .usage, "\(.keyFrameInterval) is not supported with \(encode.encoder)",
                remedy: "use \(names(\.hasKeyFrameGrid))")
        }
        encode.keyFrameInterval =
            SegmentGrid(frameRate: encode.frameRate, gop: duration, segment: duration).gopFrames
        encode.fixGOP()
    }

    /// Sources of ten minutes and more are encoded in chunks of one minute.
    mutating func planChunks(_ plan: inout TranscodePlan) throws(VTXError) {
        guard options.chunkDuration != Rational(0) else { return }
        guard let encode = plan.video?.encode, encode.isDivisible else {
            guard options.chunkDuration == nil else {
                throw VTXError(
                    .usage, "\(.chunkDuration) needs video that is encoded with constant quality in one pass",
                    remedy: "use a codec with \(.crf), or leave out \(.chunkDuration)"
                )
            }
            return
        }
        let isLong = (plan.expectedDuration?.seconds ?? 0) >= 600
        guard var length = options.chunkDuration ?? (isLong ? Rational(60) : nil) else { return }
        if options.gopDuration != nil, let interval = encode.keyFrameInterval {
            let gop = Rational(Int64(interval)) / encode.frameRate
            length = gop * Rational(max(1, Int64((length.value / gop.value).rounded())))
        }
        plan.chunkDuration = length
        plan.video?.encode?.divideIntoChunks()
        plan.video?.encode?.keepRateAcrossChunks(of: length.value)
        decide(
            "video", "encoded in chunks of \(MediaTime(1, length)) each",
            because: "if this job is interrupted, the same command goes on with the chunk it had begun")
    }

    func planThreads(_ encode: inout VideoEncodePlan) {
        let cores = max(1, options.cores)
        encode.decoderThreads = max(1, min(8, cores / 4))
        encode.filterThreads = max(1, min(4, cores / 2))
        if let threads = options.threads {
            encode.encoderThreads = max(1, threads)
            encode.decoderThreads = max(1, min(threads, encode.decoderThreads))
            encode.filterThreads = max(1, min(threads, encode.filterThreads))
        } else {
            encode.encoderThreads = encode.codec.traits.threads(cores: cores)
        }
    }
}

extension VideoEncodePlan {
    /// Whether parts of it can be encoded one by one: no part has to know how many bits others take.
    var isDivisible: Bool { rate.hasConstantQuality && passes == 1 }

    /// One IDR picture every `keyFrameInterval` frames and nowhere else, and nothing that refers across it.
    mutating func fixGOP() { codec.traits.setKeyFrameGrid(keyFrameInterval ?? 0, in: &options) }

    /// Prepares for encoders that start again at each chunk.
    mutating func divideIntoChunks() {
        if rate.hasConstantQuality, codec.traits.needsChunkOverlap {
            // perf_1080p24_agent327.mp4: dips of 1.3 to 2 dB without overlap, at most 0.3 dB with it.
            let before = Int((frameRate.value / 4).rounded())
            chunkOverlap = ChunkOverlap(before: max(2, min(6, before)), after: 12)
        }
        codec.traits.divideIntoChunks(&options)
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
        guard case .capped(let crf, let maximum, let buffer) = rate, codec.traits.hasRateBuffer else { return }
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
