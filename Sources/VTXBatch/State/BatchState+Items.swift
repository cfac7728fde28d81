// Items: from their names to the queue, to a worker, and to a row of the table.

import VTXModel
import VTXSystem

extension BatchState {
    /// Unfinished files of workers that a batch before this one has left.
    mutating func removeLeftovers() {
        guard !rules.isDryRun else { return }
        for record in journal.items.values.sorted(by: { $0.source < $1.source }) where record.event == .started {
            actions.append(.removeLeftovers(output: record.output ?? "", process: nil))
        }
    }

    /// Asks what the disk says about items.
    mutating func inspect(_ items: [Item]) {
        awaited += 1
        actions.append(.inspect(items))
    }

    mutating func inspected(_ inspections: [Inspection]) {
        awaited -= 1
        if rules.isDryRun { return estimate(inspections) }
        // The work of the whole batch decides how many threads an item gets.
        let waiting = queue.work + runningMakes.reduce(0) { $0 + $1.item.cost.work }
        let total = inspections.reduce(waiting) { $0 + $1.item.cost.work }
        for inspection in inspections { enqueue(inspection, total: total) }
    }

    func standing(of inspection: Inspection) -> ItemStanding {
        let item = inspection.item
        return journal.standing(
            output: item.output, source: item.source, plan: item.plan, present: inspection.present,
            retriesFailed: rules.options.retriesFailed, mayOverwrite: rules.options.mayOverwrite)
    }

    private mutating func enqueue(_ inspection: Inspection, total: Double) {
        var item = inspection.item
        let options = rules.options
        switch standing(of: inspection) {
        case .done(let outcome): add(row(item, .unchanged, outcome: outcome))
        case .failed(let failure): add(row(item, .failedBefore, failure: failure))
        case .finishedUnsaid: measure(item, BatchOutcome(size: 0, duration: item.facts?.duration))
        case .due(let isOwn):
            item.mayReplace = isOwn || options.mayOverwrite
            item.threads =
                options.jobs.map { max(1, options.cores / $0) }
                ?? threadShare(item.cost.work, of: total, cores: options.cores)
            queue.add(item, cost: item.cost, name: item.source.path)
        }
    }

    var runningMakes: [RunningMake] { running.values.compactMap(\.make) }

    mutating func startItems() {
        guard !isStopping, !queue.isEmpty else { return }
        dropChangingItems()
        while true {
            let makes = runningMakes
            let used = makes.reduce(0) { $0 + $1.item.cost.memory }
            guard let (item, _) = queue.next(within: rules.budget, running: makes.count, memory: used) else { return }
            firstStart = firstStart ?? moment.steady
            let id = nextID()
            running[id] = RunningTask(
                work: .make(RunningMake(item: item, began: moment.steady)), lastSign: moment.steady)
            actions.append(.prepare(id, item))
        }
    }

    mutating func prepared(_ id: TaskID, _ present: FileIdentity?) {
        guard let item = running[id]?.make?.item else { return }
        guard !isStopping else { return running[id] = nil }
        var record = record(.started, item)
        record.previous = present
        // What a batch made there before stays its own.
        record.made = item.mayReplace ? journal.items[item.output]?.made : nil
        journal.add(record)
        actions.append(.start(id, .make(item), recording: record))
    }

    mutating func notPrepared(_ id: TaskID, _ error: VTXError) {
        guard let item = running.removeValue(forKey: id)?.make?.item else { return }
        failed(item, rules.failure(error))
    }

    mutating func started(_ id: TaskID) {
        guard let item = running[id]?.make?.item else { return }
        tell(.started(source: item.source.path, output: item.output))
    }

    /// A task's process has said something.
    mutating func said(_ id: TaskID, _ answer: TaskAnswer) {
        guard var task = running[id] else { return }
        task.lastSign = moment.steady
        var answered: Candidate?
        switch (task.work, answer) {
        case (.probe(var left, let asked), .media), (.probe(var left, let asked), .failure):
            answered = left.isEmpty ? nil : left.removeFirst()
            task.work = .probe(left: left, asked: asked)
        case (.plan(let look, _), .plan), (.plan(let look, _), .failure): task.work = .plan(look, answer: answer)
        case (.make(var make), .progress(let fraction, let speed)):
            make.start = make.start ?? (moment.steady - make.began)
            make.fraction = fraction ?? make.fraction
            make.speed = speed ?? make.speed
            task.work = .make(make)
        case (.make(var make), .done), (.make(var make), .failure):
            make.answer = answer
            task.work = .make(make)
        default: break
        }
        running[id] = task
        if let answered { self.answered(answered, answer) }
    }

    /// A task's process has ended.
    mutating func ended(_ id: TaskID, _ end: TaskEnd) {
        guard let task = running.removeValue(forKey: id) else { return }
        switch task.work {
        case .probe(let left, let asked): endedProbe(end, left: left, asked: asked)
        case .make(let make): endedMake(make, end)
        case .thumbnail(let output, let image): if end.exit == .done { thumbnails[output] = image }
        case .hook(let row): endedHook(row, end)
        case .plan(let look, let answer):
            guard !isStopping else { return }
            switch look {
            case .planForName(let file, let settings): planned(file, settings, answer, end)
            case .planForEstimate(let item, let planned): estimated(item, planned, answer, end)
            case .probe, .thumbnail: break
            }
        }
    }

    private mutating func endedMake(_ make: RunningMake, _ end: TaskEnd) {
        let item = make.item
        if end.exit.signal != nil, let process = end.process {
            actions.append(.removeLeftovers(output: item.output, process: process))
        }
        finishedWork += item.cost.work
        if end.exit == .done, case .done(let duration, let warnings) = make.answer {
            let elapsed = (moment.steady - make.began).rounded(places: 3)
            finishedMedia += duration ?? item.facts?.duration ?? 0
            pace.add(work: item.cost.work, seconds: elapsed, start: make.start)
            let outcome = BatchOutcome(
                size: 0, duration: duration, elapsed: elapsed, cpu: end.cpu, memory: end.memory, warnings: warnings)
            measure(item, outcome)
        } else if isStopping {
            // It was told to end. The journal says that it was started, so it will be done again.
            emptyFolders.insert(ExactName(SplitPath(item.output).folder))
        } else if case .failure(let failure) = make.answer {
            failed(item, failure)
        } else {
            failed(item, crash(end))
        }
    }

    /// What a worker that ended without an answer died of.
    func crash(_ end: TaskEnd) -> BatchFailure {
        var error: VTXError
        if let signal = end.exit.signal {
            error = VTXError(.internal, "the worker was ended by \(signalName(signal))", cause: end.lastWords)
            error.remedy = .report(with: "the file")
            if isKill(signal) {
                error.cause = "killed by another program, for lack of memory, or for its silence"
                error.remedy = "give it more memory: \(.jobs, "1")"
            }
        } else {
            error = VTXError(
                .internal, "the worker ended with status \(end.exit.status ?? -1) and no answer", cause: end.lastWords,
                remedy: .report(with: "the file"))
        }
        return rules.failure(error)
    }

    // MARK: Results

    /// Brings an output to the disk: the journal must not say "done" of bytes that a power cut can still take.
    private mutating func measure(_ item: Item, _ outcome: BatchOutcome) {
        finishing[item.output] = (item, outcome)
        actions.append(.measure(item))
    }

    mutating func measured(_ output: String, _ size: Int64, _ made: FileIdentity?) {
        guard case (let item, var outcome)? = finishing.removeValue(forKey: output) else { return }
        outcome.size = size
        var record = record(.done, item)
        record.made = made
        record.outcome = outcome
        self.record(record)
        add(row(item, .done, outcome: outcome))
    }

    private mutating func failed(_ item: Item, _ failure: BatchFailure) {
        let failure = rules.shortened(failure, item.source, output: item.output)
        var record = record(.failed, item)
        record.made = journal.items[item.output]?.made
        record.failure = failure
        self.record(record)
        emptyFolders.insert(ExactName(SplitPath(item.output).folder))
        add(row(item, .failed, failure: failure))
    }

    private func record(_ event: JournalRecord.Event, _ item: Item) -> JournalRecord {
        var record = JournalRecord(
            event, source: item.source.path, identity: item.source.identity, time: moment.wall)
        record.output = item.output
        record.plan = item.plan
        return record
    }

    private func row(
        _ item: Item, _ result: BatchRow.Result, outcome: BatchOutcome? = nil, failure: BatchFailure? = nil
    ) -> BatchRow {
        BatchRow(
            source: item.source.path, output: item.output, result: result, failure: failure,
            sourceSize: item.source.identity.size, outcome: outcome, duration: item.facts?.duration)
    }

    /// Adds a row to the table.
    mutating func add(_ row: BatchRow) {
        rows.append(row)
        guard !rules.isDryRun else { return }
        tell(.finished(row))
        if rules.options.hook != nil, row.result == .done || row.result == .failed { hooks.append(row) }
        if rules.options.failsFast, row.result == .failed { cutShort() }
    }
}
