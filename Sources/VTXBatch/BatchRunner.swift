// Runs a batch: one thread that connects the sources of events (discovery, workers, watcher, signals) with the state
// that decides, and carries out what it decides (docs/decisions/0040).

import Glibc
package import VTXModel
package import VTXSystem

/// One batch from its beginning to its end. Used on the main thread only: workers die with the thread that starts them.
package final class BatchRunner {
    private let options: BatchOptions
    private let directory: BatchDirectory
    private let discovery: Discovery
    private let journal: RecordLog<JournalRecord>?
    private let reactor = Reactor()
    private let tell: (BatchEvent) -> Void
    private var state: BatchState
    private var events: [BatchStateEvent] = []
    private var signals: SignalSource?
    private var workers: Workers?
    private var watcher: Watcher?
    private var ending: BatchEnd?

    /// - Parameters:
    ///   - isDryRun: makes no directory and takes no lock.
    ///   - frontEnd: what the command line knows.
    ///   - forkServer: what forks workers; without it they are started as programs.
    ///   - tell: called on this thread.
    /// - Throws: `.noInput`, `.cannotCreate`.
    package init(
        _ options: BatchOptions, isDryRun: Bool, frontEnd: FrontEnd, forkServer: ForkServer? = nil,
        tell: @escaping (BatchEvent) -> Void
    ) throws(VTXError) {
        self.options = options
        self.tell = tell
        directory = try BatchDirectory(source: options.source, output: options.output, isReadOnly: isDryRun)
        discovery = Discovery(options, directory, frontEnd)
        let isNew = isDryRun && access(directory.journal, R_OK) != 0
        journal = isNew ? nil : try openJournal(directory.journal, isReadOnly: isDryRun)
        let rules = BatchRules(
            options: options, source: directory.source, output: directory.output, isDryRun: isDryRun,
            budget: Budget(jobs: options.jobs ?? options.cores, memory: options.memory ?? freeMemory() / 4 * 3),
            render: frontEnd.render)
        state = BatchState(
            rules, journal: JournalState(journal?.records ?? []), settings: discovery.baseSettings, at: .now)
        signals = try SignalSource([SIGINT, SIGTERM, SIGHUP, SIGCHLD], on: reactor) { [unowned self] number in
            number == SIGCHLD ? workers?.reap() : events.append(.signal(number))
        }
        workers = Workers(options, directory, frontEnd, forkServer: forkServer, on: reactor) { [tell] in
            tell(.warning($0))
        } post: { [unowned self] in
            events.append($0)
        }
        if let damaged = journal?.damagedLines, damaged > 0 {
            tell(.warning("skipped \(damaged) unreadable lines of \(directory.journal)"))
        }
    }

    /// Runs everything there is.
    ///
    /// - Throws: `.noInput` if there is no media, `.cannotCreate` for collisions, `.usage` for a job file,
    ///   `.interrupted` and `.terminated` for signals. Files that fail are not errors here.
    package func run() throws(VTXError) -> BatchReport {
        if case .failure(let error) = try loop() { throw error }
        return soFar
    }

    /// Plans everything and makes nothing.
    ///
    /// - Throws: as `run`.
    package func dryRun() throws(VTXError) -> BatchEstimate {
        switch try loop() {
        case .failure(let error): throw error
        case .estimate(let estimate): return estimate
        case .report: throw VTXError(.internal, "a dry run ended without an estimate", remedy: .report())
        }
    }

    /// What has come of the batch until now.
    package var soFar: BatchReport { state.report(at: .now) }

    /// The loop: takes events until the state says how the batch ends.
    private func loop() throws(VTXError) -> BatchEnd {
        events.append(.began)
        takeEvents()
        watcher = options.watches ? try Watcher(discovery.walk, on: reactor) : nil
        events.append(try discovery.run(watcher: watcher))
        noteChanges()
        while true {
            takeEvents()
            if let ending { return ending }
            reactor.turn(state.isWatching ? 0.25 : 0.5)
            workers?.hearForkServer()
            takeEvents()
            if let watcher { hear(watcher) }
            events.append(.tick)
        }
    }

    private func takeEvents() {
        while !events.isEmpty {
            let taken = events
            events = []
            for event in taken {
                for action in state.apply(event, at: .now) { carryOut(action) }
            }
        }
    }

    private func hear(_ watcher: Watcher) {
        if state.isWatching {
            if let problem = watcher.takeProblem() { tell(.warning(problem)) }
            if watcher.needsWalk { events.append(.walked(watcher.walkAgain())) }
            let complete = watcher.complete(settling: options.settling)
            if !complete.isEmpty { events.append(.complete(complete)) }
            takeEvents()
        }
        noteChanges()
    }

    private func noteChanges() {
        guard let watcher else { return }
        events.append(.changing(watcher.changing))
    }

    private func carryOut(_ action: BatchAction) {
        switch action {
        case .sniff(let file): events.append(.sniffed(file, isLikeMedia: directory.beginsLikeMedia(file)))
        case .inspect(let items): events.append(.inspected(items.map(directory.inspect)))
        case .prepare(let id, let item): prepare(id, item)
        case .start(let id, let task, let record): start(id, task, record)
        case .measure(let item): measure(item)
        case .record(let record, let isLasting): append(record, isLasting: isLasting)
        case .send(let signal, let tasks): workers?.send(signal, to: tasks)
        case .removeLeftovers(let output, let process): directory.removeLeftovers(of: output, process: process)
        case .removeEmptyFolders(let folders): directory.removeEmptyFolders(folders)
        case .expect(let path): watcher?.expect(path)
        case .findThumbnails(let wanted): events.append(directory.find(wanted))
        case .tell(let event): tell(event)
        case .end(let end): ending = end
        }
    }

    private func prepare(_ id: TaskID, _ item: Item) {
        do throws(VTXError) {
            try directory.prepare(item)
            events.append(.prepared(id, present: directory.present(item)))
        } catch {
            events.append(.notPrepared(id, error))
        }
    }

    private func start(_ id: TaskID, _ task: BatchTask, _ record: JournalRecord?) {
        if let record, !append(record, isLasting: true) {
            events.append(.ended(id, .notStarted("the journal cannot be written")))
        } else {
            workers?.start(id, task)
        }
    }

    private func measure(_ item: Item) {
        let path = "\(directory.output)/\(item.output)"
        synchronize(path)
        events.append(.measured(output: item.output, size: treeSize(path), made: directory.present(item)))
    }

    /// - Returns: whether it is written.
    @discardableResult
    private func append(_ record: JournalRecord, isLasting: Bool) -> Bool {
        do throws(VTXError) {
            try journal?.append(record, isLasting: isLasting)
            return true
        } catch {
            events.append(.journalFailed(error))
            return false
        }
    }
}

extension Moment {
    /// The present.
    fileprivate static var now: Moment { Moment(steady: VTXSystem.now(), wall: wallTime()) }
}
