// `vtx transcode`: from one file to another, planned, run, checked and only then given its name.

import LibAV
public import VTXModel
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// Converts one file to another.
///
/// If the output is called `-`, it goes to standard output while it is encoded: what was written stays there if the job
/// fails. Until it ends, everything else that the process writes to standard output goes to standard error.
///
/// A transcode in chunks (`TranscodeOptions.chunkDuration`) keeps what it has done when it is interrupted; the next run
/// of the same job resumes there.
public struct TranscodeJob: Job {
    /// The file to read.
    public var input: String
    /// What to make of it.
    public var options: TranscodeOptions
    /// Whether an existing output may be replaced.
    public var mayOverwrite: Bool
    /// Whether a source that is damaged or ends before its header says is accepted.
    public var allowsTruncated: Bool
    /// Whether the work of an interrupted run is discarded.
    public var startsOver: Bool

    /// What would be done, and the source it is planned for.
    public struct Plan: Hashable, Sendable {
        /// What would be done.
        public var plan: TranscodePlan
        /// The source.
        public var source: MediaDescription
    }

    /// - Parameters:
    ///   - input: the file to read.
    ///   - options: what to make of it.
    ///   - mayOverwrite: whether an existing output may be replaced.
    ///   - allowsTruncated: whether a source that is damaged or ends before its header says is accepted.
    ///   - startsOver: whether the work of an interrupted run is discarded.
    public init(
        input: String, options: TranscodeOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false,
        startsOver: Bool = false
    ) {
        self.input = input
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
        self.startsOver = startsOver
    }

    /// Decides what would be done. Writes nothing.
    public func plan(in context: JobContext) throws(VTXError) -> Plan {
        try context.receive(input)
        let plan = try prepare(context).plan
        try checkEncoderOptions(
            of: [plan.plan.video?.encode].compactMap { $0 }, given: options.encoderOptions, preset: options.preset,
            needsGlobalHeader: Muxer.needsGlobalHeader(format: plan.plan.container.muxer))
        return plan
    }

    private func prepare(_ context: JobContext) throws(VTXError) -> (plan: Plan, demuxer: Demuxer) {
        let demuxer = try SourceFile.open(input, interrupt: context.interrupt)
        // Decoding a few frames is worth its time only for video that will be encoded.
        let needsSample = !options.copiesVideo && options.video != .none
        var source = try SourceFile.describe(
            demuxer, needsSample ? .planning : .brief,
            program: ProgramChoice(number: options.program, videoStream: options.videoStream),
            needsCaptions: options.captions == .webVTT && options.video != .none)
        var options = options
        if needsSample {
            SourceFile.findBars(
                in: &source, for: options.filters, stream: options.videoStream, start: options.start,
                length: options.duration ?? options.end.map { $0 - (options.start ?? .zero) })
        }
        try SourceFile.describe(subtitles: &options.subtitleFiles, encoding: options.subtitleEncoding)
        if var file = options.burn?.file {
            try SourceFile.describe(subtitle: &file, encoding: options.subtitleEncoding)
            options.burn = .file(file)
        }
        try SourceFile.check(overlay: options.filters.overlay)
        try SourceFile.read(&options.tags)
        let capabilities = Capabilities.ofThisMachine(options.encoder)
        var plan = try planTranscode(of: source, options: options, capabilities: capabilities)
        if let points = try findCutPoints(for: plan, interrupt: context.interrupt) {
            options.cutPoints = points
            plan = try planTranscode(of: source, options: options, capabilities: capabilities)
        }
        try checkChains(options.filters, of: plan)
        try EditLists.check(plan, of: demuxer)
        try checkStamps(of: plan, interrupt: context.interrupt)
        try context.limits.check(source, streams: plan.timedStreams, expected: plan.expectedDuration)
        return (Plan(plan: plan, source: source), demuxer)
    }

    /// Converts the file.
    ///
    /// - Parameter context: receives the plan once, before anything is written, and progress five times a second.
    /// - Throws: `.badMedia` also if the source turns out to be shorter than its header says.
    public func run(in context: JobContext) throws(VTXError) -> TranscodeReport {
        let inputs = [input] + options.otherInputs
        // Before the plan: a wrong name should not cost a look at the whole source.
        try context.checkExisting(input)
        let file =
            options.isStreamed
            ? nil
            : try OutputFile(options.output, inputs: inputs, mayReplace: mayOverwrite, cleanup: context.cleanup)
        let output: any TranscodeOutput =
            if let file { file } else { try StandardOutput(inputs: inputs, cleanup: context.cleanup) }
        try context.receive(input)
        let run = JobRun(context, input: input, output: output.name, files: inputs)
        let (plan, demuxer) = try prepare(context)
        let workspace =
            plan.plan.chunkDuration == nil ? nil : try Workspace(for: options.output, cleanup: context.cleanup)
        if let workspace { file?.move(into: workspace.path) }
        do {
            let found = try workspace?.open(
                plan.plan, of: inputs, streams: TranscodeRun.chunkStreams, encoded: TranscodeRun.chunkStreams,
                startsOver: startsOver, fraction: plan.plan.fraction)
            run.announce(.transcode(plan.plan), found)
            return try encode(plan, demuxer, to: output, workspace, run)
        } catch {
            output.discard()
            throw run.failure(error, workspace: workspace).afterStreaming(context.hasStreamed)
        }
    }

    private func encode(
        _ planned: Plan, _ demuxer: Demuxer, to output: any TranscodeOutput, _ workspace: Workspace?, _ run: JobRun
    ) throws -> TranscodeReport {
        let plan = planned.plan
        let passes = TranscodePasses(plan: plan, source: demuxer, store: workspace?.store, run: run)
        let loudness = try passes.measureLoudness()
        // The encoders' own scratch files: x264 and x265 add suffixes to the name they are given.
        for suffix in [".temp", ".mbtree", ".cutree", ".mbtree.temp", ".cutree.temp"] {
            _ = output.scratchFile(".stats" + suffix)
        }
        let statisticsFile = output.scratchFile(".stats")
        let statistics = try passes.firstPass(statistics: statisticsFile)
        try run.checkStopped()
        let encode = { (passes: TranscodePasses, number: Int) in
            let source = number == 0 ? demuxer : try Demuxer(opening: plan.input, interrupt: run.context.interrupt)
            return try passes.encode(
                from: source, to: output.target, gains: loudness.gains, firstPass: statistics,
                statistics: statisticsFile)
        }
        let sized = (output as? OutputFile).flatMap { file in
            plan.targetSize.map { SizedEncode(passes: passes, target: $0, output: file) }
        }
        let (outcome, encodes) = try sized?.run(encode) ?? (encode(passes, 0), 1)
        let (warnings, notices) = try check(outcome, of: planned, in: output, run)
        try run.checkStopped()
        let size = output.size
        try output.publish()
        output.discard()
        workspace?.remove()
        let sizes = sizeNotes(size, of: plan, source: planned.source, encodes: encodes)
        sizes.forEach { run.context.events(.note($0)) }
        (warnings + notices).forEach { run.context.events(.warning($0)) }
        return TranscodeReport(
            input: input, output: plan.output, duration: outcome.written.end, size: size,
            frames: outcome.written.videoPackets, elapsed: run.elapsed, notes: loudness.notes + sizes,
            warnings: warnings + notices, cut: plan.cut)
    }

    /// Whether the output is all that the source promised.
    ///
    /// - Returns: what was repaired, or missing and accepted; and what was changed without being a fault.
    private func check(
        _ outcome: TranscodeRun.Outcome, of planned: Plan, in output: any TranscodeOutput, _ run: JobRun
    ) throws -> (warnings: [String], notices: [String]) {
        let plan = planned.plan
        var (warnings, notices): ([String], [String]) = ([], [])
        try run.checkUnchanged(isError: !allowsTruncated, adding: &warnings)
        try SourceVerdict(
            path: input, source: planned.source, reading: outcome.reading, decoders: outcome.decoders,
            origin: plan.origin, limit: plan.sourceLimit, streams: plan.timedStreams, reached: outcome.written.position,
            allowsTruncated: allowsTruncated
        ).check(adding: &warnings)
        let verdict = TranscodeVerdict(input: input, plan: plan, outcome: outcome)
        try verdict.checkCounts(adding: &warnings)
        try LengthVerdict(
            path: input, tracks: verdict.lengths, reading: outcome.reading, decoders: outcome.decoders,
            limit: plan.limit, speed: plan.speed, allowsTruncated: allowsTruncated
        ).check(adding: &warnings)
        SubtitleVerdict(tracks: zip(plan.subtitles, outcome.subtitles).map { ($0, $1) })
            .check(adding: &warnings, notices: &notices)
        CaptionVerdict(decisions: plan.decisions, counts: plan.video.flatMap { outcome.decoders[$0.stream] })
            .check(adding: &notices)
        try run.watch.finish(duration: outcome.written.end, warnings: warnings)
        // What went into a pipe is not there any more to be read again.
        if case .file(let path) = output.target { try verdict.checkOutput(path) }
        return (warnings, notices)
    }
}

extension TranscodePlan {
    /// How much of the source is in finished chunks, from 0 to 1; `nil` if its duration is not known.
    fileprivate func fraction(in store: ChunkStore) -> Double? {
        guard let chunkDuration, let expected = expectedDuration?.seconds, expected > 0 else { return nil }
        let done = TranscodeRun.chunkStreams.reduce(0) { $0 + store.summaries(of: $1).count }
        return min(1, Double(done) * chunkDuration.value / expected)
    }
}
