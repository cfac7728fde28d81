// `vtx extract`: subtitles, cover art, frames, contact sheets and animations as files of their own.

import LibAV
public import VTXModel
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// Writes a part of a source as a file of its own; which one follows from the output's name and the options.
public struct ExtractJob: Job {
    /// The file to read.
    public var input: String
    /// What is wanted of it.
    public var options: ExtractOptions
    /// Whether an existing output may be replaced.
    public var mayOverwrite: Bool
    /// Whether a source that is damaged or ends before its header says is accepted.
    public var allowsTruncated: Bool

    /// What would be done, and the source it is planned for.
    public struct Plan: Hashable, Sendable {
        /// What would be done.
        public var plan: ExtractPlan
        /// The source.
        public var source: MediaDescription
    }

    /// - Parameters:
    ///   - input: the file to read.
    ///   - options: what is wanted of it.
    ///   - mayOverwrite: whether an existing output may be replaced.
    ///   - allowsTruncated: whether a source that is damaged or ends before its header says is accepted.
    public init(
        input: String, options: ExtractOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false
    ) {
        self.input = input
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
    }

    /// Decides what would be done. Writes nothing.
    public func plan(in context: JobContext) throws(VTXError) -> Plan {
        try context.receive(input)
        return try prepare(context).plan
    }

    private func prepare(_ context: JobContext) throws(VTXError) -> (plan: Plan, demuxer: Demuxer) {
        let demuxer = try SourceFile.open(input, interrupt: context.interrupt)
        let isText = options.textCodec != nil
        let hasText = demuxer.describe().streams.contains { $0.kind == .subtitle }
        let source = try SourceFile.describe(
            demuxer, isText ? .brief : .planning,
            program: ProgramChoice(number: options.program, videoStream: options.videoStream),
            needsCaptions: isText && (options.asksForCaptions || (options.track == nil && !hasText)))
        var plan = try planExtract(of: source, options: options, capabilities: .ofThisBuild)
        if plan.kind == .frame, options.time == nil {
            var options = options
            options.typicalTime = typicalFrame(
                path: input, stream: plan.stream, origin: plan.origin, duration: source.duration)
            plan = try planExtract(of: source, options: options, capabilities: .ofThisBuild)
        }
        try context.limits.check(source, streams: plan.images == nil ? [] : [plan.stream], expected: nil)
        return (Plan(plan: plan, source: source), demuxer)
    }

    /// Writes what was planned.
    ///
    /// - Parameter context: receives the plan once, before anything is written, and progress five times a second.
    /// - Throws: `.badMedia` also if the source turns out to be shorter than its header says.
    public func run(in context: JobContext) throws(VTXError) -> ExtractReport {
        try context.checkExisting(input)
        let isDirectory = options.interval != nil
        let file =
            isDirectory
            ? nil
            : try OutputFile(options.output, inputs: [input], mayReplace: mayOverwrite, cleanup: context.cleanup)
        try context.receive(input)
        let run = JobRun(context, input: input, output: options.destination, files: [input])
        let (planned, demuxer) = try prepare(context)
        do {
            let names = planned.plan.images?.names.flatMap(NumberedName.init)
            let directory = try names.map { names in
                try StagingDirectory(
                    for: planned.plan.output, inputs: [input], mayReplace: mayOverwrite, cleanup: context.cleanup,
                    kind: ("a directory of such frames", { $0.allSatisfy(names.matches) }))
            }
            run.announce(.extract(planned.plan))
            let extraction = Extraction(
                plan: planned.plan, source: planned.source, run: run, allowsTruncated: allowsTruncated)
            let made = try extraction.write(
                from: demuxer, to: file?.temporary ?? directory?.path ?? planned.plan.output)
            var warnings = made.warnings
            try run.checkUnchanged(isError: !allowsTruncated, adding: &warnings)
            try run.watch.finish(duration: made.duration, warnings: warnings)
            try run.checkStopped()
            try directory?.publish()
            try file?.publish()
            warnings += made.notices
            warnings.forEach { context.events(.warning($0)) }
            return ExtractReport(
                input: input, output: planned.plan.output, kind: planned.plan.kind, files: made.files,
                count: made.count,
                duration: made.duration, size: made.size, elapsed: run.elapsed, warnings: warnings)
        } catch {
            file?.discard()
            throw run.failure(error)
        }
    }
}
