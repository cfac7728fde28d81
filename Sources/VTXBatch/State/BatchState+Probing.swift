// What is found out about files before they are encoded: what they are, and what their outputs are called.

import VTXModel
import VTXSystem

extension BatchState {
    /// The source directory was walked.
    mutating func found(_ findings: Findings, _ settings: SettingsTree) {
        self.settings = settings
        skipped = findings.skipped
        unreadable = findings.unreadable.map { "\($0.path): \($0.reason)" }
        phase = .probing
        var wanted: [Candidate] = []
        for file in findings.candidates {
            dealtWith[file.path] = file.identity
            if settings.settings(for: SplitPath(file.path).folder).isSkipped {
                skipped.excluded += 1
            } else {
                wanted.append(file)
            }
        }
        probe(wanted)
    }

    /// Probes files, unless the journal knows them.
    mutating func probe(_ files: [Candidate]) {
        var unknown: [Candidate] = []
        for file in files {
            if let known = journal.probe(of: file), known.failure == nil || !rules.options.retriesFailed {
                judge(Probed(source: file, facts: known.facts, failure: known.failure, isOld: true))
            } else {
                unknown.append(file)
            }
        }
        for start in stride(from: 0, to: unknown.count, by: BatchRules.filesPerProbe) {
            looks.append(.probe(Array(unknown[start..<min(unknown.count, start + BatchRules.filesPerProbe)])))
        }
    }

    mutating func startLooks() {
        while !looks.isEmpty, !isStopping, running.values.count(where: \.isLook) < rules.options.cores {
            start(looks.removeFirst())
        }
    }

    private mutating func start(_ look: Look) {
        let id = nextID()
        let (work, task): (RunningTask.Work, BatchTask) =
            switch look {
            case .probe(let files): (.probe(left: files, asked: files.count), .probe(files))
            case .planForName(let file, let settings): (.plan(look, answer: nil), .plan(file.source, settings))
            case .planForEstimate(let item, _): (.plan(look, answer: nil), .plan(item.source, item.settings))
            case .thumbnail(let output, let source, let image):
                (.thumbnail(output: output, image: image), .thumbnail(source: source, image: image))
            }
        running[id] = RunningTask(work: work, lastSign: moment.steady)
        actions.append(.start(id, task, recording: nil))
    }

    /// A probing worker has answered for its next file.
    mutating func answered(_ file: Candidate, _ answer: TaskAnswer) {
        switch answer {
        case .media(let facts): record(Probed(source: file, facts: facts))
        case .failure(let failure): record(Probed(source: file, failure: failure))
        case .plan, .progress, .done, .other: break
        }
    }

    private mutating func record(_ file: Probed) {
        var record = JournalRecord(
            .probed, source: file.source.path, identity: file.source.identity, time: moment.wall)
        record.facts = file.facts
        record.failure = file.failure
        // A crash of a worker says nothing lasting about the file.
        if file.failure?.kind != .internal { self.record(record, isLasting: false) }
        judge(file)
    }

    /// A probing worker has ended; `left` have no answer.
    mutating func endedProbe(_ end: TaskEnd, left: [Candidate], asked: Int) {
        guard !isStopping, let next = left.first else { return }
        if end.exit.signal == nil, left.count == asked, asked > 1 {
            // It has answered nothing: one by one then, so that each has its own answer.
            looks += left.map { .probe([$0]) }
            return
        }
        // It died of this file. Those after it get another worker.
        record(Probed(source: next, failure: crash(end)))
        if left.count > 1 { looks.append(.probe(Array(left.dropFirst()))) }
    }

    /// Tells media and broken media from other files.
    private mutating func judge(_ file: Probed) {
        if file.facts?.isMedia == true {
            take(Probed(source: file.source, facts: file.facts))
        } else if file.failure?.kind == .noInput || file.failure?.kind == .internal {
            take(file)
        } else if file.facts?.isStillImage == true {
            skipped.noMedia += 1
        } else if isNamedLikeMedia(file.source.path) {
            // Without a video or audio track, the worker that would encode it says what is wrong.
            take(file)
        } else {
            undecided[file.source.path] = file
            actions.append(.sniff(file.source))
        }
    }

    mutating func sniffed(_ file: Candidate, _ isLikeMedia: Bool) {
        guard let probed = undecided.removeValue(forKey: file.path) else { return }
        if isLikeMedia { take(probed) } else { skipped.noMedia += 1 }
    }

    private mutating func take(_ file: Probed) {
        if phase == .probing { probed.append(file) } else { name(file) }
    }

    // MARK: Names

    /// Gives a file's output its name, or the file a row that says why it has none.
    mutating func name(_ file: Probed) {
        let settings = settings.settings(for: SplitPath(file.source.path).folder)
        if let failure = file.failure {
            add(failedRow(file.source, failure, duration: file.facts?.duration, isOld: file.isOld))
        } else if settings.name.needsPlan {
            looks.append(.planForName(file, settings))
        } else {
            name(file, settings, plan: nil)
        }
    }

    /// A plan for a name, or why there is none.
    mutating func planned(_ file: Probed, _ settings: ItemSettings, _ answer: TaskAnswer?, _ end: TaskEnd) {
        switch answer {
        case .plan(let plan):
            name(file, settings, plan: plan.facts(source: file.facts, bytes: file.source.identity.size))
        case .failure(let failure): add(failedRow(file.source, failure, duration: file.facts?.duration))
        default: add(failedRow(file.source, crash(end), duration: file.facts?.duration))
        }
    }

    private mutating func name(_ file: Probed, _ settings: ItemSettings, plan: PlanFacts?) {
        do throws(VTXError) {
            let output = try outputName(of: file, settings, plan, self.settings.options(of: settings.target))
            let item = Item(
                source: file.source, settings: settings, facts: file.facts, output: output, planFacts: plan,
                cost: ItemCost(file.facts, bytes: file.source.identity.size, target: settings.target))
            if phase == .watching { appeared(item) } else { named.append(item) }
        } catch {
            add(failedRow(file.source, rules.failure(error), duration: file.facts?.duration))
        }
    }

    func failedRow(
        _ file: Candidate, _ failure: BatchFailure, duration: Double?, output: String? = nil, isOld: Bool = false
    ) -> BatchRow {
        BatchRow(
            source: file.path, output: output, result: isOld ? .failedBefore : .failed,
            failure: rules.shortened(failure, file, output: output), sourceSize: file.identity.size,
            duration: duration)
    }
}

extension RunningTask {
    /// Whether it is a short task.
    fileprivate var isLook: Bool {
        switch work {
        case .probe, .plan, .thumbnail: true
        case .make, .hook: false
        }
    }
}
