// `vtx compare`: how far files, or the renditions of a package, are from a reference.

import LibAV
public import VTXModel
import VTXPipeline
public import VTXPlanning
import VTXQuality
import VTXSystem

/// Measures files against a reference, frame by frame.
public struct CompareJob: Job {
    /// What the others are measured against.
    public var reference: String
    /// Files, directories of packages, or playlists.
    public var inputs: [String]
    /// What is wanted.
    public var options: CompareOptions
    /// Where the values of all frames are written; `nil`: nowhere.
    public var framesFile: String?
    /// Threads for decoding.
    public var threads: Int
    /// Whether an existing file of frames may be replaced.
    public var mayOverwrite: Bool
    /// Whether files that are damaged or differ in length are accepted.
    public var allowsTruncated: Bool

    /// - Parameters:
    ///   - reference: what the others are measured against.
    ///   - inputs: files, directories of packages, or playlists.
    ///   - options: what is wanted.
    ///   - framesFile: where the values of all frames are written.
    ///   - threads: for decoding.
    ///   - mayOverwrite: whether an existing file of frames may be replaced.
    ///   - allowsTruncated: whether files that are damaged or differ in length are accepted.
    public init(
        reference: String, inputs: [String], options: CompareOptions = CompareOptions(), framesFile: String? = nil,
        threads: Int = 1, mayOverwrite: Bool = false, allowsTruncated: Bool = false
    ) {
        self.reference = reference
        self.inputs = inputs
        self.options = options
        self.framesFile = framesFile
        self.threads = threads
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
    }

    /// Decides what would be done. Decodes nothing but a few frames.
    public func plan(in context: JobContext) throws(VTXError) -> ComparePlan { try prepare(context).plan }

    /// The plan, and what it is for: the reference first.
    private func prepare(_ context: JobContext) throws(VTXError) -> (plan: ComparePlan, inputs: [ComparedInput]) {
        var all = [ComparedInput(path: reference, name: reference)]
        for path in inputs { all += try ComparedInput.all(at: path) }
        let sources = try all.map { input throws(VTXError) in
            let demuxer = try input.open(interrupt: context.interrupt)
            return CompareSource(
                name: input.name, description: try SourceFile.describe(demuxer, .brief, isSpent: true))
        }
        let plan = try planCompare(of: Array(sources.dropFirst()), with: sources[0], options: options)
        for (source, side) in zip(sources, [plan.reference] + plan.distorted) {
            try context.limits.check(source.description, streams: [side.stream], expected: nil)
        }
        return (plan, all)
    }

    /// Measures all frames.
    ///
    /// - Parameter context: receives the plan once, and progress five times a second.
    /// - Throws: `.badMedia` also for a file that is damaged, and if the numbers of frames differ.
    public func run(in context: JobContext) throws(VTXError) -> CompareReport {
        let run = JobRun(
            context, input: ([reference] + inputs).joined(separator: ", "), output: framesFile ?? "the results",
            files: [reference] + inputs)
        let file: OutputFile?
        if let framesFile {
            file = try OutputFile(
                framesFile, inputs: [reference] + inputs, mayReplace: mayOverwrite, cleanup: context.cleanup)
        } else {
            file = nil
        }
        do {
            let (plan, all) = try prepare(context)
            run.announce(.compare(plan))
            let report = try measure(plan, all, run, file)
            try file?.publish()
            report.warnings.forEach { context.events(.warning($0)) }
            return report
        } catch {
            file?.discard()
            throw run.failure(error)
        }
    }

    private func measure(
        _ plan: ComparePlan, _ all: [ComparedInput], _ run: JobRun, _ file: OutputFile?
    ) throws -> CompareReport {
        let interrupt = run.context.interrupt
        let demuxers = try all.map { try $0.open(interrupt: interrupt) }
        let lines = try file.map { try FrameLines($0.temporary, shownAs: $0.path, names: plan.distorted.map(\.name)) }
        let expected = length(of: demuxers[0], plan)
        let began = now()
        let compare = try CompareRun(
            plan, reference: demuxers[0], others: Array(demuxers.dropFirst()), threads: threads, interrupt: interrupt
        ) { try lines?.write($0) }
        let (reference, others) = try compare.run(every: JobRun.interval) { state in
            let progress = JobProgress(
                phase: .compare, position: state.position, expected: expected, frames: state.frames, bytes: 0,
                elapsed: now() - began)
            run.report(progress, reached: state.position)
        }
        try lines?.close()
        var verdict = CompareVerdict(plan: plan, allowsTruncated: allowsTruncated)
        try verdict.check(reference, others)
        try run.checkUnchanged(isError: !allowsTruncated, adding: &verdict.warnings)
        try run.watch.finish(duration: reference.duration, warnings: verdict.warnings)
        try run.checkStopped()
        return CompareReport(
            reference: self.reference, duration: reference.duration, frames: reference.frames,
            results: zip(plan.distorted, others).map { side, other in
                let seconds = other.reading.duration.seconds
                return CompareReport.Result(
                    input: side.input, name: side.name, size: side.size,
                    bitRate: seconds > 0 ? Int64((Double(other.reading.bytes) * 8 / seconds).rounded()) : 0,
                    frames: other.reading.frames, compared: other.compared, shift: other.shift,
                    scores: other.scores)
            }, elapsed: run.elapsed, warnings: verdict.warnings)
    }

    private func length(of demuxer: Demuxer, _ plan: ComparePlan) -> MediaTime? {
        let description = demuxer.describe()
        return description.streams[plan.reference.stream].duration ?? description.duration
    }
}
