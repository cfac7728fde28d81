// vtx package RENDITION... -o DIR

import ArgumentParser
import VTXKit
import VTXModel
import VTXPlanning

struct PackageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package",
        abstract: "Package existing renditions without re-encoding.",
        discussion: """
            Each file is one video rendition, or holds audio tracks. All renditions are segmented at keyframes \
            they have in common, near multiples of --segment; if there are none, the error names the place. \
            Audio is taken from files without video, or else from the best rendition that has audio.

              vtx package 1080p.mp4 720p.mp4 audio.m4a -o package
            """)

    @Argument(help: ArgumentHelp("The files to package.", valueName: "rendition"), completion: .file())
    var renditions: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The directory to write.", valueName: "dir"), completion: .directory)
    var output: String

    @OptionGroup var packaging: PackagingArguments

    @Flag(help: "Replace an existing package.")
    var overwrite = false

    @Flag(help: "Accept damaged files, and files that are shorter than their headers declare.")
    var allowTruncated = false

    @Flag(help: "Read the files and print the plan without writing anything.")
    var dryRun = false

    @OptionGroup(title: "Player page") var page: PlayerArguments

    @OptionGroup(title: "Encryption") var encryption: EncryptionArguments

    @OptionGroup(title: "Resources") var limits: LimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    private func options() throws -> PackageOptions {
        var options = PackageOptions(output: output)
        options.segmentDuration = packaging.segment
        options.segments = packaging.segments
        options.isSingleFile = packaging.singleFile
        if let audio = packaging.audio { options.audioTracks = try TrackSelection(parsing: audio) }
        if let text = packaging.subtitles { options.subtitleTracks = try TrackSelection(parsing: text) }
        options.subtitleFiles = packaging.subtitleFile.map(\.file)
        options.encryption = encryption.options
        options.player = page.plan
        return options
    }

    private var path: String { renditions.joined(separator: ", ") }

    func run() throws {
        BuildInfo.start(verbose: report.verbose)
        let json = report.json ? JSONLines() : nil
        try json?.writeHeader(command: "package")
        do {
            let stop = StopSwitch()
            let options = try options()
            try sandbox.enter(
                inputs: renditions + options.otherInputs + encryption.inputs,
                outputs: [output] + encryption.outputs)
            limits.limits.applyToProcess()
            let job = PackageJob(
                inputs: renditions, options: options, mayOverwrite: overwrite,
                allowsTruncated: allowTruncated, limits: limits.limits, stop: stop)
            try run(job, stop: stop, json)
        } catch let error as VTXError {
            json?.write("error", ErrorLine(error, path: path))
            throw error
        }
    }

    private func run(_ job: PackageJob, stop: StopSwitch, _ json: JSONLines?) throws {
        let signals = Signals(stop) { [path] in json?.write("error", ErrorLine($0, path: path)) }
        if dryRun {
            show(try signals.run { () throws(VTXError) in try job.plan() }, json)
            return
        }
        let display = LadderDisplay(isQuiet: report.quiet || report.json)
        let done = try signals.run { () throws(VTXError) in
            defer { display.finish() }
            return try job.run(
                planned: { plan in
                    display.finish()
                    json?.write("plan", plan)
                    guard !report.quiet else { return }
                    for decision in plan.decisions { Terminal.note(decision.description) }
                },
                progress: { state in
                    json?.write("progress", state)
                    display.update(state)
                })
        }
        json?.write("done", done)
        guard !report.quiet else { return }
        for warning in done.warnings { Terminal.warn(warning) }
        if !report.json { for line in table(done) { Terminal.note(line) } }
    }

    private func show(_ plan: PackagePlan, _ json: JSONLines?) {
        if let json { json.write("plan", plan) } else { print(describePackage(plan).joined(separator: "\n")) }
    }

    /// The final table: what is in the package, as measured.
    private func table(_ done: PackageReport) -> [String] {
        return renditionTable(done.renditions) + [
            "\(done.output): \(done.duration) in \(done.segments) segments, \(decimal(done.elapsed, 1)) s"
        ]
    }
}
