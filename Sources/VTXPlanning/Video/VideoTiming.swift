// The frame rate of the output, and whether it is made constant.

import VTXModel

/// The rate and unit of the output's frames.
struct Timing: Equatable {
    var rate: Rational
    var isConstant: Bool
    var timeBase: Rational
    /// The filter that makes the rate constant.
    var filter: String?
}

extension VideoPlanner {
    /// Faster video keeps its rate, and leaves frames out; slower video keeps its frames.
    ///
    /// - Parameter factor: frames that deinterlacing makes of one.
    /// - Throws: `.usage` if the rate asked for is out of range.
    mutating func planTiming(
        _ stream: StreamDescription, _ video: VideoDescription, codec: VideoCodec, factor: Rational
    ) throws(VTXError) -> Timing {
        let found = sourceRate(video)
        if let asked = options.frameRate { return try timing(asked: asked, of: found, video, codec) }
        let pace = min(Rational(1), cut.speed)
        let isFaster = cut.speed > Rational(1)
        let natural = (found.isVariable ? constantRate(for: video) : found.rate) * factor * pace
        if options.gopDuration != nil {
            // Encoders count frames from one key frame to the next: none may be missing.
            if found.isVariable {
                decide(madeConstant(natural, from: video, because: presetReason ?? .keyFrameInterval))
            }
            let phase = found.isVariable ? 0 : phase(of: stream, at: natural)
            let onGrid = phase == 0 ? "" : "setpts=PTS-(\(phase))/1000000/TB,"
            return constant(natural, codec, filter: "\(onGrid)fps=fps=\(natural)")
        }
        if let reason = reasonForConstantRate(codec) ?? (found.isVariable ? presetReason : nil) {
            return timing(codec.traits.clock.nearest(natural), of: found, stream, video, codec, because: reason)
        }
        if options.deinterlace == .pulldown {
            if factor == Rational(1) { decide(.removedPulldown(to: natural, because: .flags)) }
            return constant(natural, codec, filter: factor == Rational(1) ? "fps=fps=\(natural)" : nil)
        }
        if isFaster {
            if found.isVariable { decide(madeConstant(natural, from: video, because: .speedUp)) }
            return constant(natural, codec, filter: "fps=fps=\(natural)")
        }
        if found.isVariable {
            decide(.variableRate(average: found.isGuess ? nil : found.rate))
            return Timing(
                rate: found.rate * factor * pace, isConstant: false,
                timeBase: VTXPlanning.timeBase(forVariable: stream.timeBase))
        }
        return constant(natural, codec, filter: nil)
    }

    private mutating func timing(
        asked: Rational, of found: SourceRate, _ video: VideoDescription, _ codec: VideoCodec
    ) throws(VTXError) -> Timing {
        try checkRate(asked)
        let rate = codec.traits.clock.nearest(asked)
        if found.isVariable { decide(madeConstant(rate, from: video, because: .frameRate)) }
        return constant(rate, codec, filter: "fps=fps=\(rate)\(fromZero)")
    }

    private mutating func timing(
        _ rate: Rational, of found: SourceRate, _ stream: StreamDescription, _ video: VideoDescription,
        _ codec: VideoCodec, because reason: ConstantRateReason
    ) -> Timing {
        if found.isVariable { decide(madeConstant(rate, from: video, because: reason)) }
        if case .container(let container) = reason, let start = stream.start, start > cut.origin {
            decide(.filledStart(container))
        }
        return constant(rate, codec, filter: "fps=fps=\(rate)\(fromZero)")
    }

    /// - Throws: `.usage` if no video has that rate.
    func checkRate(_ rate: Rational) throws(VTXError) {
        guard isSane(rate) else {
            throw VTXError(.usage, "\(.frameRate) \(rate) is out of range", remedy: "it goes from 1 to 240")
        }
    }

    /// Makes `fps` fill the start where frames have no timestamps.
    private var fromZero: String { rules.hasTimestamps ? "" : ":start_time=0" }

    /// Microseconds from the nearest multiple of a frame to the first frame: half a frame at most. Without it,
    /// rounded timestamps of frames that fall halfway between two multiples would be taken to one or the other.
    private func phase(of stream: StreamDescription, at rate: Rational) -> Int64 {
        guard let start = stream.start else { return 0 }
        let offset = cut.outputTime(of: start).ticks
        let frame = rescale(offset, from: MediaTime.microsecond, to: rate.inverse)
        return offset - rescale(frame, from: rate.inverse, to: MediaTime.microsecond)
    }

    /// The container or codec that keeps no timestamps, only a rate; `nil` if both keep them.
    private func reasonForConstantRate(_ codec: VideoCodec) -> ConstantRateReason? {
        if let container = rules.container, !rules.hasTimestamps { return .container(container) }
        return codec.traits.clock == .any ? nil : .codec(codec)
    }

    /// The preset, if its purpose needs a constant rate.
    private var presetReason: ConstantRateReason? {
        options.preset.purpose?.isConstantRate == true ? .preset(options.preset.name) : nil
    }

    private func constant(_ rate: Rational, _ codec: VideoCodec, filter: String?) -> Timing {
        Timing(
            rate: rate, isConstant: true,
            timeBase: codec.traits.clock == .any ? timeBase(forConstant: rate) : rate.inverse, filter: filter)
    }
}
