// vtx extract INPUT -o OUTPUT

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel
import VTXPlanning

struct ExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Write subtitles, cover art, frames or an animated clip to files of their own.",
        discussion: """
            The output's extension selects what is extracted: .srt .vtt .ass for a subtitle track, .png .jpg .webp \
            for a frame, .gif for an animation (.webp too, with --start, --duration or --fps). --cover, --sheet and \
            --every select cover art, a contact sheet, or frames in a directory. Frames are upright, have square \
            pixels, and HDR is tone mapped.

              vtx extract movie.mkv -o movie.srt --track eng
              vtx extract song.m4a -o cover.jpg --cover
              vtx extract movie.mkv -o frame.png --at 12:30
              vtx extract movie.mkv -o frames/ --every 10
              vtx extract movie.mkv -o sheet.jpg --sheet 4x4
              vtx extract movie.mkv -o clip.gif --start 1:05 --duration 3
            """)

    @Argument(help: ArgumentHelp("The file to read; - for standard input.", valueName: "input"), completion: .file())
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file or directory to write.", valueName: "output"),
        completion: .file())
    var output: String

    @OptionGroup var source: ProgramArguments

    @OptionGroup(title: "Subtitles") var text: TextArguments
    @OptionGroup(title: "Images") var images: ImageArguments
    @OptionGroup(title: "Part of the source") var part: PartArguments

    @Flag(help: "Replace an existing output.")
    var overwrite = false

    @Flag(help: "Accept a damaged source, or one that is shorter than its header declares.")
    var allowTruncated = false

    @Flag(help: "Print the plan without writing anything.")
    var dryRun = false

    @OptionGroup(title: "Resources") var limits: LimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    func run() throws {
        let session = try JobSession(.extract, path: input, report: report, limits: limits.limits)
        try session.run {
            let options = ExtractOptions(
                output: output, program: source.program, images: images, text: text, part: part)
            let (inputs, standardInput) = try openingStandardInput(in: [input])
            try sandbox.enter(inputs: inputs, outputs: [options.destination])
            let job = ExtractJob(
                input: inputs[0], options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated)
            if dryRun {
                try session.plan(job, reading: standardInput) {
                    (.extract($0.plan), describeExtract($0.plan, source: $0.source) { $0.commandLineText })
                }
            } else {
                try session.run(job, reading: standardInput) { (.extract($0), [doneText($0)]) }
            }
        }
    }

    private func doneText(_ done: ExtractReport) -> String {
        let what =
            switch done.kind {
            case .subtitles: counted(done.count, "cue")
            case .cover: "cover art"
            case .frame: "1 frame"
            case .frames, .sheet: counted(done.count, "frame")
            case .clip: "\(counted(done.count, "frame")), \(done.duration)"
            }
        return "\(done.output): \(what), \(bytesText(done.size)), in \(decimal(done.elapsed, 1)) s"
    }
}
