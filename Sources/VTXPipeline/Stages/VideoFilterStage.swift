// Filters video, and brings its timestamps into the encoder's unit.

import LibAV
import VTXBitstream
import VTXModel
import VTXSystem

/// Makes every frame what the encoder was set up for, in the encoder's unit of time.
final class VideoFilterStage: @unchecked Sendable {
    // @unchecked: runs on one thread.
    private let plan: VideoEncodePlan
    private let input: Channel<Frame>
    private let output: Channel<Frame>
    private let base: Rational
    private let canvas: SubtitleCanvas?
    private var graph: FilterGraph?
    private var shape: FrameShape?
    private var last: Int64?
    /// The first frame's time: the grid goes through it, wherever it stands.
    private var anchor: Int64?
    private let gridTicks: Int64?
    private let constantDuration: Int64?
    private let counts: Guarded<DecoderCounts>
    private var captions = CaptionBuffer()
    /// Ticks of incoming frames by which captions may be ahead of their frame: the grid moves frames by half a frame.
    private let captionLead: Int64
    /// The latest frame: it is shown until the next one comes.
    private var held: Frame?
    /// The frame before: its type depends on how long the last one is shown.
    private var previous: Frame?
    /// End of the last frame that came in, in its own unit.
    private var end: Int64?

    /// - Parameters:
    ///   - base: unit of incoming frames.
    ///   - counts: takes changes of format, and timestamps that did not rise.
    init(
        plan: VideoEncodePlan, base: Rational, input: Channel<Frame>, output: Channel<Frame>,
        canvas: SubtitleCanvas?, counts: Guarded<DecoderCounts>
    ) {
        self.counts = counts
        self.plan = plan
        self.base = base
        self.input = input
        self.output = output
        self.canvas = canvas
        let ticks = plan.frameRate.inverse / plan.timeBase
        captionLead = plan.isConstantRate ? rescale(1, from: plan.frameRate.inverse, to: base) / 2 : 0
        constantDuration =
            plan.isConstantRate ? rescale(1, from: plan.frameRate.inverse, to: plan.timeBase) : nil
        gridTicks =
            plan.isConstantRate && ticks.denominator == 1 && ticks.numerator > 1 ? ticks.numerator : nil
    }

    func run() throws {
        while let frame = try input.receive() { try filter(frame) }
        try finishGraph()
        if let frame = held.take() {
            try captions.give(to: frame)
            held = consume frame
        }
        counts.with { $0.lostCaptions += captions.allLost }
        try sendLast()
        output.close()
    }

    private func filter(_ frame: consuming Frame) throws {
        takeCaptions(frame)
        if let time = frame.time { end = max(end ?? .min, time &+ max(0, frame.duration)) }
        let newShape = shape(of: frame)
        if shape != newShape {
            try finishGraph()
            var chain = newShape == plan.expected ? plan.filters : plan.refit
            if shape != nil {
                counts.with { $0.changes += 1 }
                // What comes before has been written: it is not filled again.
                chain = chain.map { $0.replacing(":start_time=0", with: "") }
            }
            shape = newShape
            // The overlay may change the format.
            if canvas != nil { chain.append("format=\(plan.pixelFormat)") }
            if !chain.isEmpty {
                graph = try FilterGraph(
                    video: frame, timeBase: base, frameRate: plan.isConstantRate ? plan.frameRate : nil,
                    chain: chain, threads: plan.filterThreads, overlaySize: canvas?.size)
            }
        }
        guard let graph else { return try deliver(frame, base: base) }
        if let canvas, let time = frame.time {
            let over = try canvas.image(at: MediaTime(time, base))
            over.time = time
            try graph.pushOverlay(over)
        }
        let outBase = graph.timeBase
        try graph.push(frame) { try deliver($0, base: outBase) }
    }

    /// Filters that make one frame of two, or two of one, know nothing of captions.
    private func takeCaptions(_ frame: borrowing Frame) {
        if plan.keepsCaptions {
            captions.take(from: frame, at: frame.time ?? .min)
        } else if CaptionData(frame.takeCaptions()).hasContent {
            counts.with { $0.captions += 1 }
        }
    }

    /// The shape of a frame; that of its pixels only where it matters, and without differences that nobody sees.
    private func shape(of frame: borrowing Frame) -> FrameShape {
        var shape = frame.shape
        if let usual = plan.expected.sampleAspectRatio {
            let own = frame.sampleAspectRatio ?? Rational(1)
            shape.sampleAspectRatio = own.isSameShape(as: usual) ? usual : own
        }
        return shape
    }

    private func finishGraph() throws {
        guard let graph else { return }
        let outBase = graph.timeBase
        try graph.drain { try deliver($0, base: outBase) }
        self.graph = nil
    }

    private func deliver(_ frame: consuming Frame, base: Rational) throws {
        guard let time = frame.time else { return }
        try captions.give(to: frame, until: rescale(time, from: base, to: self.base) + captionLead)
        var ticks = rescale(time, from: base, to: plan.timeBase)
        if let gridTicks {
            // Containers round timestamps (Matroska to milliseconds): put a frame that is nearly on the grid
            // back onto it, and leave alone one that really stands elsewhere.
            let first = anchor ?? ticks
            anchor = first
            let onGrid =
                first + rescale(ticks - first, from: plan.timeBase, to: plan.frameRate.inverse) * gridTicks
            if abs(onGrid - ticks) <= max(1, gridTicks / 4) { ticks = onGrid }
        }
        if let last, ticks <= last {
            ticks = last + 1
            counts.with { $0.moved += 1 }
        }
        last = ticks
        frame.time = ticks
        // Filters that change the unit of time (bwdif) leave the duration in the old one.
        frame.duration =
            constantDuration ?? max(0, rescale(frame.duration, from: self.base, to: plan.timeBase))
        frame.clearFrameType()
        if let before = held.take(), let time = before.time {
            // A frame is shown until the next one.
            if constantDuration.map({ ticks - time > $0 + $0 / 2 }) ?? true { before.duration = ticks - time }
            try sendPrevious()
            previous = consume before
        }
        held = consume frame
    }

    private func sendPrevious() throws {
        if let frame = previous.take(), try !output.send(frame) { input.refuse() }
    }

    /// Sends what is held at the end of the stream. The last frame is shown as long as the source says, also where the
    /// rate is constant.
    private func sendLast() throws {
        guard let frame = held.take(), let time = frame.time else { return try sendPrevious() }
        let end = end.map { rescale($0, from: base, to: plan.timeBase) - time } ?? 0
        if end > (constantDuration.map { $0 + $0 / 2 } ?? frame.duration) { frame.duration = end }
        // MP4 stores the length of a sample as the distance to the next one in file order. A last frame that is held has
        // to be last there too: no frame may be predicted from it, and none is if the one before is no B-frame.
        if let before = previous.take() {
            if frame.duration > before.duration + before.duration / 2 { before.chooseFrameType(isKey: false) }
            previous = consume before
        }
        try sendPrevious()
        if try !output.send(frame) { input.refuse() }
    }
}
