// `vtx transcode`: from one file to another, planned, run, checked and only then given its name.

import Glibc
import LibAV
public import VTXModel
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// One transcode.
public final class TranscodeJob {
    public let input: String
    public let options: TranscodeOptions
    public let mayOverwrite: Bool
    public let allowsTruncated: Bool
    /// Whether the work of an interrupted run is thrown away.
    public let startsOver: Bool
    public let limits: SourceLimits
    private let interrupt: Interrupt

    /// - Parameters:
    ///   - mayOverwrite: whether an existing output may be replaced.
    ///   - allowsTruncated: whether a source that ends before its header says is worth an output.
    ///   - startsOver: whether the work of an interrupted run is thrown away.
    ///   - limits: what the job may take.
    ///   - stop: set by a signal handler to end the job.
    public init(
        input: String, options: TranscodeOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false,
        startsOver: Bool = false, limits: SourceLimits = SourceLimits(), stop: StopSwitch = StopSwitch()
    ) {
        self.input = input
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
        self.startsOver = startsOver
        self.limits = limits
        interrupt = stop.interrupt
    }

    /// What would be done, with the source it was planned for. Writes nothing.
    public func plan() throws(VTXError) -> (plan: TranscodePlan, source: MediaDescription) {
        let (plan, source, _) = try prepare()
        return (plan, source)
    }

    /// Decoding a few frames is worth its time only for a picture that will be encoded.
    private var needsSample: Bool {
        options.video != .copy && options.video != .none
    }

    private func prepare() throws(VTXError) -> (TranscodePlan, MediaDescription, Demuxer) {
        let demuxer = try SourceFile.open(input, interrupt: interrupt)
        let source = SourceFile.describe(demuxer, needsSample ? .planning : .brief)
        var options = options
        try SourceFile.describe(subtitles: &options.subtitleFiles)
        let plan = try planTranscode(of: source, options: options, capabilities: .ofThisBuild)
        try limits.check(source, streams: plan.timedStreams, expected: plan.expectedDuration)
        return (plan, source, demuxer)
    }

    /// Runs the job.
    ///
    /// - Parameters:
    ///   - planned: called once, before anything is written, also with what an interrupted run has left.
    ///   - progress: called on this thread, about five times a second.
    /// - Throws: `.badMedia` also if the source turns out shorter than its header says.
    public func run(
        planned: (TranscodePlan, MediaDescription, Resumption?) -> Void,
        progress report: @escaping (TranscodeProgress) -> Void
    ) throws(VTXError) -> TranscodeReport {
        let began = now()
        // Before the plan: a wrong name should not cost a look at the whole source.
        try SourceFile.check(input)
        let output = try OutputFile(
            options.output, inputs: [input] + options.subtitleFiles.map(\.path), mayReplace: mayOverwrite)
        let (plan, source, demuxer) = try prepare()
        let watch = Watch(limits, path: input, interrupt: interrupt)
        let workspace = plan.chunkDuration == nil ? nil : try Workspace(for: output.path)
        if let workspace { output.move(into: workspace.path) }
        var last: TranscodeProgress?

        do {
            let found = try workspace?.open(
                plan, of: plan.input, streams: TranscodeRun.chunkStreams, encoded: TranscodeRun.chunkStreams,
                fresh: startsOver, fraction: plan.fraction)
            planned(plan, source, found)
            var passes = Passes(plan: plan, store: workspace?.store, interrupt: interrupt, watch: watch) {
                last = $0
                report($0)
            }
            let gains = try passes.measureLoudness()
            // The encoders' own scratch files: x264 and x265 add suffixes to the name they are given.
            for suffix in [".temp", ".mbtree", ".cutree", ".mbtree.temp", ".cutree.temp"] {
                _ = output.scratchFile(".stats" + suffix)
            }
            let statistics = try passes.firstPass(statistics: output.scratchFile(".stats"))
            if interrupt.isSet { throw Aborted() }
            let outcome = try passes.encode(
                from: demuxer, to: output.temporary, gains: gains, firstPass: statistics,
                statistics: output.temporary + ".stats")
            var warnings: [String] = []
            try SourceVerdict(
                path: input, source: source, reading: outcome.reading, decoders: outcome.decoders,
                origin: plan.origin, limit: plan.limit,
                streams: plan.timedStreams, reached: outcome.written.position, allowsTruncated: allowsTruncated
            ).check(adding: &warnings)
            try checkCounts(outcome, of: plan, adding: &warnings)
            try watch.finish(duration: outcome.written.end, warnings: warnings)
            try checkOutput(output.temporary, plan: plan, outcome: outcome)
            if interrupt.isSet { throw Aborted() }
            let size = FileStatus(output.temporary)?.size ?? 0
            try output.publish()
            output.discard()
            workspace?.remove()
            return TranscodeReport(
                input: input, output: plan.output, duration: outcome.written.end,
                size: size, frames: outcome.written.videoPackets, elapsed: milliseconds(now() - began),
                notes: passes.notes,
                warnings: warnings)
        } catch {
            var failure = watch.violation ?? jobError(error, input: input, output: options.output)
            if let remedy = spaceRemedy(failure, workspace: workspace, fraction: last?.fraction, bytes: last?.bytes) {
                failure.remedy = remedy
            }
            output.discard()
            workspace?.keep(after: failure)
            throw failure
        }
    }

    /// Every frame that went in came out, and every track has something in it.
    private func checkCounts(
        _ outcome: TranscodeRun.Outcome, of plan: TranscodePlan, adding warnings: inout [String]
    ) throws(VTXError) {
        let empty = zip(plan.timedStreams, outcome.written.ends).filter { $0.1 == nil }.map(\.0)
        if let stream = empty.first, stream == plan.video?.stream || empty.count == plan.timedStreams.count {
            throw VTXError(
                .badMedia, "stream \(stream) of \(input) has no frame in the part that was asked for",
                remedy: "check \(.start), \(.end) and \(.duration), or get a whole copy of the file")
        }
        for stream in empty {
            warnings.append("stream \(stream) has no audio in the part that was asked for: its track is empty")
        }
        if outcome.written.repairedTimes > 0 {
            warnings.append("\(outcome.written.repairedTimes) packets had times that did not rise and were moved")
        }
        if let encoded = outcome.encodedFrames, encoded != outcome.written.videoPackets {
            throw VTXError(
                .internal, "\(encoded) frames went into the encoder and \(outcome.written.videoPackets) came out")
        }
    }

    /// Reads the finished file's header again: what it says must be what was written.
    private func checkOutput(_ path: String, plan: TranscodePlan, outcome: TranscodeRun.Outcome) throws {
        let written = try Demuxer(opening: path, headerOnly: true).describe()
        let tracks = plan.timedStreams.count
        // Some containers leave out tracks with nothing in them.
        let empty = zip(plan.timedStreams, outcome.written.ends).count { $0.1 == nil }
        let found = written.streams.count { ($0.kind == .video && !$0.isCoverArt) || $0.kind == .audio }
        guard (tracks - empty...tracks).contains(found) else {
            throw VTXError(
                .internal, "the output has \(found) audio and video tracks instead of \(tracks)",
                remedy: .report(with: "the output of \(command: .probe)"))
        }
        let end = outcome.written.end
        guard let duration = written.duration, written.durationSource == .header else { return }
        // Frames of the slowest rates last 100 ms and more, and codecs pad their last frame.
        let frame = plan.video?.encode?.frameRate.inverse.value ?? 0.1
        guard duration.seconds >= end.seconds - max(0.1, 2 * frame) else {
            throw VTXError(
                .internal,
                "the output lasts \(duration), but \(end) were written",
                remedy: .report(with: "the output of \(command: .probe)"))
        }
    }
}

extension TranscodePlan {
    /// How much of the source is in finished chunks, from 0 to 1.
    fileprivate func fraction(in store: ChunkStore) -> Double? {
        guard let chunkDuration, let expected = expectedDuration?.seconds, expected > 0 else { return nil }
        let done = TranscodeRun.chunkStreams.reduce(0) { $0 + store.summaries(of: $1).count }
        return min(1, Double(done) * chunkDuration.value / expected)
    }
}

/// Ends a running job from anywhere, a signal handler's thread among them.
public final class StopSwitch: Sendable {
    let interrupt = Interrupt()

    public init() {}

    /// Asks the job to stop; it ends as soon as its encoders let go, and leaves nothing behind.
    public func stop() { interrupt.set() }
}

/// The times the source is gone through, each with its progress.
private struct Passes {
    let plan: TranscodePlan
    let store: ChunkStore?
    let interrupt: Interrupt
    let watch: Watch
    let progress: (TranscodeProgress) -> Void
    var notes: [String] = []
    private static let interval = 0.2

    init(
        plan: TranscodePlan, store: ChunkStore?, interrupt: Interrupt, watch: Watch,
        progress: @escaping (TranscodeProgress) -> Void
    ) {
        self.plan = plan
        self.store = store
        self.interrupt = interrupt
        self.watch = watch
        self.progress = progress
    }

    mutating func measureLoudness() throws -> [Int: [String]] {
        let targets = plan.audio.compactMap { track in
            track.encode?.loudness.map { (track.stream, $0) }
        }
        guard !targets.isEmpty else { return [:] }
        let began = now()
        let meter = LoudnessMeter(
            plan: plan, source: try Demuxer(opening: plan.input, interrupt: interrupt), interrupt: interrupt)
        let measured = try meter.run(every: Self.interval) { position in
            report(.loudness, position: position, began: began)
        }
        var gains: [Int: [String]] = [:]
        for (stream, target) in targets {
            guard let loudness = measured[stream] else { continue }
            gains[stream] = loudness.filters(for: target)
            notes.append(describe(loudness, stream: stream, target: target, filters: gains[stream] ?? []))
        }
        return gains
    }

    func firstPass(statistics: String) throws -> [UInt8] {
        guard let video = plan.video?.encode, video.passes > 1 else { return [] }
        let began = now()
        let run = TranscodeRun(
            plan: plan, source: try Demuxer(opening: plan.input, interrupt: interrupt), output: nil,
            pass: .init(number: 1, count: video.passes, statistics: statistics), interrupt: interrupt)
        return try run.run(every: Self.interval) { report(.firstPass, $0, began: began) }.statistics
    }

    func encode(
        from source: Demuxer, to path: String, gains: [Int: [String]], firstPass: [UInt8], statistics: String
    ) throws -> TranscodeRun.Outcome {
        let began = now()
        let count = plan.video?.encode?.passes ?? 1
        let run = TranscodeRun(
            plan: plan, source: source, output: path,
            pass: .init(number: count, count: count, statistics: statistics), firstPass: firstPass,
            gains: gains, store: store, interrupt: interrupt)
        var begun: MediaTime?
        return try run.run(every: Self.interval) {
            begun = begun ?? $0.ahead?.position
            report($0.isFinishing ? .finish : .encode, $0, began: began, begun: begun ?? .zero)
        }
    }

    private func report(
        _ phase: TranscodeProgress.Phase, _ state: MuxProgress, began: Double, begun: MediaTime = .zero
    ) {
        watch.look(position: state.end)
        progress(
            TranscodeProgress(
                phase: phase, position: max(state.position, state.ahead?.position ?? .zero), begun: begun,
                expected: plan.expectedDuration, frames: state.ahead?.frames ?? state.videoPackets,
                bytes: state.bytes + (state.ahead?.bytes ?? 0), elapsed: now() - began))
    }

    private func report(_ phase: TranscodeProgress.Phase, position: MediaTime, began: Double) {
        watch.look(position: position)
        progress(
            TranscodeProgress(
                phase: phase, position: position, expected: plan.expectedDuration, frames: 0, bytes: 0,
                elapsed: now() - began))
    }
}

private func describe(
    _ loudness: Loudness, stream: Int, target: LoudnessTarget, filters: [String]
) -> String {
    func one(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    let measured = "stream \(stream) measures \(one(loudness.integrated)) LUFS, peak \(one(loudness.truePeak)) dBTP"
    if filters.isEmpty { return "\(measured): silence, left as it is" }
    let gain = "gain \(one(target.integrated - loudness.integrated)) dB"
    return filters.count == 1
        ? "\(measured): \(gain)" : "\(measured): \(gain), peaks limited to \(one(target.truePeak)) dBTP"
}

/// Seconds to the nearest thousandth: more would be noise in JSON.
func milliseconds(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

/// Whatever stopped a job, as an error for people.
func jobError(_ error: any Error, input: String, output: String) -> VTXError {
    switch error {
    case let error as VTXError: error
    case let failure as WriteFailure: failure.failure.writing(output)
    case let failure as AVFailure:
        failure.errno == ENOMEM
            ? VTXError(.inputOutput, "cannot \(failure.operation)", cause: failure.words) : failure.reading(input)
    case is Aborted: VTXError(.interrupted, "interrupted; nothing was written to \(output)")
    default: VTXError(.internal, "\(error)")
    }
}
