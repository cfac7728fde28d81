// What a task says while it runs.

/// One line of a worker.
package enum TaskAnswer: Hashable, Sendable {
    /// A probe: the next file is described so.
    case media(MediaFacts)
    /// A dry run of the item.
    case plan(PlannedOutput)
    /// How much of the output is made, from 0 to 1, and seconds of media per second.
    case progress(fraction: Double?, speed: Double?)
    /// The output has its name; seconds of media.
    case done(duration: Double?, warnings: [String])
    /// It failed; of a probe: the next file did.
    case failure(BatchFailure)
    /// Anything else: a sign of life.
    case other
}
