// What running jobs share: limits that are watched, the latest progress, and the error they end with.

import LibAV
import VTXModel
import VTXPipeline
import VTXSystem

/// One run of a job. Used on the thread that runs the job.
final class JobRun {
    let context: JobContext
    let watch: Watch
    private let input: String
    private let output: String
    private let began = now()
    /// Identity of each input when the job began.
    private let identities: [(path: String, identity: FileIdentity)]
    /// The latest progress; `nil` before the first.
    private(set) var latest: JobProgress?
    /// Of the phase that the job is in, and when that began.
    private var remaining = RemainingTime()
    private var phaseBegan = 0.0
    private var phaseSpan: ClosedRange<Double>?
    /// The latest estimate, and when it was made.
    private var latestEstimate: (seconds: Double, time: Double)?

    /// Seconds between two events of progress.
    static let interval = 0.2

    /// - Parameters:
    ///   - input: the source, or all of them, as errors name it.
    ///   - output: the output as errors name it.
    ///   - files: every file that is read.
    init(_ context: JobContext, input: String, output: String, files: [String]) {
        identities = files.compactMap { path in FileIdentity(path).map { (path, $0) } }
        self.context = context
        self.input = input
        self.output = output
        watch = Watch(context.limits, path: input, interrupt: context.interrupt)
    }

    /// Seconds since the run began.
    var elapsed: Double { (now() - began).rounded(places: 3) }

    /// Passes the plan on, and what an interrupted run has left.
    func announce(_ plan: JobPlan, _ found: Resumption? = nil) {
        context.events(.planned(plan))
        if let found { context.events(.resumed(found)) }
    }

    /// Passes progress on, and ends the job if a limit is exceeded.
    ///
    /// - Parameter reached: how far the fastest track of the output reaches.
    func report(_ progress: JobProgress, reached: MediaTime) {
        var progress = progress
        let (time, span, part) = (now() - began, progress.span, progress.phaseFraction)
        if progress.phase != latest?.phase || span != phaseSpan {
            (remaining, phaseBegan, phaseSpan) = (RemainingTime(), time, span)
        }
        if progress.phase == latest?.phase || (progress.span != nil && latest?.span != nil),
            let before = latest?.fraction, let fraction = progress.fraction, fraction < before
        {
            // What is done again was done before: percentages never fall.
            (progress.work, progress.span) = (before, progress.span.map { _ in 0...1 })
        }
        if let part = span == nil ? progress.fraction : part {
            let effort = progress.effort ?? .init(done: part, due: 1)
            remaining.add(done: effort.done, of: effort.due, at: time)
            progress.estimate = remaining.seconds.map { $0 + later(than: $0, at: time, span: span) }
            if span != nil { progress.estimate = progress.estimate ?? earlier(at: time) }
        }
        if let estimate = progress.estimate { latestEstimate = (estimate, time) }
        latest = progress
        watch.look(position: reached)
        context.events(.progress(progress))
    }

    /// Seconds that later phases are likely to take, from what this one takes.
    private func later(than seconds: Double, at time: Double, span: ClosedRange<Double>?) -> Double {
        guard let span, span.upperBound > span.lowerBound else { return 0 }
        let phase = time - phaseBegan + seconds
        return phase * (1 - span.upperBound) / (span.upperBound - span.lowerBound)
    }

    /// What is left of the latest estimate, which an earlier phase has made.
    private func earlier(at time: Double) -> Double? {
        latestEstimate.map { max(0, $0.seconds - (time - $0.time)) }
    }

    /// Ends a job that was asked to stop.
    func checkStopped() throws(Aborted) {
        if context.interrupt.isSet { throw Aborted() }
    }

    /// Whether the files are still what they were: nobody knows what was read of one that is being written.
    ///
    /// - Parameters:
    ///   - isError: whether a change ends the job; if not, it is a warning.
    ///   - warnings: receives it.
    /// - Throws: `.badMedia`.
    func checkUnchanged(isError: Bool, adding warnings: inout [String]) throws(VTXError) {
        for (path, before) in identities {
            guard let after = FileIdentity(path), !after.hasSameContents(as: before) else { continue }
            let change =
                after.size == before.size
                ? "it was written to" : "its size went from \(before.size) to \(counted(after.size, "byte"))"
            guard isError else {
                warnings.append("\(path) changed while it was read: \(change)")
                continue
            }
            throw VTXError(
                .badMedia, "\(path) changed while it was read", cause: change,
                remedy: "wait until it is complete, or pass \(.allowTruncated) to keep what was there")
        }
    }

    /// The error to end with. What the job has done is kept if a later run can use it.
    func failure(_ error: any Error, workspace: Workspace? = nil) -> VTXError {
        var failure = watch.violation ?? jobError(error, input: input, output: output)
        let remedy = spaceRemedy(failure, workspace: workspace, fraction: latest?.outputFraction, bytes: latest?.bytes)
        if let remedy { failure.remedy = remedy }
        workspace?.keep(after: failure)
        return failure
    }
}
