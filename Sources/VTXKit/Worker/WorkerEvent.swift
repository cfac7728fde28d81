// What a worker says: the lines of `--json` (docs/json-output.md), written and read through this one type.

import VTXModel

/// One line of a worker's answer.
package enum WorkerEvent: Hashable, Sendable {
    /// The first line.
    case header(WorkerHeader)
    /// A source, described.
    case media(ProbeJob.Result)
    /// What will be done.
    case plan(JobPlan)
    /// What an interrupted run has left.
    case resume(Resumption)
    /// How far the work is.
    case progress(JobProgress)
    /// The work is done.
    case done(JobReport)
    /// The work, or one input of several, has failed.
    case error(WorkerFailure)

    /// The `type` of the line.
    package var type: String {
        switch self {
        case .header: "header"
        case .media: "media"
        case .plan: "plan"
        case .resume: "resume"
        case .progress: "progress"
        case .done: "done"
        case .error: "error"
        }
    }

    /// The line for an event of a job; `nil` for notes and warnings, which are in the report.
    package init?(_ event: JobEvent) {
        switch event {
        case .planned(let plan): self = .plan(plan)
        case .resumed(let found): self = .resume(found)
        case .progress(let progress): self = .progress(progress)
        case .note, .warning: return nil
        }
    }

    /// The keys of the line, without `type`.
    package var value: any Encodable & Sendable {
        switch self {
        case .header(let value): value
        case .media(let value): value
        case .plan(let value): value
        case .resume(let value): value
        case .progress(let value): value
        case .done(let value): value
        case .error(let value): value
        }
    }
}
