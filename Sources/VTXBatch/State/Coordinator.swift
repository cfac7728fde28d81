// Runs a batch: one thread that starts workers and listens to them. It opens no media itself; each file is probed,
// encoded and pictured by a vtx of its own, which confines itself (docs/decisions/0040).

import CLinux
import Glibc
import VTXKit
import VTXSystem
package import VTXModel
import VTXSystem

/// A file on its way to its output.
struct Item {
    var source: Candidate
    var settings: ItemSettings
    var facts: MediaFacts?
    /// Relative to the output directory.
    var output: String
    /// Hash.
    var plan: String
    var planFacts: PlanFacts?
    var cost: ItemCost
    var threads = 1
    var mayReplace = false
}

/// One batch from its beginning to its end. Used on the main thread only: workers die with the thread that starts them.
package final class Coordinator {
    let options: BatchOptions
    let place: BatchPlace
    let journal: JournalFile?
    let walk: TreeWalk
    let tell: (BatchEvent) -> Void
    let table: @Sendable (BatchTarget) -> OptionTable
    let checkOptions: JobFile.Check
    let refused: Set<String>
    let reactor = Reactor()
    var settings: SettingsTree
    var children: [pid_t: Child] = [:]

    /// Work that comes before and after encoding: probing, planning, small pictures.
    var looks: [() -> Void] = []
    var runningProbes = 0

    var queue = Queue<Item>()
    var running: [pid_t: RunningWorker] = [:]
    var budget: Budget
    var rows: [BatchRow] = []
    var skipped = SkipCounts()
    /// What each source was when it was last dealt with, for `--watch`.
    var dealtWith: [String: FileIdentity] = [:]
    /// Outputs that have an item, by relative path: the source.
    var owners: [String: String] = [:]
    var thumbnails: [String: String] = [:]
    /// Folders that were made for items without an output. They go at the end: another item may be about to use one.
    var emptyFolders: Set<String> = []
    let isDryRun: Bool
    private var nursery: Nursery?
    var watcher: Watcher?
    /// Work of this run that is finished, and that of items in the queue.
    var finishedWork = 0.0
    var firstStart: Double?
    var lastProgress = 0.0
    /// The signal that ends the batch.
    var signal: Int32?
    /// When workers are killed that have not ended in order.
    var deadline: Double?
    var isCutShort = false
    /// What ends the batch besides signals: the journal cannot be written.
    var fatal: VTXError?
    var hooks: [() -> Void] = []
    var runningHooks = 0
    let began = now()

    /// Seconds without a sign of life after which a worker is ended: no step of it is silent for nearly as long.
    static let longestSilence = 900.0
    /// Seconds that workers have to end in order after a signal.
    static let patience = 2.0

    /// - Parameters:
    ///   - isDryRun: makes no directory and takes no lock.
    ///   - table: the options of a target's command.
    ///   - refused: options that job files must not set.
    ///   - check: says what is wrong with options.
    ///   - nursery: what forks workers; without it they are started as programs.
    ///   - tell: called on this thread.
    /// - Throws: `.noInput`, `.cannotCreate`, or `.usage` for a job file.
    package init(
        _ options: BatchOptions, isDryRun: Bool, table: @escaping @Sendable (BatchTarget) -> OptionTable,
        refused: Set<String>, check: @escaping JobFile.Check, nursery: Nursery? = nil,
        tell: @escaping (BatchEvent) -> Void
    ) throws(VTXError) {
        self.options = options
        self.nursery = nursery
        self.isDryRun = isDryRun
        self.tell = tell
        self.table = table
        self.refused = refused
        checkOptions = check
        place = try BatchPlace(source: options.source, output: options.output, isReadOnly: isDryRun)
        if isDryRun, access(place.journal, R_OK) != 0 {
            journal = nil
        } else {
            journal = try JournalFile(place.journal, isReadOnly: isDryRun)
        }
        var walk = TreeWalk(root: place.source, avoided: place.output)
        walk.include = options.include
        walk.exclude = options.exclude
        walk.maximumDepth = options.maximumDepth
        self.walk = walk
        settings = SettingsTree(base: ItemSettings(target: options.commandLine.target ?? .mp4), table: table)
        budget = Budget(
            jobs: options.jobs ?? options.cores, memory: options.memory ?? Self.freeMemory() / 4 * 3)
        try listenToSignals()
        if let nursery {
            reactor.watch(nursery.descriptor) { [unowned self] in hearNursery() }
        }
        if let damaged = journal?.damagedLines, damaged > 0 {
            tell(.warning("\(damaged) lines of \(place.journal) could not be read and are left out"))
        }
    }

    /// Bytes that programs can have without others being pushed out.
    private static func freeMemory() -> Int64 {
        let line = readText("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
        return (kilobytes ?? 4 << 20) * 1024
    }

    private func listenToSignals() throws(VTXError) {
        let signals = [SIGINT, SIGTERM, SIGHUP, SIGCHLD]
        let file = vtx_signal_descriptor(signals, Int32(signals.count))
        guard file >= 0 else {
            throw VTXError(.internal, "cannot listen to signals", cause: String(cString: strerror(-file)))
        }
        reactor.watch(file) { [unowned self] in
            while true {
                let number = vtx_next_signal(file)
                if number == 0 { return }
                number == SIGCHLD ? reap() : stop(number)
            }
        }
    }

    private func reap() {
        for (pid, child) in children where child.reap() { children[pid] = nil }
    }

    /// Ends of workers that the nursery has forked.
    private func hearNursery() {
        while let news = nursery?.news() {
            switch news {
            case .ended(let pid, let status, let cpu, let memory):
                let child = children.removeValue(forKey: pid)
                child?.finish(status, cpu: cpu, memory: memory)
            case .lost:
                if let file = nursery?.descriptor { reactor.forget(file) }
                nursery = nil
                for (pid, child) in children where child.isNursed {
                    children[pid] = nil
                    child.finish(SIGKILL, cpu: 0, memory: 0)
                }
            }
        }
    }

    /// Ends the batch: nothing new is started, workers end in order. A second signal ends them at once.
    private func stop(_ number: Int32) {
        if signal != nil {
            for child in children.values { child.send(SIGKILL) }
            return
        }
        signal = number
        endWorkers(with: number == SIGINT ? SIGINT : SIGTERM)
    }

    func endWorkers(with number: Int32) {
        queue.removeAll()
        looks = []
        deadline = now() + Self.patience
        sendToAll(number)
    }

    /// A signal for all workers, and for the commands of `--exec` unless they go on.
    private func sendToAll(_ number: Int32) {
        for child in children.values where child.isWorker || !hooksGoOn { child.send(number) }
    }

    var isStopping: Bool { signal != nil || isCutShort || fatal != nil }

    /// One round: starts what there is room for, waits, looks after workers.
    func turn(atMost seconds: Double = 0.5) {
        startProbes()
        startItems()
        startHooks()
        reactor.turn(seconds)
        hearNursery()
        let time = now()
        if let limit = deadline, time > limit {
            sendToAll(SIGKILL)
            deadline = time + Self.patience
        }
        // Commands of --exec may take their time.
        for child in children.values where child.isWorker && time - child.lastSign > Self.longestSilence {
            child.send(SIGKILL)
        }
        if !running.isEmpty, time - lastProgress >= 0.2 {
            lastProgress = time
            tell(.progress(progress))
        }
    }

    /// Rounds until nothing is left to do.
    func finish() {
        while !children.isEmpty || (hooksGoOn && !hooks.isEmpty)
            || !(isStopping || (looks.isEmpty && queue.isEmpty))
        { turn() }
    }

    /// - Throws: the signal's error, or what ends a batch as a whole.
    func checkEnd() throws(VTXError) {
        if !hooksGoOn, !hooks.isEmpty {
            tell(.warning("--exec was not run for the last \(hooks.count) files"))
            hooks = []
        }
        if let fatal { throw fatal }
        guard let signal else { return }
        let counts = "\(rows.count) files done with, the rest is left"
        throw signal == SIGINT
            ? VTXError(.interrupted, "interrupted; \(counts)", remedy: "run the same command again to resume")
            : VTXError(.terminated, "terminated; \(counts)", remedy: "run the same command again to resume")
    }

    /// Starts a program; what cannot be started ends like one that fails.
    ///
    /// - Parameter about: the file it works on, for what it says on standard error.
    @discardableResult
    func start(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], isWorker: Bool = true,
        about: String? = nil,
        line: @escaping ([UInt8]) -> Void, end: @escaping (ProgramEnd) -> Void
    ) -> pid_t? {
        do throws(SystemError) {
            let child = try Child(
                path, arguments, environment: environment, kept: isWorker ? place.lock?.descriptor ?? -1 : -1,
                niceness: options.niceness, isWorker: isWorker,
                nursery: isWorker && isShort(arguments) ? nursery : nil, on: reactor,
                line: line,
                complaint: { [tell, options] text in
                    if options.isVerbose, let about { tell(.warning("\(about): \(text)")) }
                }, end: end)
            children[child.pid] = child
            return child.pid
        } catch {
            end(ProgramEnd(status: 71, signal: nil, cpu: 0, memory: 0, errors: "cannot start \(path): \(error.words)"))
            return nil
        }
    }

    /// Whether the nursery takes a command line of this length.
    private func isShort(_ words: [String]) -> Bool {
        words.reduce(0) { $0 + $1.utf8.count + 1 } <= Int(VTX_NURSERY_LONGEST)
    }

    // MARK: The whole

    /// Runs everything there is.
    ///
    /// - Throws: `.noInput` if there is no media, `.cannotCreate` for collisions, `.usage` for a job file,
    ///   `.interrupted` and `.terminated` for signals. Files that fail are no errors here.
    package func run() throws(VTXError) -> BatchReport {
        clearLeftovers()
        defer { for folder in emptyFolders { place.removeIfEmpty(folder) } }
        watcher = options.watches ? try Watcher(walk, on: reactor) : nil
        let items = try items()
        enqueue(items, total: items.reduce(0) { $0 + $1.cost.work })
        finish()
        try checkEnd()
        if let watcher, !isCutShort { try keepWatching(watcher) }
        if options.wantsThumbnails { makeThumbnails() }
        try checkEnd()
        return soFar
    }

    /// What has come of the batch until now.
    package var soFar: BatchReport {
        BatchReport(
            rows: rows.sorted { $0.source < $1.source }, skipped: skipped, elapsed: now() - began,
            thumbnails: thumbnails, wasCutShort: isCutShort)
    }

    /// The items of the tree as it is, with names and without collisions.
    func items() throws(VTXError) -> [Item] {
        let found = walk.run()
        try readJobFiles(found.jobFiles)
        skipped = found.skipped
        let candidates = found.candidates.filter { candidate in
            if let watcher, watcher.expectIfFresh(candidate, settling: options.settling) { return false }
            dealtWith[candidate.path] = candidate.identity
            guard settings.settings(for: splitPath(candidate.path).folder).isSkipped else { return true }
            skipped.excluded += 1
            return false
        }
        try checkOptions(of: candidates)
        var probed: [Probed] = []
        probe(candidates) { probed.append($0) }
        finish()
        try checkEnd()
        tell(
            .found(
                items: probed.count, skipped: skipped,
                unreadable: found.unreadable.map { "\($0.path): \($0.reason)" }))
        let items = named(probed)
        guard !items.isEmpty || !rows.isEmpty || options.watches else {
            throw VTXError(
                .noInput, "no media below \(options.source)",
                cause: "\(skipped.total) files and folders were left out", remedy: "check \(.include) and \(.exclude)")
        }
        try refuseCollisions(items)
        return items
    }

    /// What the job file at the top says gives way to the command line; what any says of folders does not.
    private func readJobFiles(_ paths: [String]) throws(VTXError) {
        settings.changes = []
        if !paths.contains(TreeWalk.jobFileName) { try addCommandLine() }
        for path in paths {
            let absolute = "\(place.source)/\(path)"
            let folder = splitPath(path).folder
            if let wrong = walk.jobFileProblem(path) {
                throw VTXError(.noInput, "cannot read \(absolute)", cause: wrong)
            }
            guard let text = readText(absolute) else {
                throw VTXError(.noInput, "cannot read \(absolute)", cause: String(cString: strerror(errno)))
            }
            let file = try JobFile(
                text, path: absolute, folder: splitPath(absolute).folder,
                target: settings.settings(for: folder).target, table: table, refused: refused, check: checkOptions)
            settings.changes.append((.folder(folder), file.own))
            if path == TreeWalk.jobFileName { try addCommandLine() }
            settings.changes += file.folders.map { (.pattern($0.pattern, below: folder), $0.change) }
        }
    }

    private func addCommandLine() throws(VTXError) {
        settings.changes.append((.folder(""), options.commandLine))
        let target = settings.settings(for: "").target
        if let alien = options.commandLine.options.keys.sorted().first(where: { !table(target).holds($0) }) {
            throw VTXError(
                .usage, "vtx \(target.command) has no option \(alien)",
                cause: "\(TreeWalk.jobFileName) says `to: \(target.rawValue)`", remedy: "say \(.target) as well")
        }
    }

    /// Options that are right one by one may contradict each other where job files and the command line meet.
    private func checkOptions(of candidates: [Candidate]) throws(VTXError) {
        var checked: Set<ItemSettings> = []
        for folder in Set(candidates.map { splitPath($0.path).folder }).sorted() {
            let settings = settings.settings(for: folder)
            guard checked.insert(settings).inserted else { continue }
            if settings.value(of: "--encrypt") != nil, settings.value(of: "--key-file") == nil {
                throw VTXError(
                    .usage, "\(.encryption) in a batch needs \(.keyFile)",
                    cause: "each package would be given a key of its own, and \(.keyURI) is one address for all",
                    remedy: "make a key, and pass \(.keyFile) and \(.keyURI)")
            }
            guard let wrong = checkOptions(settings.target, settings.words) else { continue }
            throw VTXError(
                .usage, "the options for \(folder.isEmpty ? options.source : folder) are wrong", cause: wrong,
                remedy: "compare the command line and the \(TreeWalk.jobFileName) of this folder and those around it")
        }
    }

    private func refuseCollisions(_ items: [Item]) throws(VTXError) {
        let found = collisions(items.map { ($0.source.path, $0.output) })
        guard let first = found.first else {
            for item in items { owners[item.output] = item.source.path }
            return
        }
        let more = found.count > 1 ? ", and \(found.count - 1) more pairs" : ""
        throw VTXError(
            .cannotCreate, "\(first.first) and \(first.second) would both be \(first.output)\(more)",
            cause: "nothing was started", remedy: "tell them apart: \(.nameTemplate) '{stem}-{ext}'")
    }

    private func clearLeftovers() {
        for record in journal?.state.items.values.map({ $0 }) ?? [] where record.event == .started {
            removeLeftovers(of: "\(place.output)/\(record.output ?? "")")
        }
    }

    func record(_ record: JournalRecord, isLasting: Bool = true) {
        do throws(VTXError) { try journal?.add(record, isLasting: isLasting) } catch {
            guard fatal == nil else { return }
            fatal = error
            endWorkers(with: SIGTERM)
        }
    }

    var progress: BatchProgress {
        let time = now()
        let partly = running.values.reduce(0) { $0 + ($1.fraction ?? 0) * $1.item.cost.work }
        let all = finishedWork + queue.work + running.values.reduce(0) { $0 + $1.item.cost.work }
        let elapsed = firstStart.map { time - $0 } ?? 0
        let isMeasured = rows.contains { $0.result == .done }
        return BatchProgress(
            running: running.values.sorted { $0.item.source.path < $1.item.source.path }.map {
                RunningItem(
                    source: $0.item.source.path, fraction: $0.fraction, speed: $0.speed, elapsed: time - $0.began)
            },
            waiting: queue.count, done: rows.count { $0.result == .done },
            unchanged: rows.count { $0.result == .unchanged }, failed: rows.count(where: \.result.isFailure),
            elapsed: elapsed, fraction: all > 0 ? (finishedWork + partly) / all : 1,
            eta: isMeasured
                ? remainingTime(done: finishedWork + partly, left: all - finishedWork - partly, elapsed: elapsed)
                : nil)
    }
}
