// vtx transcode INPUT... -o OUTPUT

import ArgumentParser
import Glibc
import VTXCommandLine
import VTXKit
import VTXModel
import VTXPlanning
import VTXSystem

struct TranscodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcode",
        abstract: "Convert a file to MP4, WebM, MKV, AVI, or audio only.",
        discussion: """
            The output's extension selects the container: .mp4 .m4v .mov .webm .mkv .avi .ts, or for audio only \
            .m4a .mp3 .ogg .opus .flac .wav. Rotation, pixel aspect ratio, interlacing, HDR and the like are \
            handled by default; automatic decisions are printed, and --dry-run shows the whole plan.

            The output may also be the last word, without -o. Several inputs need a directory, -o DIR/: each output \
            is named after its input, in MP4 unless --container or the preset says otherwise. DIR is created.

            - stands for standard input and standard output. The output needs --container then.

              vtx transcode clip.mkv clip.mp4
              vtx transcode clip.mov -o small.mp4 --height 720 --crf 24
              vtx transcode clip.mov -o mail.mp4 --target-size 25M
              vtx transcode clip.mkv -o clip.mp4 --video copy --audio-codec copy
              vtx transcode *.mov -o shared/ --preset phone
              vtx transcode - clip.mp4 < clip.mkv
              vtx transcode clip.mov -o - --container mkv | mpv -
            """)

    @Argument(
        help: ArgumentHelp("The file to read; - for standard input.", valueName: "input"), completion: .file())
    var inputs: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file to write, or a directory with a slash at its end; - for standard output.", valueName: "output"),
        completion: .file())
    var output: String

    @Option(help: ArgumentHelp("Container, if no extension determines it.", valueName: "name"))
    var container: Container?

    @Option(
        help: ArgumentHelp(
            "Preset: \(Preset.builtInNames.joined(separator: ", ")), or a YAML file; `vtx presets` describes them.",
            valueName: "name"), completion: .list(Preset.builtInNames))
    var preset = "medium"

    @Option(
        help: ArgumentHelp(
            "Size of the output, e.g. 25M or 8MiB: sets the bit rates, and is never exceeded.", valueName: "size"))
    var targetSize: FileSize?

    @OptionGroup var source: ProgramArguments

    @OptionGroup(title: "Video") var video: VideoArguments
    @OptionGroup(title: "Filters") var filters: FilterArguments
    @OptionGroup(title: "Filters") var chains: ChainArguments
    @OptionGroup(title: "Audio") var audio: AudioArguments
    @OptionGroup(title: "Subtitles") var subtitles: SubtitleArguments
    @OptionGroup(title: "Trim and speed") var cut: CutArguments
    @OptionGroup(title: "Metadata") var tags: TagArguments

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

    @OptionGroup var defaults: DefaultsArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256") }
    }

    func run() throws {
        let session = try JobSession(
            .transcode, path: inputs.joined(separator: ", "), report: report, limits: limits.limits)
        try session.run {
            try checkStandardOutput()
            let preset = try Preset.load(self.preset)
            let (inputs, standardInput) = try openingStandardInput(in: self.inputs, output: output)
            let outputs = try transcodeOutputs(of: inputs, in: output, container: container, preset: preset)
            var options = try TranscodeOptions(
                output: output, preset: preset, container: container, video: video, audio: audio, subtitles: subtitles,
                cut: cut, threads: threads)
            options.chunkDuration = chunks.chunk?.value
            options.program = source.program
            options.targetSize = targetSize?.bytes
            options.filters = filters.options
            options.filters.custom = chains.filter
            options.filters.customAudio = chains.audioFilter
            options.tags = tags.options
            // What comes through a pipe takes long, and comes once.
            if standardInput != nil || output == "-" { try options.checkOutput() }
            let directory = dryRun ? nil : try OutputDirectory(output)
            defer { directory?.removeIfUnused() }
            try sandbox.enter(
                inputs: inputs + options.otherInputs,
                outputs: outputs.flatMap(writtenPlaces) + (directory?.made ?? []),
                encoder: options.encoder)
            try session.each(inputs) { (session, index) throws(VTXError) in
                var own = options
                own.output = outputs[index]
                try transcode(inputs[index], own, session, reading: standardInput)
            }
        }
    }

    /// Where an output is written. Standard output is open already, and only statistics of a first pass are a file then.
    private func writtenPlaces(of output: String) -> [String] {
        guard output == "-" else { return [output] }
        return video.twoPass ? ["\(temporaryDirectory)/stdout"] : []
    }

    /// - Throws: `.usage` for options that standard output has no place for.
    private func checkStandardOutput() throws(VTXError) {
        guard output == "-", !dryRun else { return }
        if report.json {
            throw VTXError(
                .usage, "--json and -o - cannot be combined", cause: "both write to standard output",
                remedy: "leave out --json: standard error has progress and notes, or write a file")
        }
        guard !report.quiet else { return }
        for (option, isGiven) in [("--overwrite", overwrite), ("--fresh", chunks.fresh)] where isGiven {
            Terminal.note("\(option) means nothing for standard output")
        }
    }

    private func transcode(
        _ input: String, _ options: TranscodeOptions, _ session: JobSession, reading standardInput: StandardInput?
    ) throws(VTXError) {
        let job = TranscodeJob(
            input: input, options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated,
            startsOver: chunks.fresh)
        if dryRun {
            try session.plan(job, reading: standardInput) {
                (.transcode($0.plan), describePlan($0.plan, source: $0.source) { $0.commandLineText })
            }
        } else {
            try session.run(job, reading: standardInput, writesMedia: output == "-") {
                (.transcode($0), [doneText($0)])
            }
        }
    }

    private func doneText(_ done: TranscodeReport) -> String {
        let speed = done.elapsed > 0 ? done.duration.seconds / done.elapsed : 0
        return "\(done.output == "-" ? "standard output" : done.output): \(done.duration), \(bytesText(done.size)), "
            + "in \(decimal(done.elapsed, 1)) s (\(decimal(speed, 2))x)" + cutText(done.cut)
    }

    /// Where a cut at keyframes really begins and ends.
    private func cutText(_ cut: CutPlan?) -> String {
        guard let cut, cut.mode == .keyframe else { return "" }
        var text = "; starts at \(cut.start)"
        if cut.earlier.seconds >= 0.0006 { text += ", \(cut.earlier) earlier than asked" }
        if let end = cut.end { text += "; ends at \(end)" }
        if let later = cut.later, later.seconds >= 0.0006 { text += ", \(later) later than asked" }
        return text
    }
}
