// `vtx join`: several files one after the other in one.
//
// Every file is read twice: once for where its tracks begin and end, which headers do not tell exactly enough, and once
// to be copied or encoded.

import LibAV
public import VTXModel
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// Joins files: tracks are copied where their packets fit together, and encoded in the first one's shape otherwise.
public struct JoinJob: Job {
    /// The files, in the order in which they are shown.
    public var inputs: [String]
    /// What to make of them; what concerns a part of a source has no effect.
    public var options: TranscodeOptions
    /// Whether an existing output may be replaced.
    public var mayOverwrite: Bool
    /// Whether files that are damaged or end before their headers say are accepted.
    public var allowsTruncated: Bool

    /// - Parameters:
    ///   - inputs: the files, in the order in which they are shown.
    ///   - options: what to make of them.
    ///   - mayOverwrite: whether an existing output may be replaced.
    ///   - allowsTruncated: whether files that are damaged or end before their headers say are accepted.
    public init(
        inputs: [String], options: TranscodeOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false
    ) {
        self.inputs = inputs
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
    }

    /// Decides what would be done: reads the files whole, writes nothing.
    public func plan(in context: JobContext) throws(VTXError) -> JoinPlan {
        do { return try prepare(context) { _, _ in }.plan } catch {
            throw jobError(error, input: inputs.joined(separator: ", "), output: options.output)
        }
    }

    private func prepare(
        _ context: JobContext, progress: (Int, String) -> Void
    ) throws -> (plan: JoinPlan, sources: [JoinSource]) {
        var sources: [JoinSource] = []
        for (index, path) in inputs.enumerated() {
            if context.interrupt.isSet { throw Aborted() }
            progress(index, path)
            let demuxer = try SourceFile.open(path, interrupt: context.interrupt)
            let description = try SourceFile.describe(
                demuxer, .planning, program: ProgramChoice(number: options.program, videoStream: options.videoStream))
            let streams = description.streams.filter { stream in
                [.video, .audio].contains(stream.kind) && !stream.isCoverArt && description.isInProgram(stream.index)
            }
            let (extents, failure) = try scanExtents(
                demuxer, streams: streams.map(\.index), interrupt: context.interrupt)
            if let failure, !allowsTruncated { throw failure.reading(path) }
            sources.append(JoinSource(description: description, extents: extents))
        }
        let plan = try planJoin(of: sources, options: options, capabilities: .ofThisBuild)
        for (part, source) in zip(plan.parts, sources) {
            try context.limits.check(source.description, streams: part.streams, expected: plan.duration)
        }
        return (plan, sources)
    }

    /// Writes the output.
    ///
    /// - Parameter context: receives progress while the files are read, then the plan, then progress while the output is
    ///   written.
    /// - Throws: `.badMedia` also if a source turns out to be shorter than its header says.
    public func run(in context: JobContext) throws(VTXError) -> JoinReport {
        let run = JobRun(
            context, input: inputs.joined(separator: ", "), output: options.output, files: inputs)
        for path in inputs { try SourceFile.check(path) }
        let output = try OutputFile(
            options.output, inputs: inputs, mayReplace: mayOverwrite, cleanup: context.cleanup)
        let began = now()
        do {
            let (plan, sources) = try prepare(context) { index, _ in
                let progress = JobProgress(
                    phase: .read, position: .zero, expected: nil, frames: 0, bytes: 0, elapsed: now() - began,
                    work: Double(index) / Double(inputs.count))
                run.report(progress, reached: .zero)
            }
            run.announce(.join(plan))
            return try write(plan, sources, to: output, run)
        } catch {
            output.discard()
            throw run.failure(error)
        }
    }

    private func write(
        _ plan: JoinPlan, _ sources: [JoinSource], to output: OutputFile, _ run: JobRun
    ) throws -> JoinReport {
        let began = now()
        let join = JoinRun(plan: plan, output: output.temporary, interrupt: run.context.interrupt)
        let isCopied = plan.video.map { $0.encode == nil } ?? plan.audio.allSatisfy { $0.encode == nil }
        let outcome = try join.run(every: JobRun.interval) { state in
            var progress = JobProgress(
                phase: state.isFinishing ? .finish : isCopied ? .copy : .encode, position: state.position,
                expected: plan.duration, frames: state.videoPackets, bytes: state.bytes, elapsed: now() - began)
            progress.count(received: state.received)
            run.report(progress, reached: state.end)
        }
        var warnings: [String] = []
        try run.checkUnchanged(isError: !allowsTruncated, adding: &warnings)
        try check(outcome, of: plan, sources, adding: &warnings)
        try run.watch.finish(duration: outcome.written.end, warnings: warnings)
        try checkOutput(output.temporary, of: plan, outcome)
        try run.checkStopped()
        let size = FileStatus(output.temporary)?.size ?? 0
        try output.publish()
        warnings.forEach { run.context.events(.warning($0)) }
        return JoinReport(
            inputs: inputs, output: plan.output, duration: outcome.written.end, size: size,
            frames: outcome.written.videoPackets, elapsed: run.elapsed, warnings: warnings)
    }

    /// Whether each part gave all that it promised.
    private func check(
        _ outcome: JoinRun.Outcome, of plan: JoinPlan, _ sources: [JoinSource], adding warnings: inout [String]
    ) throws {
        for ((part, source), read) in zip(zip(plan.parts, sources), outcome.parts) {
            var found: [String] = []
            try SourceVerdict(
                path: part.input, source: source.description, reading: read.reading, decoders: read.decoders,
                origin: part.origin, limit: part.duration, streams: part.streams,
                reached: read.reached ?? part.duration,
                allowsTruncated: allowsTruncated
            ).check(adding: &found)
            warnings += found.map { $0.contains(part.input) ? $0 : "\(part.input): \($0)" }
        }
        if outcome.written.repairedTimes > 0 {
            warnings.append(
                "\(counted(outcome.written.repairedTimes, "timestamp")) that did not increase "
                    + "\(outcome.written.repairedTimes == 1 ? "was" : "were") moved")
        }
    }

    /// Whether the output has its tracks, and is as long as was planned.
    private func checkOutput(_ path: String, of plan: JoinPlan, _ outcome: JoinRun.Outcome) throws {
        let written = try Demuxer(opening: path, headerOnly: true).describe()
        let found = written.streams.count { ($0.kind == .video && !$0.isCoverArt) || $0.kind == .audio }
        let due = (plan.video == nil ? 0 : 1) + plan.audio.count
        let difference = outcome.written.end.seconds - plan.duration.seconds
        guard found == due, abs(difference) < 1 else {
            throw VTXError(
                .internal, "the output has \(counted(found, "track")) until \(outcome.written.end)",
                cause: "\(due) until \(plan.duration) are due",
                remedy: .report(with: "the output of \(command: .probe)"))
        }
    }
}
