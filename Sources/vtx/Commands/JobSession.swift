// What the commands that run jobs have in common: JSON lines, progress, signals and the final text.

import VTXCommandLine
import VTXKit
import VTXModel

/// One job of the command line, from the header to the last line.
struct JobSession {
    private let path: String
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

    /// Plans a job and shows the plan.
    ///
    /// - Parameter show: makes the plan of it, and its text.
    func plan<Work: Job>(_ job: Work, show: (Work.Plan) -> (plan: JobPlan, text: [String])) throws {
        limits.applyToProcess()
        let context = JobContext(limits: limits)
        let planned = try signals(context).run { () throws(VTXError) in try job.plan(in: context) }
        let (plan, text) = show(planned)
        if let json { json.write(.plan(plan)) } else { Terminal.result(text) }
    }

    /// Runs a job and shows what comes of it.
    ///
    /// - Parameter show: makes the report of it, and the final text.
    func run<Work: Job>(_ job: Work, show: (Work.Report) -> (report: JobReport, text: [String])) throws {
        limits.applyToProcess()
        let display = ProgressDisplay(isQuiet: report.quiet || report.json)
        let context = JobContext(limits: limits) { event in
            if let event = WorkerEvent(event) { json?.write(event) }
            take(event, display)
        }
        let done = try signals(context).run { () throws(VTXError) in
            defer { display.finish() }
            return try job.run(in: context)
        }
        let (report, text) = show(done)
        json?.write(.done(report))
        guard !self.report.quiet, !self.report.json else { return }
        Terminal.result(text)
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
