// Encoding: from the queue to a worker, and from the worker's answer to the journal.

import CLinux
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
import VTXKit
import VTXSystem
import VTXModel
import VTXSystem

/// An item that a worker is busy with.
final class RunningWorker {
    let item: Item
    let began = now()
    var fraction: Double?
    var speed: Double?
    var answer: WorkerLine?

    init(_ item: Item) { self.item = item }
}

extension Coordinator {
    /// What identifies an output: of a package, the playlist that is written last.
    func present(_ item: Item) -> FileIdentity? { present(item.output, item.settings.target) }

    private func present(_ output: String, _ target: BatchTarget) -> FileIdentity? {
        let path = "\(place.output)/\(output)"
        return FileIdentity(target == .hls ? "\(path)/master.m3u8" : path)
    }

    func standing(of item: Item) -> ItemStanding {
        journal?.state.standing(
            output: item.output, source: item.source, plan: item.plan, present: present(item),
            retriesFailed: options.retriesFailed, mayOverwrite: options.mayOverwrite) ?? .due(mayReplace: false)
    }

    /// Puts items into the queue, and those that need nothing into the table.
    ///
    /// - Parameter total: work of the whole batch, which decides how many threads an item gets.
    func enqueue(_ items: [Item], total: Double) {
        for item in items {
            var item = item
            switch standing(of: item) {
            case .done(let outcome): add(row(item, .unchanged, outcome: outcome))
            case .failed(let failure): add(row(item, .failedBefore, failure: failure))
            case .finishedUnsaid:
                var outcome = BatchOutcome(size: treeSize("\(place.output)/\(item.output)"))
                outcome.duration = item.facts?.duration
                done(item, outcome)
            case .due(let isOwn):
                item.mayReplace = isOwn || options.mayOverwrite
                item.threads =
                    options.jobs.map { max(1, options.cores / $0) }
                    ?? threadShare(item.cost.work, of: total, cores: options.cores)
                queue.add(item, cost: item.cost, name: item.source.path)
            }
        }
    }

    func startItems() {
        guard !isStopping else { return }
        dropUnsettledItems()
        while true {
            let used = running.values.reduce(0) { $0 + $1.item.cost.memory }
            guard let (item, _) = queue.next(within: budget, running: running.count, memory: used) else { return }
            start(item)
            if isStopping { return }
        }
    }

    private func start(_ item: Item) {
        firstStart = firstStart ?? now()
        let output = "\(place.output)/\(item.output)"
        do throws(VTXError) { try makeDirectories(splitPath(output).folder) } catch {
            return failed(item, BatchFailure(error))
        }
        var record = record(.started, item)
        record.previous = present(item)
        // What a batch made there before stays its own.
        let last = journal?.state.items[item.output]
        record.made = item.mayReplace && last?.made != nil ? last?.made : nil
        self.record(record)
        guard !isStopping else { return }
        tell(.started(source: item.source.path, output: item.output))

        let worker = RunningWorker(item)
        let pid = start(options.executable, arguments(of: item, output: output), about: item.source.path) {
            [unowned self] bytes in
            read(bytes, of: worker)
        } end: { [unowned self] end in
            ended(worker, end)
        }
        if let pid { running[pid] = worker }
    }

    /// The worker's command line.
    private func arguments(of item: Item, output: String) -> [String] {
        var words = [item.settings.target.command, absolute(item.source), "-o", output, "--json", loudness]
        words += ["--sandbox", options.sandbox] + item.settings.words
        if item.mayReplace { words.append("--overwrite") }
        // A ladder's encoders have a thread each already; one pass of it keeps two cores busy.
        if item.settings.target == .hls, item.settings.value(of: "--jobs") == nil {
            words += ["--jobs", String(max(1, item.threads / 2))]
        }
        if item.settings.target != .hls, item.settings.value(of: "--threads") == nil {
            words += ["--threads", String(item.threads)]
        }
        return words
    }

    private func read(_ bytes: [UInt8], of worker: RunningWorker) {
        guard let line = try? workerDecoder.decode(WorkerLine.self, from: Data(bytes)) else { return }
        switch line.type {
        case "progress":
            worker.fraction = line.fraction ?? worker.fraction
            worker.speed = line.speed ?? worker.speed
        case "done", "error": worker.answer = line
        default: break
        }
    }

    private func ended(_ worker: RunningWorker, _ end: ProgramEnd) {
        let item = worker.item
        if let pid = running.first(where: { $0.value === worker })?.key {
            running[pid] = nil
            if end.signal != nil { removeLeftovers(of: "\(place.output)/\(item.output)", worker: pid) }
        }
        finishedWork += item.cost.work
        if end.status == 0, let answer = worker.answer, answer.type == "done" {
            let outcome = BatchOutcome(
                size: treeSize("\(place.output)/\(item.output)"), duration: answer.duration?.seconds,
                elapsed: ((now() - worker.began) * 1000).rounded() / 1000, cpu: end.cpu, memory: end.memory,
                warnings: answer.warnings ?? [])
            done(item, outcome)
        } else if isStopping {
            // It was told to end. The journal says that it was started, so it will be done again.
            emptyFolders.insert(splitPath(item.output).folder)
        } else {
            failed(item, worker.answer?.failure ?? crash(end, of: item.source), elapsed: now() - worker.began)
        }
    }

    private func record(_ event: JournalRecord.Event, _ item: Item) -> JournalRecord {
        var record = JournalRecord(event, source: item.source.path, identity: item.source.identity, time: wallTime())
        record.output = item.output
        record.plan = item.plan
        return record
    }

    private func done(_ item: Item, _ outcome: BatchOutcome) {
        // The journal must not say "done" of bytes that a power cut can still take.
        synchronize("\(place.output)/\(item.output)")
        var record = record(.done, item)
        record.made = present(item)
        record.outcome = outcome
        self.record(record)
        add(row(item, .done, outcome: outcome))
    }

    private func failed(_ item: Item, _ failure: BatchFailure, elapsed: Double? = nil) {
        let failure = relative(failure, item.source, output: item.output)
        var record = record(.failed, item)
        record.made = journal?.state.items[item.output]?.made
        record.failure = failure
        self.record(record)
        emptyFolders.insert(splitPath(item.output).folder)
        add(row(item, .failed, failure: failure))
    }

    private func row(
        _ item: Item, _ result: BatchRow.Result, outcome: BatchOutcome? = nil, failure: BatchFailure? = nil
    ) -> BatchRow {
        BatchRow(
            source: item.source.path, output: item.output, result: result, failure: failure,
            sourceSize: item.source.identity.size, outcome: outcome, duration: item.facts?.duration)
    }

    // MARK: Hooks

    /// `--exec`: a shell command that learns of the item by its environment.
    func runHook(_ row: BatchRow) {
        guard let command = options.hook else { return }
        var environment = [
            "VTX_RESULT": row.result.rawValue, "VTX_SOURCE": "\(place.source)/\(row.source)",
            "VTX_REASON": row.failure?.reason ?? "",
        ]
        environment["VTX_OUTPUT"] = row.output.map { "\(place.output)/\($0)" } ?? ""
        hooks.append { [unowned self] in
            start("/bin/sh", ["-c", command], environment: environment, isWorker: false) { _ in
            } end: { [unowned self] end in
                runningHooks -= 1
                guard end.status != 0 else { return }
                let how = end.signal.map(signalName) ?? "status \(end.status ?? -1)"
                let words = end.errors.split(separator: "\n").last.map { ": \($0)" } ?? ""
                tell(.warning("--exec ended with \(how) for \(row.source)\(words)"))
            }
        }
    }

    /// Whether commands are still run: after `--fail-fast` too, but not after a signal.
    var hooksGoOn: Bool { signal == nil && fatal == nil }

    func startHooks() {
        while !hooks.isEmpty, runningHooks < options.cores, hooksGoOn {
            runningHooks += 1
            hooks.removeFirst()()
        }
    }

    // MARK: Small pictures

    /// So many items get a picture in the report; a page of ten thousand would not open.
    private static var mostThumbnails: Int { 500 }

    /// Lets workers make a small picture of each output that has none yet.
    func makeThumbnails() {
        guard !isStopping, (try? makeDirectories(place.thumbnails)) != nil else { return }
        let finished = rows.filter { !$0.result.isFailure && $0.output != nil }.prefix(Self.mostThumbnails)
        for row in finished {
            guard let output = row.output, let record = journal?.state.items[output], let made = record.made else {
                continue
            }
            let picture = "\(place.thumbnails)/\(record.plan ?? "")-\(made.inode)-\(made.modified).jpg"
            if access(picture, R_OK) == 0 {
                thumbnails[output] = picture
                continue
            }
            // A package has its pictures in pieces; its source shows the same.
            let isFile = !isDirectory("\(place.output)/\(output)")
            let source = isFile ? "\(place.output)/\(output)" : "\(place.source)/\(row.source)"
            looks.append { [unowned self] in
                start(options.executable, ["thumbnail", source, "-o", picture, "--sandbox", options.sandbox]) { _ in
                } end: { [unowned self] end in
                    runningProbes -= 1
                    if end.status == 0 { thumbnails[output] = picture }
                }
            }
        }
        finish()
    }
}
