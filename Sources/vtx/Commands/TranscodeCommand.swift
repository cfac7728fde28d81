// vtx transcode INPUT -o OUTPUT

import ArgumentParser
import Glibc
import VTXCommandLine
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

    @OptionGroup var source: ProgramArguments

    @OptionGroup(title: "Video") var video: VideoArguments
    @OptionGroup(title: "Filters") var filters: FilterArguments
    @OptionGroup(title: "Audio") var audio: AudioArguments
    @OptionGroup(title: "Subtitles") var subtitles: SubtitleArguments
    @OptionGroup(title: "Trim and speed") var cut: CutArguments

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
        let session = try JobSession(.transcode, path: input, report: report, limits: limits.limits)
        try session.run {
            var options = try TranscodeOptions(
                output: output, preset: try Preset.load(preset), container: container, video: video,
                audio: audio, subtitles: subtitles, cut: cut, threads: threads)
            options.chunkDuration = chunks.chunk
            options.program = source.program
            options.filters = filters.options
            try sandbox.enter(inputs: [input] + options.subtitleFiles.map(\.path), outputs: [output])
            let job = TranscodeJob(
                input: input, options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated,
                startsOver: chunks.fresh)
            if dryRun {
                try session.plan(job) {
                    (.transcode($0.plan), describePlan($0.plan, source: $0.source) { $0.commandLineText })
                }
            } else {
                try session.run(job) { (.transcode($0), [doneText($0)]) }
            }
        }
    }

    private func doneText(_ done: TranscodeReport) -> String {
        let speed = done.elapsed > 0 ? done.duration.seconds / done.elapsed : 0
        return "\(done.output): \(done.duration), \(bytesText(done.size)), "
            + "in \(decimal(done.elapsed, 1)) s (\(decimal(speed, 2))x)"
    }
}
