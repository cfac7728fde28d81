// vtx join INPUT... -o OUTPUT

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel
import VTXPlanning

struct JoinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Join files one after the other.",
        discussion: """
            Tracks are copied if codec, parameter sets, size and rate of all files are the same. Otherwise they are \
            encoded: the first file decides about size, frame rate and audio format, the others are fitted into it \
            with borders. Each file becomes a chapter. Only video and audio are joined.

              vtx join part1.mp4 part2.mp4 -o whole.mp4
              vtx join intro.mov talk.mkv outro.mp4 -o video.mp4 --crf 20
              vtx join *.mp4 -o all.mp4 --dry-run
            """)

    @Argument(help: ArgumentHelp("The files, in their order.", valueName: "input"), completion: .file())
    var inputs: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "output"), completion: .file())
    var output: String

    @Option(help: ArgumentHelp("Container, if the extension does not determine it.", valueName: "name"))
    var container: Container?

    @Option(
        help: ArgumentHelp(
            "Preset for what is encoded: \(Preset.builtInNames.joined(separator: ", ")), or a YAML file.",
            valueName: "name"), completion: .list(Preset.builtInNames))
    var preset = "medium"

    @OptionGroup var source: ProgramArguments

    @OptionGroup(title: "Video") var video: VideoArguments
    @OptionGroup(title: "Audio") var audio: AudioArguments

    @Option(help: ArgumentHelp("Number of video encoder threads.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Replace an existing output.")
    var overwrite = false

    @Flag(help: "Accept damaged files, and files that are shorter than their headers declare.")
    var allowTruncated = false

    @Flag(help: "Read the files and print the plan without writing anything.")
    var dryRun = false

    @OptionGroup(title: "Resources") var limits: LimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    func validate() throws {
        if inputs.count < 2 { throw ValidationError("join needs two files or more") }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256") }
    }

    func run() throws {
        let session = try JobSession(
            .join, path: inputs.joined(separator: ", "), report: report, limits: limits.limits)
        try session.run {
            var options = try TranscodeOptions(
                output: output, preset: Preset.load(preset), container: container, video: video, audio: audio,
                threads: threads)
            options.program = source.program
            try sandbox.enter(inputs: inputs, outputs: [output])
            let job = JoinJob(
                inputs: inputs, options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated)
            if dryRun {
                try session.plan(job) { (.join($0), describeJoin($0) { $0.commandLineText }) }
            } else {
                try session.run(job) { (.join($0), [doneText($0)]) }
            }
        }
    }

    private func doneText(_ done: JoinReport) -> String {
        "\(done.output): \(counted(done.inputs.count, "part")), \(done.duration), \(bytesText(done.size)), "
            + "in \(decimal(done.elapsed, 1)) s"
    }
}
