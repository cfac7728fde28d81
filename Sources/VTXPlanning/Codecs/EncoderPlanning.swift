// How an encoder of video is driven: rate control, its own options, threads.

import VTXModel

extension Planner {
    func planRate(_ codec: VideoCodec) throws(VTXError) -> RateControl {
        if options.crf != nil, options.bitRate != nil {
            throw VTXError(
                .usage, "\(.crf) and \(.bitRate) exclude each other",
                remedy: "give one of them; \(.maximumBitRate) caps a CRF")
        }
        if options.twoPass {
            guard options.bitRate != nil else {
                throw VTXError(
                    .usage, "\(.twoPass) needs a bit rate to reach",
                    remedy: "add \(.bitRate), or leave out \(.twoPass)")
            }
            guard [.h264, .hevc, .vp9].contains(codec) else {
                throw VTXError(
                    .usage, "\(.twoPass) does not work with \(codec.encoder) in this libav",
                    remedy: "use h264, hevc or vp9, or one pass")
            }
        }
        if let average = options.bitRate {
            let maximum = options.maximumBitRate ?? average * 3 / 2
            guard (1_000...1_000_000_000).contains(average) else {
                throw VTXError(
                    .usage, "\(.bitRate) \(average) is out of range", remedy: "bits per second: 2M, 800k")
            }
            guard maximum >= average, maximum <= 2_000_000_000 else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) \(maximum) is less than \(.bitRate) \(average), or out of range")
            }
            return .bitRate(average: average, maximum: maximum, buffer: average * 2)
        }
        if let maximum = options.maximumBitRate {
            guard codec == .h264 || codec == .hevc else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) without \(.bitRate) works with h264 and hevc only",
                    remedy: "add \(.bitRate)")
            }
            guard (1_000...1_000_000_000).contains(maximum) else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) \(maximum) is out of range", remedy: "bits per second: 2M, 800k")
            }
        }
        if let crf = options.crf {
            guard !codec.usesQuantizer else {
                throw VTXError(
                    .usage, "\(codec.rawValue) has no CRF", remedy: "use \(.bitRate), or a preset's quantizer")
            }
            guard codec.qualityRange.contains(crf) else {
                throw VTXError(
                    .usage, "\(.crf) \(decimal(crf)) is out of range for \(codec.rawValue)",
                    remedy: "it goes from \(rangeText(codec.qualityRange)); lower is better")
            }
            if codec == .av1, crf != crf.rounded() {
                throw VTXError(.usage, "\(.crf) \(decimal(crf)): SVT-AV1 takes whole numbers")
            }
            return .crf(crf)
        }
        let quality = preset(codec).quality
        return codec.usesQuantizer ? .quantizer(Int(quality)) : .crf(quality)
    }

    private func preset(_ codec: VideoCodec) -> Preset.Video {
        options.preset.video[codec] ?? Preset.medium.video[codec]!
    }

    // MARK: Encoder

    func planEncoderOptions(
        _ encode: VideoEncodePlan, isPQ: Bool
    ) throws(VTXError) -> [String: String] {
        let codec = encode.codec
        var result: [String: String] = [:]
        switch codec {
        case .h264:
            if encode.pixelFormat == "yuv420p" { result["profile"] = "high" }
        case .hevc:
            var parameters = ["log-level=error"]
            if encode.color.isHDR, isPQ { parameters.append("hdr10=1") }
            if let text = encode.mastering.flatMap(masteringForX265) {
                parameters.append("master-display=\(text)")
            }
            if let light = encode.contentLight {
                parameters.append("max-cll=\(light.maximum),\(light.frameAverage)")
            }
            result["x265-params"] = parameters.joined(separator: ":")
        case .vp9:
            result["deadline"] = "good"
            result["row-mt"] = "1"
            let columns = encode.size.width
            result["tile-columns"] =
                columns >= 2560 ? "3" : columns >= 1280 ? "2" : columns >= 640 ? "1" : "0"
        case .av1:
            var parameters: [String] = []
            if let text = encode.mastering.flatMap(masteringForSVT) {
                parameters.append("mastering-display=\(text)")
            }
            if let light = encode.contentLight {
                parameters.append("content-light=\(light.maximum),\(light.frameAverage)")
            }
            if !parameters.isEmpty { result["svtav1-params"] = parameters.joined(separator: ":") }
        case .mpeg4: break
        }
        let part = preset(codec)
        if let speed = options.speed ?? part.speed, options.speed != nil || codec.speedOption != nil {
            try checkSpeed(speed, of: codec)
            result[codec.speedOption!] = speed
        }
        if case .crf = encode.rate, let maximum = options.maximumBitRate {
            result["maxrate"] = String(maximum)
            result["bufsize"] = String(maximum * 2)
        }
        merge(part.options, into: &result)
        merge(options.encoderOptions, into: &result)
        return result
    }

    /// Later options win; lists of an encoder's own parameters are joined.
    private func merge(_ more: [String: String], into options: inout [String: String]) {
        for (key, value) in more {
            let isList = ["x264-params", "x265-params", "svtav1-params"].contains(key)
            if isList { options.addParameters(value, to: key) } else { options[key] = value }
        }
    }

    /// Key frames on a grid, so that renditions made one by one can be packaged together.
    func planGOP(_ duration: Rational, of encode: inout VideoEncodePlan) throws(VTXError) {
        guard encode.codec != .mpeg4 else {
            throw VTXError(
                .usage, "\(.keyFrameInterval) does not work with \(encode.encoder)",
                remedy: "use h264, hevc, vp9 or av1")
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
                    .usage, "\(.chunkDuration) needs a picture that is encoded once, with constant quality",
                    remedy: "h264, hevc, vp9 and av1 with \(.crf) can be divided; leave out \(.chunkDuration) otherwise"
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
        } else if encode.codec == .vp9 {
            encode.encoderThreads = min(cores, 16)  // libvpx's own choice is one
        } else if encode.codec == .mpeg4 {
            encode.encoderThreads = min(cores, 4)
        }
    }
}

extension VideoEncodePlan {
    /// Whether parts of it can be encoded one by one: no part has to know how many bits others take.
    var isDivisible: Bool {
        guard case .crf = rate else { return false }
        return passes == 1 && codec != .mpeg4
    }

    /// One IDR picture every `keyFrameInterval` frames and nowhere else, and nothing that refers across it.
    mutating func fixGOP() {
        let interval = keyFrameInterval ?? 0
        switch codec {
        case .h264, .vp9:
            if codec == .h264 { options["sc_threshold"] = "0" }
            options["keyint_min"] = String(interval)
        case .hevc:
            options.addParameters("keyint=\(interval):min-keyint=\(interval):scenecut=0:open-gop=0", to: "x265-params")
        case .av1: options.addParameters("scd=0:irefresh-type=2", to: "svtav1-params")
        case .mpeg4: break
        }
    }

    /// Prepares for encoders that start anew at each chunk.
    mutating func divideIntoChunks() {
        guard codec == .h264 || codec == .hevc else { return }
        if case .crf = rate {
            // perf_1080p24_agent327.mp4: dips of 1.3 to 2 dB without overlap, at most 0.3 dB with it.
            let before = Int((frameRate.value / 4).rounded())
            chunkOverlap = ChunkOverlap(before: max(2, min(6, before)), after: 12)
        }
        if codec == .hevc {
            // Both, or a key frame that is asked for lets later ones refer to what is before it.
            options["forced-idr"] = "1"
            if options["x265-params"]?.contains("open-gop=0") != true {
                options.addParameters("open-gop=0", to: "x265-params")
            }
            // What x265 writes about its options would differ from chunk to chunk.
            options.addParameters("info=0", to: "x265-params")
        }
    }

    /// Makes the ceiling of the rate hold across the seams of chunks, whose encoders know nothing of each other, and
    /// which are not encoded twice.
    ///
    /// Each encoder takes its buffer to be full at first. Over any time t, and across one seam, that adds up to at most
    /// maxrate × t + 2 × bufsize, so the buffer is halved. Each further seam adds a buffer, which the maxrate is made
    /// smaller by over the length of a chunk.
    ///
    /// - Parameter seconds: length of a chunk.
    fileprivate mutating func keepRateAcrossChunks(of seconds: Double) {
        guard case .crf = rate, let (maximum, buffer) = rateLimits else { return }
        options["maxrate"] = String(Int64(Double(maximum) - Double(buffer / 2) / seconds))
        options["bufsize"] = String(buffer / 2)
        startBuffer(at: "1")
    }
}
