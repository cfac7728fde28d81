// `vtx ladder`: from one file to an adaptive package, planned, run, checked and published whole.

import Glibc
import LibAV
public import VTXModel
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// Makes an adaptive package of one source: one decode, several renditions.
///
/// An interrupted run keeps its finished chunks; the next run of the same job resumes there.
public struct LadderJob: Job {
    /// The file to read.
    public var input: String
    /// What to make of it.
    public var options: LadderOptions
    /// Whether an existing package may be replaced.
    public var mayOverwrite: Bool
    /// Whether a source that is damaged or ends before its header says is accepted.
    public var allowsTruncated: Bool
    /// Passes over the video at a time, each with a decoder and encoders; `nil` for what is fastest.
    public var jobs: Int?
    /// Whether the work of an interrupted run is discarded.
    public var startsOver: Bool

    /// - Parameters:
    ///   - input: the file to read.
    ///   - options: what to make of it.
    ///   - mayOverwrite: whether an existing package may be replaced.
    ///   - allowsTruncated: whether a source that is damaged or ends before its header says is accepted.
    ///   - jobs: passes over the video at a time; `nil` for what is fastest.
    ///   - startsOver: whether the work of an interrupted run is discarded.
    public init(
        input: String, options: LadderOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false,
        jobs: Int? = nil, startsOver: Bool = false
    ) {
        self.input = input
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
        self.jobs = jobs
        self.startsOver = startsOver
    }

    /// Decides what would be done. Writes nothing.
    public func plan(in context: JobContext) throws(VTXError) -> LadderPlan {
        try context.receive(input)
        let plan = try prepare(context).plan
        _ = try keys(of: plan, context)
        _ = try PlayerFiles(plan.player)
        try checkEncoderOptions(
            of: (plan.video?.rungs ?? []).map(\.encode), preset: options.preset,
            needsGlobalHeader: plan.segments == .fmp4)
        return plan
    }

    private func keys(of plan: LadderPlan, _ context: JobContext) throws(VTXError) -> PackageEncryption? {
        guard let encryption = plan.encryption else { return nil }
        return try PackageEncryption(encryption, mayReplace: mayOverwrite, cleanup: context.cleanup)
    }

    /// A source with the plan for it.
    private struct Prepared {
        var plan: LadderPlan
        var source: MediaDescription
        var demuxer: Demuxer

        /// All renditions are as long as the longest track.
        func lengths(of files: LadderFiles, _ outcome: LadderRun.Outcome) -> [LengthVerdict.Track] {
            let ends = plan.timedStreams.map { ($0, outcome.reading.streams[$0]?.end ?? .zero) }
            guard let longest = ends.max(by: { $0.1 < $1.1 }) else { return [] }
            let frame = plan.video == nil ? 0.1 : plan.grid.frameRate.inverse.value
            return [LengthVerdict.Track(stream: longest.0, frame: frame, end: files.duration)]
        }
    }

    private func prepare(_ context: JobContext) throws(VTXError) -> Prepared {
        let demuxer = try SourceFile.open(input, interrupt: context.interrupt)
        var source = try SourceFile.describe(
            demuxer, .planning, program: ProgramChoice(number: options.program),
            needsCaptions: options.captions == .webVTT)
        SourceFile.findBars(in: &source, for: options.filters)
        var options = options
        try SourceFile.describe(subtitles: &options.subtitleFiles, encoding: options.subtitleEncoding)
        try SourceFile.check(overlay: options.filters.overlay)
        let plan = try planLadder(of: source, options: options, capabilities: .ofThisBuild)
        try context.limits.check(source, streams: plan.timedStreams, expected: plan.expectedDuration)
        return Prepared(plan: plan, source: source, demuxer: demuxer)
    }

    /// Makes the package.
    ///
    /// - Parameter context: receives the plan once, before anything is written, and progress five times a second.
    /// - Throws: `.badMedia` also if the source turns out to be shorter than its header says.
    public func run(in context: JobContext) throws(VTXError) -> LadderReport {
        try context.checkExisting(input)
        let staging = try StagingDirectory(
            for: options.output, inputs: [input] + options.otherInputs, mayReplace: mayOverwrite,
            cleanup: context.cleanup)
        try context.receive(input)
        let run = JobRun(
            context, input: input, output: options.output, files: [input] + options.otherInputs)
        let prepared = try prepare(context)
        let plan = prepared.plan
        let encryption = try keys(of: plan, context)
        let workspace = plan.video == nil ? nil : try Workspace(for: staging.destination, cleanup: context.cleanup)
        let player = try PlayerFiles(plan.player)
        do {
            let found = try workspace?.open(
                plan, of: [input] + options.contentInputs, streams: LadderRun.streams(of: plan),
                encoded: (plan.video?.rungs ?? []).map(\.name), startsOver: startsOver, fraction: plan.fraction)
            run.announce(.ladder(plan), found)
            let files = try LadderFiles(plan: plan, directory: staging.path, encryption: encryption)
            let outcome = try encode(
                prepared, to: files, workspace, isResumed: found != nil && found?.discarded == nil, run)
            let warnings = try check(outcome, of: prepared, in: files, run)
            let renditions = try files.finish()
            try player?.write(to: staging.path)
            try run.checkStopped()
            try staging.publish(with: encryption)
            workspace?.remove()
            plan.notes(on: outcome).forEach { context.events(.note($0)) }
            warnings.forEach { context.events(.warning($0)) }
            return LadderReport(
                input: input, output: plan.output, renditions: renditions, duration: files.duration,
                frames: outcome.frames, elapsed: run.elapsed, warnings: warnings)
        } catch {
            throw run.failure(error, workspace: workspace)
        }
    }

    private func encode(
        _ prepared: Prepared, to files: LadderFiles, _ workspace: Workspace?, isResumed: Bool, _ run: JobRun
    ) throws -> LadderRun.Outcome {
        let plan = prepared.plan
        let ladder = LadderRun(
            plan: plan, source: prepared.demuxer, interrupt: run.context.interrupt, store: workspace?.store,
            jobs: jobs ?? usualJobs(for: plan, cores: options.cores, memory: physicalMemory()),
            receiver: files.receiver)
        let curve = WorkCurve(
            of: prepared.demuxer, stream: plan.video?.stream, from: plan.origin, duration: plan.expectedDuration)
        var meter = LadderMeter(plan: plan, isResumed: isResumed, curve: curve)
        return try ladder.run(every: JobRun.interval) { states in
            let progress = meter.progress(states, elapsed: run.elapsed)
            run.report(progress, reached: meter.reached)
        }
    }

    /// Whether the package is all that the source promised.
    ///
    /// - Returns: what was repaired, or missing and accepted.
    private func check(
        _ outcome: LadderRun.Outcome, of prepared: Prepared, in files: LadderFiles, _ run: JobRun
    ) throws -> [String] {
        var warnings: [String] = []
        try run.checkUnchanged(isError: !allowsTruncated, adding: &warnings)
        try SourceVerdict(
            path: input, source: prepared.source, reading: outcome.reading, decoders: outcome.decoders,
            origin: prepared.plan.origin, limit: nil, streams: prepared.plan.timedStreams, reached: files.duration,
            allowsTruncated: allowsTruncated
        ).check(adding: &warnings)
        try LengthVerdict(
            path: input, tracks: prepared.lengths(of: files, outcome), reading: outcome.reading,
            decoders: outcome.decoders, limit: nil, allowsTruncated: allowsTruncated
        ).check(adding: &warnings)
        var notices: [String] = []
        let subtitles = files.end(outcome.subtitles)
        SubtitleVerdict(tracks: zip(prepared.plan.subtitles, subtitles).map { ($0.track, $1) })
            .check(adding: &warnings, notices: &notices)
        let plan = prepared.plan
        CaptionVerdict(decisions: plan.decisions, counts: plan.video.flatMap { outcome.decoders[$0.stream] })
            .check(adding: &notices)
        try run.watch.finish(duration: files.duration, warnings: warnings)
        try files.verify(outcome)
        return warnings + notices
    }
}

extension LadderPlan {
    /// Source streams of video and audio.
    fileprivate var timedStreams: [Int] { (video.map { [$0.stream] } ?? []) + Set(audio.map(\.track.stream)).sorted() }

    /// What was encoded again.
    fileprivate func notes(on outcome: LadderRun.Outcome) -> [String] {
        (video?.rungs ?? []).compactMap { rung in
            guard let dropped = outcome.renditions[rung.name]?.dropped, dropped > 0 else { return nil }
            return "\(rung.name): \(counted(dropped, "frame was", "frames were")) encoded again, "
                + "to keep to the VBV maxrate across chunks"
        }
    }

    /// How much of all rungs' frames is in finished chunks, from 0 to 1; `nil` if the duration is not known.
    fileprivate func fraction(in store: ChunkStore) -> Double? {
        guard let due = expectedFrames, due > 0, let rungs = video?.rungs, !rungs.isEmpty else { return nil }
        let fractions = rungs.map { rung in
            let done = store.summaries(of: rung.name).reduce(0) { $0 + $1.packets } * rung.frameDivisor
            return min(1, Double(done) / Double(due))
        }
        return fractions.reduce(0, +) / Double(fractions.count)
    }
}

/// Bytes of memory that the machine has.
private func physicalMemory() -> Int64 {
    Int64(max(0, sysconf(Int32(_SC_PHYS_PAGES)))) * Int64(max(0, sysconf(Int32(_SC_PAGESIZE))))
}
