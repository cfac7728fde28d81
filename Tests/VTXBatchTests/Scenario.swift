// A batch without disk, clock or processes: the test says what happens, and reads what the state asks for.

import Testing
import VTXKit
import VTXModel
import VTXSystem

@testable import VTXBatch

/// Something that happens to the batch.
enum Step {
    /// The walk has found these files.
    case find([String])
    /// A probe or worker says something.
    case says(Int, TaskAnswer)
    /// A probe answers for its next file with a video.
    case media(Int)
    /// A task's process ends with a status.
    case ends(Int, Int32)
    /// A task's process is ended by a signal.
    case killed(Int, Int32)
    /// A worker finishes its output.
    case done(Int)
    /// A worker says why it fails, and ends.
    case fails(Int)
    /// Seconds pass.
    case wait(Double)
    /// A signal comes.
    case signal(Int32)
    /// The watcher: a file, with its size in bytes, has become complete; files that are changing; the tree is walked again.
    case complete(String, Int64)
    case changing([String])
    case walked([String])
    /// The journal cannot be written.
    case journalFails
    /// What came before is not compared.
    case mark
}

/// The state, and what stands in for disk and processes.
struct Scenario {
    var state: BatchState
    /// Outputs on disk.
    var present: [String: FileIdentity] = [:]
    /// Files that begin like media.
    var mediaHeads: Set<String> = []
    /// Folders that cannot be made.
    var refusesFolders = false
    private var time = 1000.0
    private var sizes: [String: Int64] = [:]
    /// Files that the watcher looks at.
    private var changing: Set<ExactName> = []
    private(set) var log: [String] = []

    static let facts = MediaFacts(
        format: "mov", duration: 10, width: 640, height: 360, frameRate: 25, videoCodec: "h264", audioTracks: 1)

    init(
        _ change: (inout BatchOptions) -> Void = { _ in }, isDryRun: Bool = false, memory: Int64 = 1 << 40,
        settings: ItemSettings = ItemSettings(target: .mp4), journal: [JournalRecord] = []
    ) {
        var options = BatchOptions(
            source: "src", output: "out", commandLine: SettingsOverride(), executable: "/vtx", cores: 2)
        change(&options)
        let rules = BatchRules(
            options: options, source: "/src", output: "/out", isDryRun: isDryRun,
            budget: Budget(jobs: options.jobs ?? options.cores, memory: memory))
        let tree = SettingsTree(base: settings) { _ in OptionTable([:]) }
        state = BatchState(
            rules, journal: JournalState(journal), settings: tree, at: Moment(steady: time, wall: time))
    }

    static func identity(_ size: Int64 = 10) -> FileIdentity { FileIdentity(size: size, modified: size, inode: 1) }

    private func candidate(_ path: String, _ size: Int64? = nil) -> Candidate {
        Candidate(path: path, identity: Self.identity(size ?? sizes[path] ?? 10))
    }

    mutating func run(_ steps: [Step]) {
        apply(.began)
        for step in steps { run(step) }
    }

    private mutating func run(_ step: Step) {
        switch step {
        case .find(let paths):
            var findings = Findings()
            findings.candidates = paths.map { candidate($0) }
            apply(.found(findings, state.settings))
        case .says(let id, let answer): apply(.said(TaskID(id), answer))
        case .media(let id): apply(.said(TaskID(id), .media(Self.facts)))
        case .ends(let id, let status):
            apply(.ended(TaskID(id), TaskEnd(WorkerExit(status: status, signal: nil), process: 7)))
        case .killed(let id, let signal):
            apply(.ended(TaskID(id), TaskEnd(.killed(signal: signal), lastWords: "last words", process: 7)))
        case .done(let id):
            apply(.said(TaskID(id), .done(duration: 10, warnings: [])))
            apply(.ended(TaskID(id), TaskEnd(.done, cpu: 1, memory: 1, process: 7)))
        case .fails(let id):
            apply(.said(TaskID(id), .failure(BatchFailure(.badMedia, "/src/a.mkv: bad"))))
            apply(.ended(TaskID(id), TaskEnd(.failed(.badMedia), process: 7)))
        case .wait(let seconds):
            time += seconds
            apply(.tick)
        case .signal(let number): apply(.signal(number))
        case .complete(let path, let size):
            sizes[path] = size
            changing.remove(ExactName(path))
            apply(.complete([candidate(path)]))
            apply(.changing(changing))
        case .changing(let paths):
            changing = Set(paths.map { ExactName($0) })
            apply(.changing(changing))
        case .walked(let paths): apply(.walked(paths.map { candidate($0) }))
        case .journalFails: apply(.journalFailed(VTXError(.inputOutput, "disk full")))
        case .mark: log = []
        }
    }

    private mutating func apply(_ event: BatchStateEvent) {
        var answers: [BatchStateEvent] = []
        for action in state.apply(event, at: Moment(steady: time, wall: time)) {
            if let text = text(of: action) { log.append(text) }
            if let answer = answer(to: action) { answers.append(answer) }
        }
        for answer in answers { apply(answer) }
    }

    private mutating func answer(to action: BatchAction) -> BatchStateEvent? {
        switch action {
        case .sniff(let file): return .sniffed(file, isLikeMedia: mediaHeads.contains(file.path))
        case .inspect(let items):
            return .inspected(
                items.map { item in
                    var item = item
                    item.plan = "plan"
                    return Inspection(item, present: present[item.output])
                })
        case .prepare(let id, let item):
            return refusesFolders
                ? .notPrepared(id, VTXError(.cannotCreate, "cannot create /out"))
                : .prepared(id, present: present[item.output])
        case .start(let id, _, _): return .started(id)
        case .measure(let item):
            present[item.output] = Self.identity(5)
            return .measured(output: item.output, size: 5, made: Self.identity(5))
        case .findThumbnails(let wanted):
            return .foundThumbnails(
                existing: [:],
                missing: wanted.map { ThumbnailTask(output: $0.output, source: "/out/\($0.output)", image: "/p.jpg") }
            )
        case .expect(let path):
            changing.insert(ExactName(path))
            return nil
        case .record, .send, .removeLeftovers, .removeEmptyFolders, .tell, .end: return nil
        }
    }

    // MARK: Words

    private func text(of action: BatchAction) -> String? {
        switch action {
        case .start(let id, let task, let record):
            (record.map { "record \($0.event.rawValue) \($0.source), " } ?? "") + "start \(id.number) \(text(of: task))"
        case .record(let record, _): "record \(record.event.rawValue) \(record.source)"
        case .send(let signal, let tasks):
            "send \(signalName(signal)) to \(tasks.map { "\($0.number)" }.joined(separator: " "))"
        case .removeLeftovers(let output, let process): "clear \(output) of \(process.map { "\($0)" } ?? "any")"
        case .removeEmptyFolders(let folders): "prune \(folders.joined(separator: " "))"
        case .expect(let path): "expect \(path)"
        case .tell(let event): text(of: event)
        case .end(let end): text(of: end)
        case .sniff, .inspect, .prepare, .measure, .findThumbnails: nil
        }
    }

    private func text(of task: BatchTask) -> String {
        switch task {
        case .probe: "probe \(task.subject)"
        case .plan: "plan \(task.subject)"
        case .make(let item): "make \(item.output) with \(item.threads)" + (item.mayReplace ? " over" : "")
        case .thumbnail(let source, _): "thumbnail \(source)"
        case .hook: "hook \(task.subject)"
        }
    }

    private func text(of event: BatchEvent) -> String? {
        switch event {
        case .found(let items, let skipped, _): "found \(items), skipped \(skipped.total)"
        case .planned(let item): "planned \(item.source) → \(item.output ?? ""): \(item.standing.rawValue)"
        case .started, .progress: nil
        case .finished(let row):
            "\(row.result.rawValue) \(row.source)" + (row.failure.map { ": \($0.reason)" } ?? "")
        case .warning(let message): "warn \(message)"
        case .idle: "idle"
        }
    }

    private func text(of end: BatchEnd) -> String {
        switch end {
        case .report: "end"
        case .estimate(let estimate): "end: \(estimate.items) to do, \(estimate.failures) failures"
        case .failure(let error): "end: \(error.message)"
        }
    }
}
