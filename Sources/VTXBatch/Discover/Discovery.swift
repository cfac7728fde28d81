// What is found out about files before they are encoded: probing, names, plans.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
import VTXKit
package import VTXModel
import VTXSystem

/// A file that was looked at: facts, or why it cannot be media. Neither: it is no media at all.
struct Probed {
    var source: Candidate
    var facts: MediaFacts?
    var failure: BatchFailure?
    /// Whether an earlier run found that out.
    var isOld = false
}

extension Coordinator {
    /// Files that one probing worker takes: starting one costs as much as a few files.
    private static var filesPerProbe: Int { 24 }

    func startProbes() {
        while !looks.isEmpty, runningProbes < options.cores, !isStopping {
            runningProbes += 1
            looks.removeFirst()()
        }
    }

    /// Discovery into files, unless the journal knows them.
    ///
    /// - Parameter each: called for those that are media, or broken; others are counted.
    func probe(_ candidates: [Candidate], each: @escaping (Probed) -> Void) {
        var unknown: [Candidate] = []
        for candidate in candidates {
            if let known = journal?.state.probe(of: candidate), known.failure == nil || !options.retriesFailed {
                judge(candidate, known.facts, known.failure, isOld: true, each)
            } else {
                unknown.append(candidate)
            }
        }
        for start in stride(from: 0, to: unknown.count, by: Self.filesPerProbe) {
            let part = Array(unknown[start..<min(unknown.count, start + Self.filesPerProbe)])
            looks.append { [unowned self] in startProbe(part, each) }
        }
    }

    private func startProbe(_ files: [Candidate], _ each: @escaping (Probed) -> Void) {
        struct Line: Decodable {
            var type: String
            var media: ProbedMedia?
        }
        var left = files[...]
        let arguments = ["probe", "--json", loudness, "--sandbox", options.sandbox] + files.map(absolute)
        start(options.executable, arguments, about: files.map(\.path).joined(separator: ", ")) { [unowned self] bytes in
            guard let line = try? workerDecoder.decode(Line.self, from: Data(bytes)), line.type != "header",
                let file = left.popFirst()
            else { return }
            let error = try? workerDecoder.decode(WorkerLine.self, from: Data(bytes))
            probed(file, line.media?.facts, error?.failure, each)
        } end: { [unowned self] end in
            runningProbes -= 1
            guard !isStopping, let next = left.popFirst() else { return }
            // The worker died of this file. Those after it get another worker.
            if end.signal != nil || left.count + 1 < files.count || files.count == 1 {
                probed(next, nil, crash(end, of: next), each)
            } else {
                left.insert(next, at: left.startIndex)
                // Nothing at all was answered: one by one then, so that each has its own answer.
                for file in left { looks.append { [unowned self] in startProbe([file], each) } }
                return
            }
            let rest = Array(left)
            if !rest.isEmpty { looks.append { [unowned self] in startProbe(rest, each) } }
        }
    }

    /// What workers say on standard error.
    var loudness: String { options.isVerbose ? "--verbose" : "--quiet" }

    func absolute(_ candidate: Candidate) -> String { "\(place.source)/\(candidate.path)" }

    /// What a worker that ended without an answer died of.
    func crash(_ end: ProgramEnd, of file: Candidate) -> BatchFailure {
        let last = end.errors.split(separator: "\n").last.map(String.init)
        if let signal = end.signal {
            let name = signalName(signal)
            return BatchFailure(
                .internal, "the worker was ended by \(name)",
                cause: signal == SIGKILL ? "by somebody, for want of memory, or for its silence" : last,
                hint: signal == SIGKILL ? "give it more memory: --jobs 1" : "please report this with the file")
        }
        return BatchFailure(
            .internal, "the worker ended with status \(end.status ?? -1) and no answer", cause: last,
            hint: "please report this with the file")
    }

    private func probed(
        _ file: Candidate, _ facts: MediaFacts?, _ failure: BatchFailure?, _ each: (Probed) -> Void
    ) {
        var record = JournalRecord(.probed, source: file.path, identity: file.identity, time: wallTime())
        record.facts = facts
        record.failure = failure
        // A worker that was killed says nothing about the file for ever.
        if failure?.kind != .internal { self.record(record, isLasting: false) }
        judge(file, facts, failure, isOld: false, each)
    }

    /// Tells media and broken media from what is none.
    private func judge(
        _ file: Candidate, _ facts: MediaFacts?, _ failure: BatchFailure?, isOld: Bool, _ each: (Probed) -> Void
    ) {
        if let facts, facts.isMedia {
            each(Probed(source: file, facts: facts))
        } else if failure?.kind == .noInput || failure?.kind == .internal
            || (!(facts?.isStillImage ?? false) && (isNamedLikeMedia(file.path) || beginsLikeMedia(head(of: file))))
        {
            // Without a track to see or hear `vtx transcode` says what is wrong.
            each(Probed(source: file, facts: facts, failure: failure, isOld: isOld))
        } else {
            skipped.noMedia += 1
        }
    }

    private func head(of file: Candidate) -> [UInt8] {
        let descriptor = open(absolute(file), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    // MARK: Names and plans

    /// Files as items with a name. Those that cannot have one become rows that say why.
    func named(_ probed: [Probed]) -> [Item] {
        var items: [Item] = []
        for file in probed {
            let settings = settings.settings(for: splitPath(file.source.path).folder)
            if let failure = file.failure {
                add(row(file.source, failure: failure, duration: file.facts?.duration, isOld: file.isOld))
            } else if settings.name.needsPlan {
                plan(file.source, file.facts, settings) { [unowned self] result in
                    switch result {
                    case .success(let facts):
                        if let item = item(file, settings, facts) { items.append(item) }
                    case .failure(let failure):
                        add(row(file.source, failure: failure.failure, duration: file.facts?.duration))
                    }
                }
            } else if let item = item(file, settings, nil) {
                items.append(item)
            }
        }
        finish()
        return items.sorted { $0.source.path < $1.source.path }
    }

    /// `nil` after a row that says why it has no name.
    func item(_ file: Probed, _ settings: ItemSettings, _ planned: PlanFacts?) -> Item? {
        let (folder, stem, ext) = splitPath(file.source.path)
        var values: [NameTemplate.Field: String] = [
            .stem: stem, .ext: ext, .name: ext.isEmpty ? stem : "\(stem).\(ext)",
            .preset: splitPath(settings.value(of: "--preset") ?? "medium").stem,
        ]
        values[.sourceWidth] = file.facts?.width.map(String.init)
        values[.sourceHeight] = file.facts?.height.map(String.init)
        values[.width] = planned?.width.map(String.init)
        values[.height] = planned?.height.map(String.init)
        values[.codec] = planned?.codec
        do throws(VTXError) {
            let name = try settings.name.name(values) + settings.target.suffix
            let output = folder.isEmpty ? name : "\(folder)/\(name)"
            if output == BatchPlace.folderName || output.hasPrefix(BatchPlace.folderName + "/") {
                throw VTXError(.usage, "\(output) is the batch's own folder")
            }
            return Item(
                source: file.source, settings: settings, facts: file.facts, output: output,
                plan: planHash(settings, output: output), planFacts: planned,
                cost: ItemCost(file.facts, bytes: file.source.identity.size, target: settings.target))
        } catch {
            add(row(file.source, failure: BatchFailure(error), duration: file.facts?.duration))
            return nil
        }
    }

    /// Asks a worker what it would make.
    func plan(
        _ source: Candidate, _ facts: MediaFacts?, _ settings: ItemSettings,
        then: @escaping (Result<PlanFacts, PlanFailure>) -> Void
    ) {
        looks.append { [unowned self] in
            var answer: Result<PlanFacts, PlanFailure>?
            let output = "\(place.output)/\(splitPath(source.path).stem)\(settings.target.suffix)"
            let arguments =
                [settings.target.command, absolute(source), "-o", output, "--dry-run", "--json", loudness]
                + ["--sandbox", options.sandbox] + settings.words
            start(options.executable, arguments, about: source.path) { bytes in
                guard let line = try? workerDecoder.decode(WorkerLine.self, from: Data(bytes)) else { return }
                if line.type == "plan", let plan = try? workerDecoder.decode(WorkerPlan.self, from: Data(bytes)) {
                    answer = .success(plan.facts(source: facts, bytes: source.identity.size))
                } else if let failure = line.failure {
                    answer = .failure(PlanFailure(failure: self.relative(failure, source)))
                }
            } end: { [unowned self] end in
                runningProbes -= 1
                guard !isStopping else { return }
                then(answer ?? .failure(PlanFailure(failure: crash(end, of: source))))
            }
        }
    }

    struct PlanFailure: Error { var failure: BatchFailure }

    /// The failure with paths as a reader of the table knows them.
    func relative(_ failure: BatchFailure, _ source: Candidate, output: String? = nil) -> BatchFailure {
        func short(_ text: String) -> String {
            var result = text.replacing(absolute(source), with: source.path)
            if let output { result = result.replacing("\(place.output)/\(output)", with: output) }
            // The table has a column for the file.
            return result.hasPrefix("\(source.path): ") ? String(result.dropFirst(source.path.count + 2)) : result
        }
        return BatchFailure(
            failure.kind, short(failure.message), cause: failure.cause.map(short), hint: failure.hint.map(short))
    }

    func row(_ source: Candidate, failure: BatchFailure, duration: Double?, output: String? = nil, isOld: Bool = false)
        -> BatchRow
    {
        BatchRow(
            source: source.path, output: output, result: isOld ? .failedBefore : .failed,
            failure: relative(failure, source, output: output),
            sourceSize: source.identity.size, duration: duration)
    }

    func add(_ row: BatchRow) {
        rows.append(row)
        guard !isDryRun else { return }
        tell(.finished(row))
        if row.result == .done || row.result == .failed { runHook(row) }
        if options.failsFast, row.result == .failed, !isCutShort, signal == nil {
            isCutShort = true
            endWorkers(with: SIGTERM)
        }
    }

    // MARK: Dry run

    /// Plans everything and makes nothing.
    ///
    /// - Throws: as `run`.
    package func dryRun() throws(VTXError) -> BatchEstimate {
        let items = try items()
        for row in rows {
            tell(
                .planned(
                    PlannedItem(
                        source: row.source, output: row.output ?? "",
                        target: settings.settings(for: splitPath(row.source).folder).target,
                        sourceSize: row.sourceSize, duration: row.duration,
                        standing: row.result == .failedBefore ? .failedBefore : .failed, plan: nil,
                        failure: row.failure)))
        }
        var estimate = BatchEstimate(items: 0, failures: rows.count, sourceBytes: 0, outputBytes: 0, duration: 0)
        var due = 0.0
        for item in items {
            var planned = PlannedItem(
                source: item.source.path, output: item.output, target: item.settings.target,
                sourceSize: item.source.identity.size, duration: item.facts?.duration, standing: .due, plan: nil,
                failure: nil)
            switch standing(of: item) {
            case .done, .finishedUnsaid: planned.standing = .unchanged
            case .failed(let failure):
                planned.standing = .failedBefore
                planned.failure = failure
            case .due: break
            }
            plan(item.source, item.facts, item.settings) { [unowned self] result in
                switch result {
                case .success(let facts): planned.plan = facts
                case .failure(let wrong) where planned.standing == .due:
                    planned.standing = .failed
                    planned.failure = wrong.failure
                case .failure: break
                }
                if planned.failure != nil { estimate.failures += 1 }
                if planned.standing == .due {
                    estimate.items += 1
                    estimate.sourceBytes += planned.sourceSize
                    estimate.outputBytes += planned.plan?.estimatedSize ?? 0
                    estimate.duration += planned.plan?.duration ?? planned.duration ?? 0
                    due += item.cost.work
                }
                tell(.planned(planned))
            }
        }
        finish()
        try checkEnd()
        estimate.elapsed = measuredSpeed(of: items).map { due / $0 / Double(budget.jobs) }
        return estimate
    }

    /// Work per second of one worker, from earlier items of this directory; `nil` if there are none.
    private func measuredSpeed(of items: [Item]) -> Double? {
        var work = 0.0
        var seconds = 0.0
        for record in journal?.state.items.values.map({ $0 }) ?? [] {
            guard let elapsed = record.outcome?.elapsed, let facts = journal?.state.probes[record.source]?.facts
            else { continue }
            work += ItemCost(facts, bytes: record.identity.size, target: .mp4).work
            seconds += elapsed
        }
        return seconds > 0 ? work / seconds : nil
    }
}

/// `SIGSEGV`.
func signalName(_ number: Int32) -> String {
    let names: [Int32: String] = [
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGILL: "SIGILL", SIGINT: "SIGINT",
        SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGSYS: "SIGSYS", SIGTERM: "SIGTERM", SIGTRAP: "SIGTRAP",
        SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
    ]
    return names[number] ?? "signal \(number)"
}
