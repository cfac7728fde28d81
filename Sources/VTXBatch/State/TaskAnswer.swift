// What a task says while it runs.

package import VTXKit

/// One line of a worker, as far as a batch keeps it.
package enum TaskAnswer: Hashable, Sendable {
    /// A probe: the next file is described so.
    case media(MediaFacts)
    /// A dry run of the item.
    case plan(JobPlan)
    /// How much of the output is made, from 0 to 1, and seconds of media per second.
    case progress(fraction: Double?, speed: Double?)
    /// The output has its name; seconds of media.
    case done(duration: Double?, warnings: [String])
    /// It failed; of a probe: the next file did.
    case failure(BatchFailure)
    /// Anything else: a sign of life.
    case other

    /// What a line means to a batch.
    ///
    /// - Parameter event: `nil` for a line that is not an event.
    package init(_ event: WorkerEvent?) {
        self =
            switch event {
            case .media(let found): .media(MediaFacts(found.media))
            case .plan(let plan): .plan(plan)
            case .progress(let progress): .progress(fraction: progress.jobFraction, speed: progress.speed)
            case .done(let report): .done(duration: report.duration.roundedSeconds, warnings: report.warnings)
            case .error(let failure): .failure(BatchFailure(failure))
            case .header, .resume, nil: .other
            }
    }
}
