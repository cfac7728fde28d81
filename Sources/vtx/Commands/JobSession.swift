// What the commands that run jobs have in common: JSON lines, progress, signals and the final text.

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel

/// The jobs of a command line, from the header to the last line: one, or one for each of several inputs.
struct JobSession {
    /// What all jobs of a command share, if there are several.
    private struct Shared {
        let context: JobContext
        let signals: Signals
    }

    private var path: String
    private var shared: Shared?
    private let report: OutputOptions
    private let limits: SourceLimits
    private let json: JSONLines?

    /// Begins the answer.
    ///
    /// - Parameters:
    ///   - path: the inputs, as errors name them.
    ///   - limits: hold for the process from now on.
    init(_ work: WorkerTask.Work, path: String, report: OutputOptions, limits: SourceLimits) throws {
        self.path = path
        self.report = report
        self.limits = limits
        BuildInfo.start(verbose: report.verbose)
        json = report.json ? JSONLines() : nil
        json?.write(.header(WorkerHeader(command: work.rawValue)))
    }

    /// Does the command's work; its error becomes the last line.
    func run(_ work: () throws -> Void) throws {
        do { try work() } catch let error as VTXError {
            json?.write(error, of: path)
            throw error
        }
    }

    /// Does a job for each input. If there are several, one that fails does not keep the others from being done.
    ///
    /// - Throws: the error of the only input, or of an end by a signal; the exit status if some of several have failed.
    func each(_ inputs: [String], _ work: (JobSession, Int) throws(VTXError) -> Void) throws {
        guard inputs.count > 1 else { return try work(self, 0) }
        let context = JobContext(limits: limits)
        let signals = self.signals(context)
        var failures: [VTXError] = []
        try signals.run { () throws(VTXError) in
            for (index, input) in inputs.enumerated() {
                var one = self
                one.path = input
                one.shared = Shared(context: context, signals: signals)
                if !report.quiet, !report.json { Terminal.note("\(input):") }
                do throws(VTXError) {
                    try work(one, index)
                    signals.noteFinished()
                } catch {
                    if error.kind == .interrupted { throw error }
                    json?.write(error, of: input)
                    Terminal.show(error)
                    failures.append(error)
                }
            }
        }
        guard let first = failures.first else { return }
        throw ExitCode((failures.count == inputs.count ? first.kind : .someFailed).exitStatus)
    }

    /// Plans a job and shows the plan.
    ///
    /// - Parameters:
    ///   - input: standard input, if the job reads it.
    ///   - show: makes the plan of it, and its text.
    func plan<Work: Job>(
        _ job: Work, reading input: StandardInput? = nil, show: (Work.Plan) -> (plan: JobPlan, text: [String])
    ) throws(VTXError) {
        limits.applyToProcess()
        let display = ProgressDisplay(isQuiet: report.quiet || report.json)
        var context = self.context { if case .progress(let progress) = $0 { display.update(progress) } }
        context.standardInput = input
        let planned = try answering(signals: context) { () throws(VTXError) in
            defer { display.finish() }
            return try job.plan(in: context)
        }
        let (plan, text) = show(planned)
        if let json { json.write(.plan(plan)) } else { Terminal.result(text) }
    }

    /// Runs a job and shows what comes of it.
    ///
    /// - Parameters:
    ///   - input: standard input, if the job reads it.
    ///   - writesMedia: whether the output goes to standard output: the final text is a note then.
    ///   - show: makes the report of it, and the final text.
    func run<Work: Job>(
        _ job: Work, reading input: StandardInput? = nil, writesMedia: Bool = false,
        show: (Work.Report) -> (report: JobReport, text: [String])
    ) throws(VTXError) {
        limits.applyToProcess()
        let display = ProgressDisplay(isQuiet: report.quiet || report.json)
        var context = self.context { event in
            if let event = WorkerEvent(event) { json?.write(event) }
            take(event, display)
        }
        context.standardInput = input
        let done = try answering(signals: context) { () throws(VTXError) in
            defer { display.finish() }
            return try job.run(in: context)
        }
        let (report, text) = show(done)
        json?.write(.done(report))
        guard !self.report.quiet, !self.report.json else { return }
        if writesMedia { text.forEach(Terminal.note) } else { Terminal.result(text) }
    }

    private func context(_ events: @escaping (JobEvent) -> Void = { _ in }) -> JobContext {
        shared.map { JobContext(sharing: $0.context, events: events) } ?? JobContext(limits: limits, events: events)
    }

    /// Does a job, which signals end.
    private func answering<Result>(
        signals context: JobContext, _ job: () throws(VTXError) -> Result
    ) throws(VTXError) -> Result {
        // Of several jobs, all are ended by those that hold for the command.
        try shared == nil ? signals(context).run(job) : job()
    }

    private func signals(_ context: JobContext) -> Signals {
        Signals(context.stop, cleanup: context.cleanup) { [json, path] in json?.write($0, of: path) }
    }

    private func take(_ event: JobEvent, _ display: ProgressDisplay) {
        if case .progress(let progress) = event { return display.update(progress) }
        display.finish()
        guard !report.quiet else { return }
        switch event {
        case .planned(let plan): for decision in plan.decisions { Terminal.note(decision.text.message.commandLineText) }
        case .resumed(let found): Terminal.note(resumptionText(found))
        case .note(let text): Terminal.note(text)
        case .warning(let text): Terminal.warn(text)
        case .progress: break
        }
    }
}
