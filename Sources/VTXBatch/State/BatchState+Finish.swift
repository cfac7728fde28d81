// What follows when items have results: the user's command, thumbnails, and progress.

import VTXModel

extension BatchState {
    // MARK: The user's command

    mutating func startHooks() {
        while !hooks.isEmpty, hooksGoOn, running.values.count(where: { !$0.isWorker }) < rules.options.cores {
            let row = hooks.removeFirst()
            let id = nextID()
            running[id] = RunningTask(work: .hook(row), lastSign: moment.steady)
            actions.append(.start(id, .hook(row), recording: nil))
        }
    }

    mutating func endedHook(_ row: BatchRow, _ end: TaskEnd) {
        guard end.exit != .done else { return }
        let how = end.exit.signal.map(signalName) ?? "status \(end.exit.status ?? -1)"
        let words = end.lastWords.map { ": \($0)" } ?? ""
        tell(.warning("\(.finishedCommand) ended with \(how) for \(row.source)\(words)"))
    }

    // MARK: Thumbnails

    /// Asks which finished outputs have no thumbnail yet.
    mutating func findThumbnails() {
        let finished = rows.filter { !$0.result.isFailure }.prefix(BatchRules.mostThumbnails)
        let wanted = finished.compactMap { row -> Thumbnail? in
            guard let output = row.output, let record = journal.items[output], let made = record.made else {
                return nil
            }
            return Thumbnail(
                output: output, source: row.source, name: "\(record.plan ?? "")-\(made.inode)-\(made.modified)")
        }
        guard !wanted.isEmpty else { return }
        awaited += 1
        actions.append(.findThumbnails(wanted))
    }

    mutating func foundThumbnails(_ existing: [ExactName: String], _ missing: [ThumbnailTask]) {
        awaited -= 1
        thumbnails.merge(existing) { $1 }
        for task in missing where !isStopping {
            looks.append(.thumbnail(output: task.output, source: task.source, image: task.image))
        }
    }

    // MARK: Progress

    /// How far the batch is.
    var progress: BatchProgress {
        let time = moment.steady
        let makes = runningMakes.sorted { $0.item.source.path < $1.item.source.path }
        let partly = makes.reduce(0) { $0 + ($1.fraction ?? 0) * $1.item.cost.work }
        let all = finishedWork + queue.work + makes.reduce(0) { $0 + $1.item.cost.work }
        let done = finishedWork + partly
        let media = finishedMedia + makes.reduce(0) { $0 + ($1.fraction ?? 0) * ($1.item.facts?.duration ?? 0) }
        let elapsed = firstStart.map { time - $0 } ?? 0
        let running = makes.map {
            BatchPace.Running(
                work: $0.item.cost.work, elapsed: time - $0.began, start: $0.start, fraction: $0.fraction)
        }
        return BatchProgress(
            running: makes.map {
                RunningItem(
                    source: $0.item.source.path, fraction: $0.fraction, speed: $0.speed, elapsed: time - $0.began)
            },
            waiting: queue.count, done: rows.count { $0.result == .done },
            unchanged: rows.count { $0.result == .unchanged }, failed: rows.count(where: \.result.isFailure),
            elapsed: elapsed, fraction: all > 0 ? min(1, done / all) : 1,
            speed: media > 0 && elapsed > 0 ? media / elapsed : nil,
            eta: pace.remaining(running: running, waiting: queue.works, slots: makes.count))
    }
}
