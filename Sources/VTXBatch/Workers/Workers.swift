// The processes of a batch, as a source of events: what they say, and how they end.

import Glibc
import VTXKit
import VTXModel
import VTXSystem

/// Running tasks. Used on the main thread only: workers die with the thread that starts them.
final class Workers {
    private let options: BatchOptions
    private let directory: BatchDirectory
    private let frontEnd: FrontEnd
    private let reactor: Reactor
    private var forkServer: ForkServer?
    private let post: (BatchStateEvent) -> Void
    private let complain: (Message) -> Void
    private var children: [TaskID: ChildProcess] = [:]
    private static let shell = "/bin/sh"

    /// - Parameters:
    ///   - forkServer: what forks workers; without it they are started as programs.
    ///   - post: takes events.
    ///   - complain: takes what workers say on standard error.
    init(
        _ options: BatchOptions, _ directory: BatchDirectory, _ frontEnd: FrontEnd, forkServer: ForkServer?,
        on reactor: Reactor, complain: @escaping (Message) -> Void, post: @escaping (BatchStateEvent) -> Void
    ) {
        self.options = options
        self.directory = directory
        self.frontEnd = frontEnd
        self.reactor = reactor
        self.forkServer = forkServer
        self.complain = complain
        self.post = post
        if let forkServer { reactor.watch(forkServer.descriptor) { [unowned self] in hearForkServer() } }
    }

    /// Starts a process; one that cannot be started ends at once.
    func start(_ id: TaskID, _ task: BatchTask) {
        do throws(SystemFailure) {
            let child =
                switch task {
                case .probe(let files):
                    try worker(id, task, WorkerTask(.probe, inputs: files.map(path)))
                case .plan(let file, let settings): try worker(id, task, plan(file, settings))
                case .make(let item): try worker(id, task, make(item))
                case .thumbnail(let source, let image):
                    try worker(id, task, WorkerTask(.thumbnail, inputs: [source], output: image))
                case .hook(let row): try hook(id, row)
                }
            children[id] = child
            post(.started(id))
        } catch {
            let program = task.isWorker ? options.executable : Self.shell
            post(.ended(id, .notStarted("cannot start \(program): \(error.words)")))
        }
    }

    // MARK: Tasks

    private func path(_ file: Candidate) -> String { "\(directory.source)/\(file.path)" }

    private func plan(_ file: Candidate, _ settings: ItemSettings) -> WorkerTask {
        WorkerTask(
            settings.target.work, inputs: [path(file)],
            output: "\(directory.output)/\(SplitPath(file.path).stem)\(settings.target.suffix)",
            options: settings.words, isDryRun: true)
    }

    private func make(_ item: Item) -> WorkerTask {
        // A ladder's encoders have a thread each already; one pass of it keeps two cores busy.
        let (setting, value): (Setting, Int) =
            item.settings.target == .hls ? (.jobs, max(1, item.threads / 2)) : (.threads, item.threads)
        let isGiven = item.settings.value(of: setting, in: frontEnd.table(item.settings.target)) != nil
        return WorkerTask(
            item.settings.target.work, inputs: [path(item.source)], output: "\(directory.output)/\(item.output)",
            options: item.settings.words, settings: isGiven ? [:] : [setting: "\(value)"],
            mayOverwrite: item.mayReplace)
    }

    // MARK: Processes

    private func worker(_ id: TaskID, _ task: BatchTask, _ work: WorkerTask) throws(SystemFailure) -> ChildProcess {
        var work = work
        work.settings[.sandbox] = options.sandbox
        work.isVerbose = options.isVerbose
        let program = Program(
            options.executable, frontEnd.words(work), keptDescriptor: directory.lock, niceness: options.niceness)
        let reader = WorkerLineReader(work.work)
        let isVerbose = options.isVerbose
        return try ChildProcess(
            program, from: ForkServer.hasRoom(for: program.arguments) ? forkServer : nil, on: reactor,
            line: { [post] line in post(.said(id, TaskAnswer(reader.event(line)))) },
            complaint: { [complain] text in if isVerbose { complain("\(task.subject): \(text)") } },
            end: { [unowned self] in ended(id, $0) })
    }

    /// A shell command that learns of the item by its environment.
    private func hook(_ id: TaskID, _ row: BatchRow) throws(SystemFailure) -> ChildProcess {
        let environment = [
            "VTX_RESULT": row.result.rawValue, "VTX_SOURCE": "\(directory.source)/\(row.source)",
            "VTX_OUTPUT": row.output.map { "\(directory.output)/\($0)" } ?? "",
            "VTX_REASON": row.failure?.reason ?? "",
        ]
        let program = Program(
            Self.shell, ["-c", options.hook ?? ""], environment: environment, niceness: options.niceness)
        return try ChildProcess(program, on: reactor, line: { _ in }, end: { [unowned self] in ended(id, $0) })
    }

    private func ended(_ id: TaskID, _ end: ProcessEnd) {
        let process = children.removeValue(forKey: id)?.pid
        post(
            .ended(
                id,
                TaskEnd(
                    WorkerExit(status: end.status, signal: end.signal), cpu: end.cpu, memory: end.memory,
                    lastWords: end.errors.split(separator: "\n").last.map(String.init), process: process)))
    }

    /// Sends a signal to processes; those that have ended already get none.
    func send(_ signal: Int32, to tasks: [TaskID]) {
        for id in tasks { children[id]?.send(signal) }
    }

    /// Hears of programs that have ended; to be called after SIGCHLD.
    func reap() {
        for child in children.values { _ = child.reap() }
    }

    /// Hears of the ends of workers that the fork server has forked.
    func hearForkServer() {
        while let event = forkServer?.nextEvent() {
            switch event {
            case .ended(let process, let result): children.values.first { $0.pid == process }?.finish(result)
            case .lost:
                if let file = forkServer?.descriptor { reactor.forget(file) }
                forkServer = nil
                for child in children.values where child.isForked { child.finish(.killed(by: SIGKILL)) }
            }
        }
    }
}
