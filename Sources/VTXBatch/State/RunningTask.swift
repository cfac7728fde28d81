// Tasks that wait for a process, and tasks that have one.

/// A short task that waits: it comes before or after encoding.
enum Look: Hashable, Sendable {
    /// Probe files with one worker.
    case probe([Candidate])
    /// Plan a file whose name depends on the plan.
    case planForName(Probed, ItemSettings)
    /// Plan an item of a dry run.
    case planForEstimate(Item, PlannedItem)
    /// Make a thumbnail of an output; absolute paths.
    case thumbnail(output: String, source: String, image: String)
}

/// A file that was probed: facts, or why it is not usable media.
package struct Probed: Hashable, Sendable {
    /// The file.
    package var source: Candidate
    /// What it is.
    package var facts: MediaFacts?
    /// Why that is not known.
    package var failure: BatchFailure?
    /// Whether an earlier run found that out.
    package var isOld = false
}

/// A task with a process.
struct RunningTask: Sendable {
    enum Work: Sendable {
        /// Files that have no answer yet; `asked` had none when the process started.
        case probe(left: [Candidate], asked: Int)
        case plan(Look, answer: TaskAnswer?)
        case make(RunningMake)
        case thumbnail(output: String, image: String)
        case hook(BatchRow)
    }

    var work: Work
    /// Steady time at which it last said anything.
    var lastSign: Double
    /// Whether a process of vtx does it.
    var isWorker: Bool { if case .hook = work { false } else { true } }
}

/// An output that is being made.
struct RunningMake: Sendable {
    var item: Item
    /// Steady time.
    var began: Double
    /// Seconds from then until the first progress.
    var start: Double?
    /// 0 to 1.
    var fraction: Double?
    /// Seconds of media per second.
    var speed: Double?
    /// `done` or `failure`.
    var answer: TaskAnswer?
}
