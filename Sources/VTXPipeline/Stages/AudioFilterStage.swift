// Filters audio into what the encoder takes.

import LibAV
import VTXModel
import VTXSystem

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
                    filters = filters.map { $0.replacing(/:first_pts=\d+/, with: "") }
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
