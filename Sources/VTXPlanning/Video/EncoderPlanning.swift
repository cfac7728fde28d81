// How a video encoder is driven: its options, key frames, threads.

import VTXModel

/// The frames that an encoder gets.
struct EncoderInput {
    var size: PixelSize
    var samples: SamplePlan
    var timing: Timing
    /// The decoder's frames that become them.
    var expected: FrameShape
}

extension VideoPlanner {
    /// Decides how `input` is encoded, without filters.
    ///
    /// - Throws: `.usage` for options that the encoder cannot follow.
    func planEncoder(_ input: EncoderInput, codec: VideoCodec) throws(VTXError) -> VideoEncodePlan {
        let timing = input.timing
        var encode = VideoEncodePlan(
            codec: codec, encoder: codec.encoder, size: input.size, pixelFormat: input.samples.format,
            frameRate: timing.rate, isConstantRate: timing.isConstant, timeBase: timing.timeBase,
            color: input.samples.color, mastering: input.samples.mastering, contentLight: input.samples.contentLight,
            expected: input.expected, rate: try planRate(codec), passes: options.twoPass ? 2 : 1,
            keyFrameInterval: codec.traits.keyFrameInterval(frameRate: timing.rate))
        encode.hardware = codec.engine
        encode.keepsCaptions = options.captions == .keep && codec.traits.captions != nil
        try planEncoderOptions(&encode)
        try planLossless(&encode)
        if let gop = options.gopDuration { try planGOP(gop, of: &encode) }
        planThreads(&encode)
        return encode
    }

    /// Fills in the encoder's options: those of its traits, the speed, the preset's and the user's, where later ones
    /// replace earlier ones.
    private func planEncoderOptions(_ encode: inout VideoEncodePlan) throws(VTXError) {
        let traits = encode.traits
        let video = EncodedVideo(
            size: encode.size, pixelFormat: encode.pixelFormat, color: encode.color, mastering: encode.mastering,
            contentLight: encode.contentLight, asked: options.encoderOptions)
        var result = traits.options(for: video)
        // Those of presets are in the words of software.
        let part = encode.hardware == nil ? options.preset(of: encode.codec) : Preset.Video()
        if let speed = options.speed ?? part.speed, options.speed != nil || traits.speeds != nil {
            try checkSpeed(speed, traits)
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

    /// Puts key frames on a grid, so that renditions made one by one can be packaged together.
    private func planGOP(_ duration: Rational, of encode: inout VideoEncodePlan) throws(VTXError) {
        guard encode.traits.hasKeyFrameGrid else {
            throw VTXError(
                .usage, "\(.keyFrameInterval) is not supported with \(encode.encoder)",
                remedy: "use \(names(\.hasKeyFrameGrid))")
        }
        encode.keyFrameInterval =
            SegmentGrid(frameRate: encode.frameRate, gop: duration, segment: duration).gopFrames
        encode.fixGOP()
    }

    private func planThreads(_ encode: inout VideoEncodePlan) {
        let cores = max(1, options.cores)
        let shared = DecodingThreads(cores: cores)
        encode.decoderThreads = shared.decoder
        encode.filterThreads = shared.filter
        if let threads = options.threads {
            encode.encoderThreads = max(1, threads)
            encode.decoderThreads = max(1, min(threads, encode.decoderThreads))
            encode.filterThreads = max(1, min(threads, encode.filterThreads))
        } else {
            encode.encoderThreads = encode.traits.threads(cores: cores)
        }
    }
}

/// Threads that make frames for encoders, where none are asked for.
struct DecodingThreads {
    var decoder: Int
    var filter: Int

    init(cores: Int) {
        decoder = max(1, min(8, cores / 4))
        filter = max(1, min(4, cores / 2))
    }
}
