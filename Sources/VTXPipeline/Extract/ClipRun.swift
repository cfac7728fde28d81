// A part of a video as an animation: the stages of a transcode up to the filter, then an encoder of images.
//
//     demux ─▶ decode ─▶ filter ─▶ write
//
// A GIF takes two runs: one over all frames for the colours that they need, and one that writes them.

package import LibAV
package import VTXModel
package import VTXSystem

/// One pass over the part of a source that becomes an animation.
package final class ClipRun {
    /// What comes out of the filters.
    private protocol Taker: AnyObject, Sendable {
        func take(_ frame: consuming Frame) throws
        func finish() throws
    }

    private let plan: ExtractPlan
    private let source: Demuxer
    private let interrupt: Interrupt

    /// What happened.
    package struct Outcome: Sendable {
        package var reading = SourceReading()
        package var decoders: [Int: DecoderCounts] = [:]
        /// Frames that were written.
        package var frames = 0
        /// How far the video was decoded.
        package var reached: MediaTime?
        /// Samples of the palette; empty if none was made.
        package var palette: [UInt8] = []
    }

    /// - Parameter source: the plan's input, at its beginning; it is used up.
    package init(plan: ExtractPlan, source: Demuxer, interrupt: Interrupt) {
        self.plan = plan
        self.source = source
        self.interrupt = interrupt
    }

    /// Looks at all frames for the 256 colours that suit them.
    package func choosePalette(every interval: Double, progress: (MediaTime) -> Void) throws -> Outcome {
        let taker = PaletteTaker()
        var outcome = try run(tail: paletteFilters, taker, every: interval, progress: progress)
        outcome.palette = taker.palette
        return outcome
    }

    /// Writes the animation.
    ///
    /// - Parameters:
    ///   - palette: of a GIF.
    ///   - output: the file to create.
    package func write(
        to output: String, palette: [UInt8], every interval: Double, progress: (MediaTime) -> Void
    ) throws -> Outcome {
        guard let images = plan.images else { throw VTXError(.internal, "no frames to write", remedy: .report()) }
        let writer = try AnimationWriter(creating: output, as: images.format, timeBase: clock)
        let taker = AnimationTaker(writer, palette: palette, base: clock)
        var outcome = try run(tail: [], taker, every: interval, progress: progress)
        outcome.frames = writer.frames
        return outcome
    }

    private var rate: Rational { plan.images?.frameRate ?? Rational(25) }
    /// Unit of the frames that come out of the filters.
    private var clock: Rational { rate.inverse }

    private func run(
        tail: [String], _ taker: any Taker, every interval: Double, progress report: (MediaTime) -> Void
    ) throws -> Outcome {
        guard let images = plan.images else { throw VTXError(.internal, "no frames to write", remedy: .report()) }
        let group = StageGroup(interrupt: interrupt)
        let packets: Channel<Packet> = group.channel(capacity: 16)
        let decoded: Channel<Frame> = group.channel(capacity: 1)
        let filtered: Channel<Frame> = group.channel(capacity: 1)
        let (reached, counts) = (Guarded<MediaTime?>(nil), Guarded(DecoderCounts()))
        let reading = Guarded(SourceReading())
        let decoder = try Decoder(for: source.parameters(of: plan.stream), threads: images.decoderThreads)
        let decode = VideoDecodeStage(
            decoder: decoder, packets: packets, frames: decoded, isCutAtStart: plan.skipped != nil, limit: plan.limit,
            nominalRate: rate, reached: reached, counts: counts)
        let filter = VideoFilterStage(
            plan: encodePlan(images, tail: tail), base: decoder.timeBase, input: decoded, output: filtered, canvas: nil,
            counts: counts)
        if plan.skipped != nil { try source.skip(to: plan.origin, stream: plan.stream, interrupt: interrupt) }
        let demux = DemuxStage(
            demuxer: source, origin: plan.origin, routes: [plan.stream: .stage(packets)], result: reading)
        group.start("write") {
            while let frame = try filtered.receive() { try taker.take(frame) }
            try taker.finish()
        }
        group.start("filter v") { try filter.run() }
        group.start("decode v") { try decode.run() }
        group.start("demux") { try demux.run() }
        try group.wait(every: interval) { report(reached.with { $0 } ?? .zero) }
        return Outcome(
            reading: reading.with { $0 }, decoders: [plan.stream: counts.with { $0 }], reached: reached.with { $0 })
    }

    /// The plan that the filter stage follows; nothing is encoded by it.
    private func encodePlan(_ images: ImagePlan, tail: [String]) -> VideoEncodePlan {
        VideoEncodePlan(
            codec: .h264, encoder: "", size: images.size, pixelFormat: "", frameRate: rate, isConstantRate: true,
            timeBase: clock, expected: images.expected, filters: images.filters + tail, refit: images.refit + tail,
            rate: .lossless)
    }

    /// Keeps the palette that comes last.
    private final class PaletteTaker: Taker, @unchecked Sendable {
        // @unchecked: used by one stage, read after it.
        private(set) var palette: [UInt8] = []

        func take(_ frame: consuming Frame) throws { palette = try frame.imageBytes() }
        func finish() throws {}
    }

    /// Gives frames their colours, and writes them.
    private final class AnimationTaker: Taker, @unchecked Sendable {
        // @unchecked: used by one stage.
        private let writer: AnimationWriter
        private let palette: [UInt8]
        private let base: Rational
        private var graph: FilterGraph?

        init(_ writer: AnimationWriter, palette: [UInt8], base: Rational) {
            self.writer = writer
            self.palette = palette
            self.base = base
        }

        func take(_ frame: consuming Frame) throws {
            guard !palette.isEmpty else { return try write(frame) }
            if graph == nil { graph = try FilterGraph(mapping: frame, timeBase: base, to: palette) }
            try graph?.push(frame) { try write($0) }
        }

        func finish() throws {
            try graph?.drain { try write($0) }
            do { try writer.finish() } catch let failure as AVFailure { throw WriteFailure(failure: failure) }
        }

        private func write(_ frame: borrowing Frame) throws {
            do { try writer.write(frame) } catch let failure as AVFailure { throw WriteFailure(failure: failure) }
        }
    }
}
