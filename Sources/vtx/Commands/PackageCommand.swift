// vtx package RENDITION... -o DIR

import ArgumentParser
import VTXCommandLine
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

    @OptionGroup var source: ProgramArguments

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

    @OptionGroup var defaults: DefaultsArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    private func options() throws -> PackageOptions {
        var options = PackageOptions(output: output)
        options.segmentDuration = packaging.segment.value
        options.segments = packaging.segments
        options.program = source.program
        options.isSingleFile = packaging.singleFile
        if let audio = packaging.audio { options.audioTracks = try TrackSelection(parsing: audio) }
        if let text = packaging.subtitles { options.subtitleTracks = try TrackSelection(parsing: text) }
        options.subtitleFiles = packaging.subtitleFile.map(\.file)
        options.subtitleEncoding = packaging.subtitleEncoding?.name
        options.captions = packaging.captions
        options.encryption = encryption.options
        options.player = page.plan
        return options
    }

    func run() throws {
        let session = try JobSession(
            .package, path: renditions.joined(separator: ", "), report: report, limits: limits.limits)
        try session.run {
            let options = try options()
            try sandbox.enter(
                inputs: renditions + options.otherInputs + encryption.inputs, outputs: [output] + encryption.outputs)
            let job = PackageJob(
                inputs: renditions, options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated)
            if dryRun {
                try session.plan(job) { (.package($0), describePackage($0) { $0.commandLineText }) }
            } else {
                try session.run(job) { (.package($0), table($0)) }
            }
        }
    }

    /// The final table: what is in the package, as measured.
    private func table(_ done: PackageReport) -> [String] {
        renditionTable(done.renditions) + [
            "\(done.output): \(done.duration) in \(counted(done.segments, "segment")), \(decimal(done.elapsed, 1)) s"
        ]
    }
}
