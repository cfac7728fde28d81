// How often a transcode reads its source: to measure loudness, for a first pass, and to encode.

import LibAV
import VTXModel
import VTXPipeline
import VTXSystem

/// The passes over one source, each with its progress.
struct TranscodePasses {
    private(set) var plan: TranscodePlan
    /// Encodes before this one, with other bit rates.
    private var number = 0
    /// Finished chunks; `nil` for an encode in one piece.
    let store: ChunkStore?
    let run: JobRun
    /// Where the work of the source is; `nil` if that is not known.
    private let curve: WorkCurve?

    private var interrupt: Interrupt { run.context.interrupt }

    /// - Parameter source: the plan's input, at its beginning.
    init(plan: TranscodePlan, source: Demuxer, store: ChunkStore?, run: JobRun) {
        self.plan = plan
        self.store = store
        self.run = run
        curve = WorkCurve(
            of: source, stream: plan.video?.stream, from: plan.origin,
            duration: plan.expectedDuration?.unplayed(at: plan.speed))
    }

    /// The passes for another encode of the same source.
    ///
    /// - Parameters:
    ///   - plan: with other bit rates.
    ///   - number: of encodes before.
    func again(_ plan: TranscodePlan, number: Int) -> TranscodePasses {
        var passes = self
        passes.plan = plan
        passes.number = number
        return passes
    }

    /// Measures the loudness of audio tracks that are to be normalized.
    ///
    /// - Returns: filters that bring each source stream to its target, and what was measured, in words.
    func measureLoudness() throws -> (gains: [Int: [String]], notes: [String]) {
        let targets = plan.audio.compactMap { track in
            track.encode?.loudness.map { (track.stream, $0) }
        }
        guard !targets.isEmpty else { return ([:], []) }
        let began = now()
        let meter = LoudnessMeter(
            plan: plan, source: try Demuxer(opening: plan.input, interrupt: interrupt), interrupt: interrupt)
        let measured = try meter.run(every: JobRun.interval) { position in
            var progress = JobProgress(
                phase: .loudness, position: position, expected: plan.expectedDuration?.unplayed(at: plan.speed),
                frames: 0, bytes: 0,
                elapsed: now() - began)
            progress.span = span(of: .loudness)
            run.report(progress, reached: position)
        }
        var gains: [Int: [String]] = [:]
        var notes: [String] = []
        for (stream, target) in targets {
            guard let loudness = measured[stream] else { continue }
            gains[stream] = loudness.filters(for: target)
            notes.append(loudness.note(stream: stream, target: target, filters: gains[stream] ?? []))
        }
        notes.forEach { run.context.events(.note($0)) }
        return (gains, notes)
    }

    /// Runs the first of two encoding passes, if the plan has two.
    ///
    /// - Parameter statistics: a file for the encoder's own use.
    /// - Returns: the encoder's statistics; empty if there is one pass.
    func firstPass(statistics: String) throws -> [UInt8] {
        guard let video = plan.video?.encode, video.passes > 1 else { return [] }
        let began = now()
        let pass = TranscodeRun(
            plan: plan, source: try Demuxer(opening: plan.input, interrupt: interrupt), output: nil,
            pass: .init(number: 1, count: video.passes, statistics: statistics), interrupt: interrupt)
        return try pass.run(every: JobRun.interval) { report(.firstPass, $0, began: began) }.statistics
    }

    /// Encodes and writes the output.
    ///
    /// Copied video that is decoded after it is shown, by its timestamps, is read again, with decoding times made of the
    /// order of display: only the whole source tells whether that is needed. For a pipe it is read before.
    ///
    /// - Parameters:
    ///   - gains: filters of each audio stream that bring it to its loudness.
    ///   - firstPass: statistics of the first pass; empty if there was none.
    ///   - statistics: a file for the encoder's own use.
    func encode(
        from source: Demuxer, to target: OutputTarget, gains: [Int: [String]], firstPass: [UInt8], statistics: String
    ) throws -> TranscodeRun.Outcome {
        let ordersVideo = try target.pipe != nil && isCopyLate()
        let outcome = try encode(
            from: source, to: target, gains: gains, firstPass: firstPass, statistics: statistics,
            ordersVideo: ordersVideo)
        guard outcome.written.isVideoLate, case .file(let path) = target else { return outcome }
        unlink(path)
        return try encode(
            from: try Demuxer(opening: plan.input, interrupt: interrupt), to: target, gains: gains,
            firstPass: firstPass,
            statistics: statistics, ordersVideo: true)
    }

    /// Whether copied video is decoded after it is shown, by its timestamps: it is copied once to nowhere, since a pipe cannot
    /// be written a second time.
    private func isCopyLate() throws -> Bool {
        guard let video = plan.video, video.encode == nil else { return false }
        let began = now()
        var alone = plan
        (alone.audio, alone.subtitles, alone.attachments, alone.cover, alone.chapters) = ([], [], [], nil, [])
        let copy = TranscodeRun(
            plan: alone, source: try Demuxer(opening: plan.input, interrupt: interrupt),
            output: .pipe(PipeOutput(descriptor: nil)), interrupt: interrupt)
        return try copy.run(every: JobRun.interval) { report(.read, $0, began: began) }.written.isVideoLate
    }

    private func encode(
        from source: Demuxer, to target: OutputTarget, gains: [Int: [String]], firstPass: [UInt8], statistics: String,
        ordersVideo: Bool
    ) throws -> TranscodeRun.Outcome {
        let began = now()
        let count = plan.video?.encode?.passes ?? 1
        let pass = TranscodeRun(
            plan: plan, source: source, output: target,
            pass: .init(number: count, count: count, statistics: statistics), firstPass: firstPass,
            gains: gains, store: store, ordersVideo: ordersVideo, interrupt: interrupt)
        var begun: MediaTime?
        return try pass.run(every: JobRun.interval) {
            begun = begun ?? $0.ahead?.position
            report($0.isFinishing ? .finish : number > 0 ? .correct : .encode, $0, began: began, begun: begun ?? .zero)
        }
    }

    private func report(
        _ phase: JobProgress.Phase, _ state: MuxProgress, began: Double, begun: MediaTime = .zero
    ) {
        var progress = JobProgress(
            phase: phase, position: max(state.position, state.ahead?.position ?? .zero), begun: begun,
            expected: plan.expectedDuration, frames: state.ahead?.frames ?? state.videoPackets,
            bytes: state.bytes + (state.ahead?.bytes ?? 0), elapsed: now() - began)
        progress.count(received: state.received, curve)
        progress.span = span(of: phase)
        run.report(progress, reached: state.end)
    }

    /// The part of all work that a phase is likely to be; `nil` if there is but one phase.
    ///
    /// Whether a target size needs another encode is known only after the one before: what remains is divided again then.
    private func span(of phase: JobProgress.Phase) -> ClosedRange<Double>? {
        let loudness = plan.audio.contains { $0.encode?.loudness != nil } ? plan.loudnessCost : 0
        let video = plan.video?.encode
        let first = video.map { $0.passes == 2 ? $0.firstPassCost : 0 } ?? 0
        guard plan.targetSize != nil || loudness + first > 0 else { return nil }
        // One pass alone misses a size more often.
        let isCertain = first > 0 || plan.targetSize?.isLimit == true
        var end = plan.targetSize == nil ? 1 : isCertain ? 0.9 : 0.5
        let unit = end / (loudness + first + 1)
        switch phase {
        case .loudness: return 0...loudness * unit
        case .firstPass: return loudness * unit...(loudness + first) * unit
        default: break
        }
        if number == 0 { return (loudness + first) * unit...end }
        for _ in 1..<number { end += (1 - end) / 2 }
        return end...end + (1 - end) / 2
    }
}
