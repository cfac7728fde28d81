// vtx batch SOURCE_DIR -o DIR

import ArgumentParser
import Glibc
import VTXCommandLine
import VTXBatch
import VTXKit
import VTXModel
import VTXSystem

struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Transcode or package every media file below a directory.",
        discussion: """
            All options of `vtx transcode`, or with --to hls those of `vtx ladder`, are accepted too and apply to \
            each file. Progress is recorded in DIR: running the same command again resumes the batch. A vtx.yaml \
            in SOURCE_DIR overrides options for some folders.

              vtx batch recordings -o out --to mp4
              vtx batch recordings -o packages --to hls --report report.html
              vtx batch albums -o music --to opus
            """)

    @Argument(help: ArgumentHelp("The source directory.", valueName: "source-dir"), completion: .directory)
    var source: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The output directory.", valueName: "dir"), completion: .directory)
    var output: String

    @Option(help: "Output format; mp4 unless a job file sets another.")
    var to: BatchTarget?

    @Option(
        help: ArgumentHelp(
            "Template of output names without extension: text and {stem} {ext} {name} {height} {width} {codec} "
                + "{source_height} {source_width} {preset} (default: {stem}).", valueName: "template"))
    var name: String?

    @OptionGroup(title: "Files") var selection: SelectionArguments
    @OptionGroup(title: "Resources") var budget: BudgetArguments

    @Flag(help: "Retry items that failed before.")
    var retry = false

    @Flag(help: "Stop at the first file that fails.")
    var failFast = false

    @Flag(help: "Replace existing outputs not created by this batch.")
    var overwrite = false

    @Flag(help: "Print the whole plan without writing anything.")
    var dryRun = false

    @Flag(help: "Keep running and process new files once they are complete.")
    var watch = false

    @Option(help: ArgumentHelp("With --watch: seconds a new file must stay unchanged.", valueName: "s"))
    var settle: Double?

    @OptionGroup(title: "Reporting") var answers: AnswerArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup var defaults: DefaultsArguments

    @OptionGroup(title: "Output") var report: OutputOptions

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("Options of vtx transcode or vtx ladder.", valueName: "option", visibility: .hidden))
    var words: [String] = []

    func validate() throws {
        if let settle, !watch || !(0.1...3600).contains(settle) {
            throw ValidationError("--settle needs --watch and takes 0.1 to 3600")
        }
        if watch && (dryRun || failFast) {
            throw ValidationError("--watch cannot be combined with --dry-run or --fail-fast")
        }
    }

    /// Puts the options that are meant for workers behind `--`, where this command takes them.
    static func sorted(_ arguments: [String]) -> [String] {
        guard arguments.first == configuration.commandName else { return arguments }
        let outer = OptionTable(of: BatchCommand.self)
        return ["batch"]
            + sortWords(
                Array(arguments.dropFirst()), outer: outer,
                inner: WorkerCommand.table(makesPackages(arguments) ? .hls : .mp4))
    }

    /// Whether words ask for packages.
    static func makesPackages(_ words: [String]) -> Bool {
        words.contains("--to=hls") || zip(words, words.dropFirst()).contains { $0 == ("--to", "hls") }
    }

    private func options() throws -> BatchOptions {
        let target = to ?? .mp4
        let table = WorkerCommand.table(target)
        if let own = words.lazy.compactMap({ word in
            WorkerCommand.own.first { word == $0 || word.hasPrefix($0 + "=") }
        }).first {
            throw VTXError(.usage, "\(own) cannot be passed on: the batch sets it")
        }
        if let wrong = WorkerCommand.complaint(target, words) {
            throw VTXError(.usage, Message(wrong), remedy: "see `vtx \(target.command) --help` for its options")
        }
        let commandLine = SettingsOverride(
            target: to, name: try name.map { try NameTemplate($0) }, words: words, table: table)
        var options = BatchOptions(
            source: source, output: output, commandLine: commandLine, executable: try programPath(),
            cores: processorCount)
        options.include = selection.include.map { Glob($0) }
        options.exclude = selection.exclude.map { Glob($0) }
        options.maximumDepth = selection.maxDepth
        options.jobs = budget.jobs.value
        options.memory = budget.memory.value
        options.niceness = budget.nice
        options.retriesFailed = retry
        options.mayOverwrite = overwrite
        options.failsFast = failFast
        options.watches = watch
        if let settle { options.settling = settle }
        options.hook = answers.exec
        options.sandbox = sandbox.sandbox.rawValue
        options.isVerbose = report.verbose
        options.wantsThumbnails = answers.report != nil
        return options
    }

    func run() throws {
        let json = report.json ? JSONLines() : nil
        json?.writeHeader(command: "batch")
        do {
            let display = BatchDisplay(json: json, isQuiet: report.quiet)
            defer { display.clear() }
            let options = try options()
            if let report = answers.report, !dryRun { try checkFolder(of: report) }
            let forkServer = try startForkServer()
            let listeners = try BatchListeners(dryRun ? nil : answers)
            defer { listeners.stop() }
            let batch = try BatchRunner(options, isDryRun: dryRun, frontEnd: .commandLine, forkServer: forkServer) {
                event in
                display.show(event)
                listeners.take(event)
            }
            try listeners.start { display.show(.warning($0)) }
            if dryRun { try finish(batch.dryRun(), display) } else { try finish(batch, display, listeners) }
        } catch let error as VTXError {
            json?.write(error, of: source)
            throw error
        }
    }

    /// To be called before any thread is started. Workers are forked in here; each leaves by a `WorkerStart`.
    private func startForkServer() throws(WorkerStart) -> ForkServer? {
        switch ForkServer.start() {
        case .parent(let server): return server
        case .unavailable: return nil
        case .worker(let words):
            // The key is for the batch alone.
            unsetenv(AnswerArguments.secretVariable)
            throw WorkerStart(words: words)
        }
    }

    private func finish(_ estimate: BatchEstimate, _ display: BatchDisplay) throws {
        display.finish(estimate)
        if estimate.failures > 0 { throw ExitCode(VTXError.Kind.someFailed.exitStatus) }
    }

    private func finish(_ batch: BatchRunner, _ display: BatchDisplay, _ listeners: BatchListeners) throws {
        do {
            let result = try batch.run()
            display.finish(result)
            try writeReport(result)
            listeners.finish(result)
            if result.hasFailures { throw ExitCode(VTXError.Kind.someFailed.exitStatus) }
        } catch let error as VTXError {
            // What is done is worth a report, however the batch ended.
            if !batch.soFar.rows.isEmpty { try? writeReport(batch.soFar) }
            listeners.finish(nil)
            throw error
        }
    }

    /// Finds out before hours of work whether the report can be written.
    private func checkFolder(of report: String) throws(VTXError) {
        guard access(SplitPath(report).directory, W_OK | X_OK) == 0 else {
            throw SystemFailure("create", errno: errno).writing(report)
        }
    }

    private func writeReport(_ result: BatchReport) throws {
        guard let path = answers.report else { return }
        let page = BatchReportPage(report: result, source: source, output: output, date: nowText()) { output in
            result.thumbnails[output].flatMap { readFile($0) }
        }
        try replaceFile(Array(page.html.utf8), at: path)
    }
}
