// Which rungs a ladder has, and the grid that they share.

import VTXModel

/// The rungs of a ladder before their encoders are set up.
struct Ladder {
    /// One rung.
    struct Rung {
        var request: RungRequest
        var size: PixelSize
        /// One frame of this many on the grid is encoded.
        var divisor: Int
    }

    var grid: SegmentGrid
    /// Largest first.
    var rungs: [Rung]

    /// - Parameters:
    ///   - display: upright size of the source in square pixels.
    ///   - gop: seconds between key frames.
    ///   - segment: seconds per segment.
    init(_ requests: [RungRequest], of display: PixelSize, frameRate: Rational, gop: Rational, segment: Rational) {
        rungs = requests.map { request in
            // Rungs under 480 rows get at most 30 frames a second (Apple 1.x).
            Rung(
                request: request, size: display.scaled(toShortSide: request.shortSide),
                divisor: request.shortSide < 480 && frameRate > Rational(32) ? 2 : 1)
        }
        grid = SegmentGrid(
            frameRate: frameRate, gop: gop, segment: segment, divisor: rungs.map(\.divisor).max() ?? 1)
    }
}

extension LadderPlanner {
    /// The grid and the rungs for a source shown at `display`.
    ///
    /// - Throws: `.usage` if all rungs asked for are larger, or one is asked for twice.
    func chooseLadder(for video: VideoDescription, display: PixelSize) throws(VTXError) -> Decided<Ladder> {
        let rate = ladderRate(of: video)
        let requests = try chooseRungs(display)
        let limited = limitRungs(requests.value, of: display, frameRate: rate.value)
        let possible = try dropSmallRungs(limited.value, of: display)
        return Decided(
            value: Ladder(
                possible.value, of: display, frameRate: rate.value, gop: options.gopDuration,
                segment: options.segmentDuration),
            decisions: rate.decisions + requests.decisions + limited.decisions + possible.decisions)
    }

    /// The rungs whose frames are large enough for the encoders of all codecs.
    ///
    /// - Throws: `.usage` if none is.
    private func dropSmallRungs(
        _ requests: [RungRequest], of display: PixelSize
    ) throws(VTXError) -> Decided<[RungRequest]> {
        var decided = Decided<[RungRequest]>(value: [])
        for request in requests {
            let size = display.scaled(toShortSide: request.shortSide)
            guard let codec = options.codecs.first(where: { !$0.traits.takes(size) }) else {
                decided.value.append(request)
                continue
            }
            decided.decisions.append(.video(.tooSmallRung(size, codec)))
        }
        guard decided.value.isEmpty, let largest = requests.first else { return decided }
        let size = display.scaled(toShortSide: largest.shortSide)
        let codec = options.codecs.first { !$0.traits.takes(size) }!
        throw VTXError(
            .usage, "\(codec.encoder) needs frames of \(codec.traits.smallestSize) at least, and this is \(size)",
            remedy: "choose another codec, or larger rungs")
    }

    /// The rungs that were asked for, as far as the source is large enough, or the default ones.
    private func chooseRungs(_ display: PixelSize) throws(VTXError) -> Decided<[RungRequest]> {
        guard let asked = options.rungs else {
            return Decided(value: defaultRungs(shortSide: display.shortSide).map { RungRequest(shortSide: $0) })
        }
        let possible = asked.filter { $0.shortSide <= display.shortSide }
        guard !possible.isEmpty else {
            throw VTXError(
                .usage, "all rungs asked for are above the source, which is \(display)",
                remedy: "ask for \(display.shortSide - display.shortSide % 2)p or less")
        }
        guard Set(possible.map(\.shortSide)).count == possible.count else {
            throw VTXError(.usage, "a rung is asked for twice")
        }
        return Decided(
            value: possible.sorted { $0.shortSide > $1.shortSide },
            decisions: asked.filter { $0.shortSide > display.shortSide }
                .map { .video(.leftOutRung(shortSide: $0.shortSide, source: display.shortSide)) })
    }

    /// The constant rate of the grid, in frames per second.
    private func ladderRate(of video: VideoDescription) -> Decided<Rational> {
        var rate = constantRate(for: video)
        // Averages can be fractions that no time base divides; this is within 20 ms in two hours.
        if rate.numerator > 500_000 { rate = Rational(Int64((rate.value * 10_000).rounded()), 10_000) }
        let fields = deinterlacing(video, choice: options.deinterlace, removesPulldown: true)
        if let fields { rate = rate * fields.factor }
        var decided = Decided(value: rate)
        // Film with much video in between comes at a rate between theirs.
        if video.interlaceSample?.pulldown == .flags, fields?.decision == nil, rate < Rational(25) {
            decided.decisions.append(.video(.removedPulldown(to: rate, because: .flags)))
        } else if sourceRate(video).isVariable {
            decided.decisions.append(.video(madeConstant(rate, from: video, because: .renditions)))
        }
        // Apple 1.18: at most 60 frames a second.
        let highest = options.maximumFrameRate ?? Rational(60)
        if rate > highest {
            var divisor: Int64 = 2
            while rate / Rational(divisor) > highest { divisor += 1 }
            decided.value = rate / Rational(divisor)
            decided.decisions.append(.video(.reducedRate(from: rate, to: decided.value, limit: highest)))
        }
        return decided
    }
}
