// vtx transcode INPUT -o OUTPUT

import ArgumentParser
import Glibc
import VTXKit
import VTXModel
import VTXPlanning

struct TranscodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcode",
        abstract: "Convert a file to MP4, WebM, MKV, AVI, or audio only.",
        discussion: """
            The output's extension selects the container: .mp4 .m4v .mov .webm .mkv .avi, or for audio only \
            .m4a .mp3 .ogg .opus .flac .wav. Rotation, pixel aspect ratio, interlacing, HDR and the like are \
            handled by default; automatic decisions are printed, and --dry-run shows the whole plan.

              vtx transcode clip.mkv -o clip.mp4
              vtx transcode clip.mov -o small.mp4 --height 720 --crf 24
              vtx transcode clip.mkv -o clip.mp4 --video copy --audio-codec copy
            """)

    @Argument(help: "The file to read.", completion: .file())
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "output"), completion: .file())
    var output: String

    @Option(help: ArgumentHelp("Container, if the extension does not determine it.", valueName: "name"))
    var container: Container?

    @Option(
        help: ArgumentHelp("Preset: high, medium, low, or a YAML file.", valueName: "name"),
        completion: .list(Preset.builtInNames))
    var preset = "medium"

    @OptionGroup(title: "Video") var video: VideoArguments
    @OptionGroup(title: "Audio") var audio: AudioArguments
    @OptionGroup(title: "Subtitles") var subtitles: SubtitleArguments
    @OptionGroup(title: "Trim") var cut: CutArguments

    @Option(help: ArgumentHelp("Number of video encoder threads.", valueName: "n"))
    var threads: Int?

    @OptionGroup var chunks: ChunkArguments

    @Flag(help: "Replace an existing output.")
    var overwrite = false

    @Flag(help: "Accept a damaged source, or one that is shorter than its header declares.")
    var allowTruncated = false

    @Flag(help: "Print the plan without writing anything.")
    var dryRun = false

    @OptionGroup(title: "Resources") var limits: LimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256") }
    }

    func run() throws {
        BuildInfo.start(verbose: report.verbose)
        let json = report.json ? JSONLines() : nil
        try json?.writeHeader(command: "transcode")
        do {
            let stop = StopSwitch()
            var options = try TranscodeOptions(
                output: output, preset: try Preset.load(preset), container: container, video: video,
                audio: audio, subtitles: subtitles, cut: cut, threads: threads)
            options.chunkDuration = chunks.chunk
            try sandbox.enter(inputs: [input] + options.subtitleFiles.map(\.path), outputs: [output])
            limits.limits.applyToProcess()
            let job = TranscodeJob(
                input: input, options: options,
                mayOverwrite: overwrite, allowsTruncated: allowTruncated, startsOver: chunks.fresh,
                limits: limits.limits, stop: stop)
            if dryRun { try show(job.plan(), json) } else { try run(job, stop: stop, json) }
        } catch let error as VTXError {
            json?.write("error", ErrorLine(error, path: input))
            throw error
        }
    }

    private func show(_ planned: (plan: TranscodePlan, source: MediaDescription), _ json: JSONLines?) {
        if let json {
            json.write("plan", planned.plan)
        } else {
            print(describePlan(planned.plan, source: planned.source).joined(separator: "\n"))
        }
    }

    private func run(_ job: TranscodeJob, stop: StopSwitch, _ json: JSONLines?) throws {
        let signals = Signals(stop) { [input] in json?.write("error", ErrorLine($0, path: input)) }
        let bar = ProgressDisplay(isQuiet: report.quiet || report.json)
        let done = try signals.run { () throws(VTXError) in
            defer { bar.finish() }
            return try job.run(
                planned: { plan, _, found in
                    json?.write("plan", plan)
                    if let found { json?.write("resume", found) }
                    guard !report.quiet else { return }
                    for decision in plan.decisions { Terminal.note(decision.description) }
                    if let found { Terminal.note(resumptionText(found)) }
                },
                progress: { state in
                    json?.write("progress", ProgressLine(state))
                    bar.update(state)
                })
        }
        json?.write("done", done)
        guard !report.quiet else { return }
        for note in done.notes { Terminal.note(note) }
        for warning in done.warnings { Terminal.warn(warning) }
        if !report.json { Terminal.note(doneText(done)) }
    }

    private func doneText(_ done: TranscodeReport) -> String {
        let speed = done.elapsed > 0 ? done.duration.seconds / done.elapsed : 0
        return "\(done.output): \(done.duration), \(bytesText(done.size)), "
            + "in \(decimal(done.elapsed, 1)) s (\(decimal(speed, 2))x)"
    }
}
