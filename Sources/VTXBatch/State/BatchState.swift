// Everything a batch knows and decides, without a clock, a file system or a process: events in, actions out.
//
// A batch goes through phases. Each begins when nothing of the one before is left to do; a signal, a failure with
// `failsFast` or a journal that cannot be written lets all of them end early.

import VTXModel
import VTXSystem

/// The state of one batch.
package struct BatchState: Sendable {
    enum Phase: Hashable, Sendable {
        case waiting, probing, naming, estimating, making, watching, thumbnails, over
    }

    let rules: BatchRules
    var phase = Phase.waiting
    var settings: SettingsTree
    /// What was done so far, in this run and before.
    var journal: JournalState
    /// The event that is being applied.
    var moment: Moment
    private let began: Double
    /// What is to be done about it.
    var actions: [BatchAction] = []

    /// Answers to `inspect` and `findThumbnails` that are still to come.
    var awaited = 0
    /// Tasks by number.
    var running: [TaskID: RunningTask] = [:]
    private var lastTask = 0
    /// Short tasks that wait, in order.
    var looks: [Look] = []
    /// Items that wait for a worker.
    var queue = Queue<Item>()
    /// Rows for which the user's command has to be run.
    var hooks: [BatchRow] = []

    /// Folders of the source that cannot be read, with the reason.
    var unreadable: [String] = []
    var skipped = SkipCounts()
    /// Files whose first bytes decide whether they are media, by path.
    var undecided: [ExactName: Probed] = [:]
    /// Usable and broken media that were found at the start.
    var probed: [Probed] = []
    /// Items of the start, until they are in the queue.
    var named: [Item] = []
    /// Outputs that are made, and not measured yet.
    var finishing: [ExactName: (item: Item, outcome: BatchOutcome)] = [:]
    var rows: [BatchRow] = []
    /// Sources of outputs that have an item, by output.
    var owners: [ExactName: String] = [:]
    var thumbnails: [ExactName: String] = [:]
    /// Folders that were made for items without an output. They go at the end: another item may be about to use one.
    var emptyFolders: Set<ExactName> = []
    var estimate = BatchEstimate(items: 0, failures: 0, sourceBytes: 0, outputBytes: 0, duration: 0)
    /// Work of a dry run's items.
    var dueWork = 0.0

    /// What each source was when it was last dealt with, for the watcher.
    var dealtWith: [ExactName: FileIdentity] = [:]
    /// Files that are changing.
    var changing: Set<ExactName> = []
    var wasIdle = false

    /// What finished items have taken.
    var pace = BatchPace()
    /// Work of this run that is finished.
    var finishedWork = 0.0
    /// Seconds of media made by this run.
    var finishedMedia = 0.0
    var firstStart: Double?
    var lastProgress = -Double.infinity
    /// The signal that ends the batch.
    var signal: Int32?
    /// When workers are killed that have not ended in order.
    var deadline: Double?
    /// Whether a failure ends the batch.
    var isCutShort = false
    /// What ends the batch besides signals: the journal cannot be written.
    var fatal: VTXError?

    /// A batch that has not begun.
    ///
    /// - Parameters:
    ///   - settings: what the command line says.
    ///   - moment: when the batch was started.
    package init(_ rules: BatchRules, journal: JournalState, settings: SettingsTree, at moment: Moment) {
        self.rules = rules
        self.journal = journal
        self.settings = settings
        self.moment = moment
        began = moment.steady
    }

    /// Takes an event.
    ///
    /// - Parameter moment: when it happened; never earlier than that of the event before.
    /// - Returns: what has to be done now, in order.
    package mutating func apply(_ event: BatchStateEvent, at moment: Moment) -> [BatchAction] {
        guard phase != .over else { return [] }
        self.moment = moment
        handle(event)
        advance()
        noteIdleness()
        defer { actions = [] }
        return actions
    }

    private mutating func handle(_ event: BatchStateEvent) {
        switch event {
        case .began: removeLeftovers()
        case .found(let findings, let settings): found(findings, settings)
        case .sniffed(let file, let isLikeMedia): sniffed(file, isLikeMedia)
        case .inspected(let inspections): inspected(inspections)
        case .prepared(let id, let present): prepared(id, present)
        case .notPrepared(let id, let error): notPrepared(id, error)
        case .started(let id): started(id)
        case .said(let id, let answer): said(id, answer)
        case .ended(let id, let end): ended(id, end)
        case .measured(let output, let size, let made): measured(output, size, made)
        case .foundThumbnails(let existing, let missing): foundThumbnails(existing, missing)
        case .journalFailed(let error): journalFailed(error)
        case .signal(let number): stop(number)
        case .walked(let candidates): walked(candidates)
        case .complete(let candidates): complete(candidates)
        case .changing(let paths): changing = paths
        case .tick: tick()
        }
    }

    /// Whether files are taken that become complete.
    package var isWatching: Bool { phase == .watching }

    /// Whether nothing new is started.
    var isStopping: Bool { signal != nil || isCutShort || fatal != nil }

    /// Whether the user's commands are still run: after a cut too, but not after a signal.
    var hooksGoOn: Bool { signal == nil && fatal == nil }

    /// A number for a task.
    mutating func nextID() -> TaskID {
        lastTask += 1
        return TaskID(lastTask)
    }

    mutating func tell(_ event: BatchEvent) { actions.append(.tell(event)) }

    /// Appends to the journal.
    ///
    /// - Parameter isLasting: `false` for what can be found out again.
    mutating func record(_ record: JournalRecord, isLasting: Bool = true) {
        journal.add(record)
        actions.append(.record(record, isLasting: isLasting))
    }

    /// What has come of the batch until now.
    package func report(at moment: Moment) -> BatchReport {
        BatchReport(
            rows: rows.sorted { $0.source < $1.source }, skipped: skipped, unreadable: unreadable,
            elapsed: moment.steady - began,
            thumbnails: thumbnails, wasCutShort: isCutShort)
    }
}
