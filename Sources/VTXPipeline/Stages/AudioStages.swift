// The audio's way: decode, filter, encode.

import LibAV
import VTXModel
import VTXSystem

/// Decodes audio and leaves out what lies wholly outside the cut.
struct AudioDecodeStage: Sendable {
    let decoder: Decoder
    let packets: Channel<Packet>
    let frames: Channel<Frame>
    let isCutAtStart: Bool
    let limit: MediaTime?
    let reached: Guarded<MediaTime?>
    let counts: Guarded<DecoderCounts>

    func run() throws {
        let base = decoder.timeBase
        let end = limit.map { rescale($0.ticks, from: $0.base, to: base) }
        var expected: Int64?
        var isDone = false

        func take(_ frame: consuming Frame) throws {
            guard frame.sampleRate > 0 else { return }
            let isTimed = frame.time != nil
            let time = frame.time ?? expected ?? 0
            let due = expected
            let duration = rescale(Int64(frame.samples), from: Rational(1, Int64(frame.sampleRate)), to: base)
            frame.time = time
            expected = time + duration
            if isDone || (isCutAtStart && time + duration <= 0) { return }
            if let end, time >= end {
                isDone = true
                packets.refuse()
                return
            }
            reached.with { $0 = MediaTime(min(time + duration, end ?? .max), base) }
            if !isTimed { counts.with { $0.untimed += 1 } }
            if let due { note(gap: MediaTime(time - due, base)) }
            // From here on in samples: the container's unit may be too coarse for them.
            let samples = Rational(1, Int64(frame.sampleRate))
            frame.time = rescale(time, from: base, to: samples)
            if try !frames.send(frame) {
                isDone = true
                packets.refuse()
            }
        }

        while let packet = try packets.receive() { try decoder.decode(packet, emit: take) }
        try decoder.drain(emit: take)
        counts.with { $0.update(decoder) }
        frames.close()
    }

    /// Counts what the filter that follows will fill or cut: `aresample` does so from 20 ms on.
    private func note(gap: MediaTime) {
        if gap.seconds >= 0.02 {
            counts.with {
                $0.gaps += 1
                $0.silence = $0.silence + gap
            }
        } else if gap.seconds <= -0.02 {
            counts.with { $0.overlaps += 1 }
        }
    }
}

/// Cuts to the sample, and brings audio into the encoder's rate, layout and frame size.
final class AudioFilterStage: @unchecked Sendable {
    // @unchecked: runs on one thread.
    private let chain: (_ sampleRate: Int) -> [String]
    private let frameSize: Int
    private let input: Channel<Frame>
    private let output: Channel<Frame>
    private let outputBase: Rational
    private var graph: FilterGraph?
    private var format: String?
    private var next: Int64?
    private let fillUntil: (() throws -> MediaTime)?
    private let counts: Guarded<DecoderCounts>?
    private var last: Frame?

    /// - Parameters:
    ///   - counts: takes changes of the format.
    ///   - fillUntil: asked once at the end of the track for the end of the whole source; silence fills the rest. `nil`
    ///     leaves the track as long as it is.
    init(
        chain: @escaping (_ sampleRate: Int) -> [String], frameSize: Int, outputBase: Rational,
        input: Channel<Frame>, output: Channel<Frame>, counts: Guarded<DecoderCounts>? = nil,
        fillUntil: (() throws -> MediaTime)? = nil
    ) {
        self.counts = counts
        self.fillUntil = fillUntil
        self.chain = chain
        self.frameSize = frameSize
        self.outputBase = outputBase
        self.input = input
        self.output = output
    }

    func run() throws {
        while let frame = try input.receive() {
            let newFormat = frame.audioFormat
            if format != newFormat {
                try finishGraph()
                var filters = chain(frame.sampleRate)
                if format != nil {
                    counts?.with { $0.changes += 1 }
                    // What comes before has been written: it is not filled again.
                    filters = filters.map { $0.replacing(":first_pts=0", with: "") }
                }
                format = newFormat
                graph = try FilterGraph(
                    audio: frame, timeBase: Rational(1, Int64(frame.sampleRate)),
                    chain: filters, frameSize: frameSize)
            }
            guard let graph else { continue }
            let base = graph.timeBase
            if fillUntil != nil { last = try frame.copy() }
            try graph.push(frame) { try deliver($0, base: base) }
        }
        try fill()
        try finishGraph()
        output.close()
    }

    private func fill() throws {
        guard let fillUntil, let graph, let pattern = last.take() else { return }
        let rate = Int64(pattern.sampleRate)
        let base = Rational(1, rate)
        var time = (pattern.time ?? 0) + Int64(pattern.samples)
        let target = try fillUntil()
        let end = rescale(target.ticks, from: target.base, to: base)
        let outBase = graph.timeBase
        while time < end {
            let count = min(end - time, rate / 10)
            let silence = try Frame(silenceLike: pattern, samples: Int(count))
            silence.time = time
            time += count
            try graph.push(silence) { try deliver($0, base: outBase) }
        }
    }

    private func finishGraph() throws {
        guard let graph else { return }
        let base = graph.timeBase
        try graph.drain { try deliver($0, base: base) }
        self.graph = nil
    }

    private func deliver(_ frame: consuming Frame, base: Rational) throws {
        var time = frame.time.map { rescale($0, from: base, to: outputBase) } ?? next ?? 0
        // A new graph after a change of format may start inside what the old one ended with.
        if let next, time < next { time = next }
        frame.time = time
        next = time + rescale(Int64(frame.samples), from: outputBase, to: outputBase)
        if try !output.send(frame) { input.refuse() }
    }
}

/// The filters before and after those of the plan.
func audioChain(
    plan: AudioEncodePlan, isCutAtStart: Bool, limit: MediaTime?, gain: [String]
) -> (_ sampleRate: Int) -> [String] {
    { sampleRate in
        var filters: [String] = []
        if isCutAtStart || limit != nil {
            var bounds: [String] = isCutAtStart ? ["start_pts=0"] : []
            if let limit {
                bounds.append("end_pts=\(rescale(limit.ticks, from: limit.base, to: Rational(1, Int64(sampleRate))))")
            }
            filters.append("atrim=" + bounds.joined(separator: ":"))
        }
        filters += plan.filters
        filters += gain
        filters.append(
            "aformat=sample_fmts=\(plan.sampleFormat):sample_rates=\(plan.sampleRate)"
                + ":channel_layouts=\(plan.layout)")
        return filters
    }
}

/// Encodes audio.
struct AudioEncodeStage: Sendable {
    let encoder: Encoder
    let frames: Channel<Frame>
    let sink: PacketSink

    func run() throws {
        while let frame = try frames.receive() { try encoder.encode(frame, emit: sink.write) }
        try encoder.drain(emit: sink.write)
        sink.close()
    }
}
