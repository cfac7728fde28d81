// The picture's way: decode, filter, encode.

import LibAV
import VTXModel
import VTXSystem

/// Decodes pictures and keeps those that belong to the cut.
struct VideoDecodeStage: Sendable {
    let decoder: Decoder
    let packets: Channel<Packet>
    let frames: Channel<Frame>
    /// Drops frames before 0.
    let isCutAtStart: Bool
    let limit: MediaTime?
    let nominalRate: Rational
    /// Latest end of a frame decoded, in output time.
    let reached: Guarded<MediaTime?>
    /// What has been decoded so far.
    let counts: Guarded<DecoderCounts>
    /// Called when all there is has been decoded and wanted.
    var atEnd: (@Sendable () -> Void)?

    func run() throws {
        let base = decoder.timeBase
        // A time that rounding moved by half a tick still counts as the time that was asked for.
        let end = limit.map { rescale($0.ticks, from: $0.base, to: base) }
        let usualDuration = max(1, rescale(1, from: nominalRate.inverse, to: base))
        var expected: Int64 = 0
        var isDone = false

        func take(_ frame: consuming Frame) throws {
            let isTimed = frame.time != nil
            let time = frame.time ?? expected
            let duration = frame.duration > 0 ? frame.duration : usualDuration
            frame.time = time
            expected = time + duration
            if isDone || (isCutAtStart && time < 0) { return }
            if let end, time >= end {
                isDone = true
                packets.refuse()
                return
            }
            if !isTimed { counts.with { $0.untimed += 1 } }
            frame.duration = end.map { min(duration, $0 - time) } ?? duration
            let end = MediaTime(time + frame.duration, base)
            reached.with { $0 = max($0 ?? end, end) }
            if try !frames.send(frame) {
                isDone = true
                packets.refuse()
            }
        }

        while let packet = try packets.receive() {
            try decoder.decode(packet, emit: take)
            counts.with { $0.update(decoder) }
        }
        try decoder.drain(emit: take)
        counts.with { $0.update(decoder) }
        if !isDone { atEnd?() }
        frames.close()
    }
}

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

    /// - Parameters:
    ///   - base: unit of incoming frames.
    ///   - counts: takes changes and times that did not rise.
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
        constantDuration = plan.isConstantRate ? rescale(1, from: plan.frameRate.inverse, to: plan.timeBase) : nil
        gridTicks = plan.isConstantRate && ticks.denominator == 1 && ticks.numerator > 1 ? ticks.numerator : nil
    }

    func run() throws {
        while let frame = try input.receive() { try filter(frame) }
        try finishGraph()
        output.close()
    }

    private func filter(_ frame: consuming Frame) throws {
        let newShape = frame.shape
        if shape != newShape {
            try finishGraph()
            if shape != nil { counts.with { $0.changes += 1 } }
            shape = newShape
            var chain = newShape == plan.expected ? plan.filters : plan.refit
            // Laying a picture over another may change the format.
            if canvas != nil { chain.append("format=\(plan.pixelFormat)") }
            if !chain.isEmpty {
                graph = try FilterGraph(
                    video: frame, timeBase: base, frameRate: plan.isConstantRate ? plan.frameRate : nil,
                    chain: chain, threads: plan.filterThreads, overlaySize: canvas?.size)
            }
        }
        guard let graph else { return try deliver(frame, base: base) }
        if let canvas, let time = frame.time {
            let over = try canvas.picture(at: MediaTime(time, base))
            over.time = time
            try graph.pushOverlay(over)
        }
        let outBase = graph.timeBase
        try graph.push(frame) { try deliver($0, base: outBase) }
    }

    private func finishGraph() throws {
        guard let graph else { return }
        let outBase = graph.timeBase
        try graph.drain { try deliver($0, base: outBase) }
        self.graph = nil
    }

    private func deliver(_ frame: consuming Frame, base: Rational) throws {
        guard let time = frame.time else { return }
        var ticks = rescale(time, from: base, to: plan.timeBase)
        if let gridTicks {
            // Containers round times (Matroska to milliseconds): put a frame that is nearly on the grid
            // back onto it, and leave alone one that really stands elsewhere.
            let first = anchor ?? ticks
            anchor = first
            let onGrid = first + rescale(ticks - first, from: plan.timeBase, to: plan.frameRate.inverse) * gridTicks
            if abs(onGrid - ticks) <= max(1, gridTicks / 4) { ticks = onGrid }
        }
        if let last, ticks <= last {
            ticks = last + 1
            counts.with { $0.moved += 1 }
        }
        last = ticks
        frame.time = ticks
        // Filters that change the unit of time (bwdif) leave the duration in the old one.
        frame.duration = constantDuration ?? max(0, rescale(frame.duration, from: self.base, to: plan.timeBase))
        frame.clearFrameType()
        if try !output.send(frame) { input.refuse() }
    }
}

/// Encoders may forget a frame's length: kept here until its packet comes out.
struct FrameDurations {
    private var known: [Int64: Int64] = [:]
    let usual: Int64

    init(nominalRate: Rational, base: Rational) { usual = max(1, rescale(1, from: nominalRate.inverse, to: base)) }

    mutating func note(_ frame: borrowing Frame) {
        if let time = frame.time { known[time] = frame.duration }
    }

    /// Frames before `time` are not encoded.
    mutating func forget(before time: Int64) { known = known.filter { $0.key >= time } }

    mutating func set(on packet: borrowing Packet) {
        let noted = packet.presentation.flatMap { known.removeValue(forKey: $0) } ?? 0
        packet.duration = noted > 0 ? noted : packet.duration > 0 ? packet.duration : usual
    }
}

/// Encodes pictures.
final class VideoEncodeStage: @unchecked Sendable {
    // @unchecked: runs on one thread.
    private let encoder: Encoder
    private let frames: Channel<Frame>
    private let sink: PacketSink
    private var durations: FrameDurations

    init(encoder: Encoder, nominalRate: Rational, frames: Channel<Frame>, sink: PacketSink) {
        self.encoder = encoder
        self.frames = frames
        self.sink = sink
        durations = FrameDurations(nominalRate: nominalRate, base: encoder.timeBase)
    }

    func run() throws {
        while let frame = try frames.receive() {
            durations.note(frame)
            try encoder.encode(frame, emit: write)
        }
        try encoder.drain(emit: write)
        sink.close()
    }

    private func write(_ packet: consuming Packet) throws {
        durations.set(on: packet)
        try sink.write(packet)
    }
}
