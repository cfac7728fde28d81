// vtx transcode INPUT -o OUTPUT

import ArgumentParser
import Glibc
import VTXKit
import VTXModel
import VTXPlanning

struct TranscodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcode",
        abstract: "Make one file that plays: MP4, WebM, MKV, AVI, or audio only.",
        discussion: """
            The container follows from the output's extension: .mp4 .m4v .mov .webm .mkv .avi, and for audio \
            alone .m4a .mp3 .ogg .opus .flac .wav. Rotation, pixel shape, interlacing, HDR and the like are \
            taken care of; what is decided is said, and --dry-run shows the whole plan.
            """)

    @Argument(help: "The file to read.", completion: .file())
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "output"), completion: .file())
    var output: String

    @Option(help: ArgumentHelp("Container, if the extension does not tell.", valueName: "name"))
    var container: Container?

    @Option(
        help: ArgumentHelp("Quality: high, medium, low, or a YAML file.", valueName: "name"),
        completion: .list(Preset.builtInNames))
    var preset = "medium"

    @OptionGroup(title: "Picture") var video: VideoArguments
    @OptionGroup(title: "Audio") var audio: AudioArguments
    @OptionGroup(title: "Subtitles") var subtitles: SubtitleArguments
    @OptionGroup(title: "Cut") var cut: CutArguments

    @Option(help: ArgumentHelp("Threads of the video encoder.", valueName: "n"))
    var threads: Int?

    @OptionGroup var chunks: ChunkArguments

    @Flag(help: "Replace the output if it exists.")
    var overwrite = false

    @Flag(help: "Accept a source that is damaged or ends before its header says.")
    var allowTruncated = false

    @Flag(help: "Show the plan and write nothing.")
    var dryRun = false

    @OptionGroup(title: "Limits") var limits: LimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup(title: "Output") var report: OutputOptions

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads is from 1 to 256") }
    }

    func run() throws {
        let session = try JobSession(.transcode, path: input, report: report, limits: limits.limits)
        try session.run {
            var options = try TranscodeOptions(
                output: output, preset: try Preset.load(preset), container: container, video: video,
                audio: audio, subtitles: subtitles, cut: cut, threads: threads)
            options.chunkDuration = chunks.chunk
            try sandbox.enter(inputs: [input] + options.subtitleFiles.map(\.path), outputs: [output])
            let job = TranscodeJob(
                input: input, options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated,
                startsOver: chunks.fresh)
            if dryRun {
                try session.plan(job) { (.transcode($0.plan), describePlan($0.plan, source: $0.source)) }
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
