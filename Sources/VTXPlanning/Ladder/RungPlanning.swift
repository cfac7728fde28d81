// How the frames of one rung are encoded.

import VTXModel

extension LadderPlanner {
    /// - Throws: `.usage` for options that the encoder cannot follow, `.unavailable` if there is none.
    func planRung(
        _ rung: Ladder.Rung, of frames: LadderFrames, codec: VideoCodec, grid: SegmentGrid
    ) throws(VTXError) -> RungPlan {
        let rate = grid.frameRate / Rational(Int64(rung.divisor))
        let average =
            rung.request.bitRate
            ?? usualBitRate(shortSide: rung.request.shortSide, frameRate: rate, codec: codec)
        var encode = try planEncoder(rung, of: frames, codec: codec, rate: rate, average: average, grid: grid)
        // Long sources are prepared for chunks as in a transcode, even if one chunk is asked for.
        if let length = usualChunk(cut.expected), encode.isDivisible {
            encode.divideIntoChunks()
            encode.keepRateAcrossChunks(of: length.value)
        }
        encode.keyFrameInterval = grid.gopFrames / rung.divisor
        // Several encoders side by side fill the cores, and each alone wastes least with one thread. With more,
        // rate control depends on the timing of threads (x264 with a maximum bit rate, x265, SVT-AV1), and so do the
        // bytes.
        encode.encoderThreads = options.threads ?? 1
        if options.rate == .capped {
            // Peak over average stays near maxrate plus bufsize over the segment: 1.5 + 2/6 (design section 5).
            guard let crf = encode.rate.crf else {
                throw VTXError(.internal, "\(codec.title) has no constant quality")
            }
            if crf == 0, codec.traits.losslessProfile(pixelFormat: encode.pixelFormat) != nil {
                throw losslessWithLimit(codec)
            }
            encode.rate = .capped(crf: crf, maximum: average * 3 / 2, buffer: average * 2)
        }
        encode.fixGOP()
        if options.threads == nil { codec.traits.keepToOneThread(&encode.options) }
        let suffix = options.codecs.count > 1 ? "-\(codec.rawValue)" : ""
        return RungPlan(
            name: "\(rung.request.shortSide)p\(suffix)", encode: encode, frameDivisor: rung.divisor,
            tag: context.rules.tag(of: codec, options: encode.options))
    }

    private func planEncoder(
        _ rung: Ladder.Rung, of frames: LadderFrames, codec: VideoCodec, rate: Rational, average: Int64,
        grid: SegmentGrid
    ) throws(VTXError) -> VideoEncodePlan {
        let asked = try rungOptions(rung, codec: codec, average: average)
        let planner = VideoPlanner(context, options: asked)
        _ = try planner.codec()
        let size = try planner.planSize(frames.video, codec: codec).canvas
        try planner.checkRate(rate)
        // Frames come in the size of the rung, with their colours as for all rungs.
        var samples = frames.samples
        samples.format = codec.traits.pixelFormat(for: frames.video, isHDR: false, asked: [:])
        let timing = Timing(rate: rate, isConstant: true, timeBase: timeBase(forConstant: grid.frameRate))
        return try planner.planEncoder(
            EncoderInput(
                size: size, samples: samples, timing: timing,
                expected: FrameShape(size: size, pixelFormat: samples.format)), codec: codec)
    }

    private func rungOptions(
        _ rung: Ladder.Rung, codec: VideoCodec, average: Int64
    ) throws(VTXError) -> VideoTrackOptions {
        var asked = VideoTrackOptions(
            preset: options.preset, choice: .codec(codec), speed: options.speed, fit: .size(rung.size),
            captions: options.captions, threads: options.threads, cores: options.cores)
        switch options.rate {
        case .capped: asked.crf = options.crf
        case .abr:
            if options.crf != nil { throw VTXError(.usage, "\(.crf) and \(.rateMode, "abr") cannot be combined") }
            asked.bitRate = average
            asked.maximumBitRate = average * 3 / 2
        }
        return asked
    }
}
