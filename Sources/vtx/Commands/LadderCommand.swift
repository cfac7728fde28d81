// vtx ladder INPUT -o DIR

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel
import VTXPlanning

struct LadderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ladder",
        abstract: "Create an adaptive HLS package: one decode, several renditions.",
        discussion: """
            The package is a directory that any static host can serve; players open its master.m3u8. By default \
            the renditions are 1080p, 720p, 480p and 360p, none larger than the source; for portrait video the \
            number is the width. All values in the playlists are measured from the written segments.

              vtx ladder clip.mkv -o package
              vtx ladder clip.mkv -o package --rungs 1080p,720p:2800k,480p --codec hevc,h264
              vtx ladder clip.mkv -o package --segments ts
            """)

    @Argument(help: "The file to read; - for standard input.", completion: .file())
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The directory to write.", valueName: "dir"), completion: .directory)
    var output: String

    @Option(help: ArgumentHelp("Renditions: 1080p,720p:2800k,480p.", valueName: "list"))
    var rungs: String?

    @Option(
        help: ArgumentHelp(
            "Video codecs, preferred one first: \(VideoCodec.ladderCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "list"), completion: .list(VideoCodec.ladderCases.map(\.rawValue)))
    var codec = "h264"

    @Option(
        help: ArgumentHelp(
            "Preset: \(Preset.qualityNames.joined(separator: ", ")), or a YAML file.", valueName: "name"),
        completion: .list(Preset.qualityNames))
    var preset = "medium"

    @Option(help: "Rate control: capped CRF, or average bit rate for each rung.")
    var rate: LadderOptions.Rate = .capped

    @Option(help: ArgumentHelp("Constant rate factor on the encoder's scale.", valueName: "n"))
    var crf: Double?

    @Option(
        help: ArgumentHelp("Encoder speed preset.", valueName: "name"), completion: .speeds(of: VideoCodec.ladderCases))
    var speed: String?

    @OptionGroup var source: ProgramArguments

    @OptionGroup var packaging: PackagingArguments

    @Option(help: ArgumentHelp("Keyframe interval in seconds.", valueName: "s"))
    var gop = Seconds(Rational(2))

    @Option(help: ArgumentHelp("Maximum frame rate.", valueName: "rate"))
    var fps: Rational?

    @Option(help: ArgumentHelp("Bit rate of stereo audio.", valueName: "rate"))
    var audioBitrate: BitRate?

    @Option(
        help: ArgumentHelp("Add a 5.1 rendition if the source has surround audio: aac or eac3.", valueName: "codec"))
    var surround: SurroundCodec?

    @Option(
        help: """
            Deinterlacing: 'auto' if the video is interlaced, and removes 3:2 pulldown; 'frame' always, one frame per \
            frame; 'field' always, one frame per field (doubles the frame rate); 'pulldown' always restores 23.976 fps.
            """)
    var deinterlace: DeinterlaceChoice = .automatic

    @Flag(inversion: .prefixedNo, help: "Create a poster and thumbnails for seeking.")
    var thumbnails = true

    @Option(help: ArgumentHelp("Number of threads of each video encoder.", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Number of parallel passes, each with its own decoder and encoders (default: one for two cores).",
            valueName: "n"))
    var jobs: Int?

    @OptionGroup var chunks: ChunkArguments

    @Flag(help: "Replace an existing package.")
    var overwrite = false

    @Flag(help: "Accept a damaged source, or one that is shorter than its header declares.")
    var allowTruncated = false

    @Flag(help: "Print the plan without writing anything.")
    var dryRun = false

    @OptionGroup(title: "Filters") var filters: FilterArguments

    @OptionGroup(title: "Player page") var page: PlayerArguments

    @OptionGroup(title: "Encryption") var encryption: EncryptionArguments

    @OptionGroup(title: "Resources") var limits: LimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup var defaults: DefaultsArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256") }
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs must be from 1 to 256") }
        if !gop.value.isPositive || gop.value > packaging.segment.value {
            throw ValidationError("--gop must be above 0 and at most --segment")
        }
    }

    private func options() throws -> LadderOptions {
        var options = LadderOptions(output: output, preset: try Preset.load(preset))
        options.codecs = try codec.split(separator: ",").map {
            guard let codec = VideoCodec(named: String($0)) else {
                throw VTXError(
                    .usage, "invalid video codec '\($0)'",
                    remedy: .advice(choiceAdvice(for: String($0), among: VideoCodec.ladderCases.map(\.rawValue))))
            }
            return codec
        }
        options.rungs = try rungs.map { try RungRequest.list(parsing: $0) }
        options.rate = rate
        options.crf = crf
        options.speed = speed
        options.segmentDuration = packaging.segment.value
        options.gopDuration = gop.value
        options.chunkDuration = chunks.chunk?.value
        options.program = source.program
        options.filters = filters.options
        options.segments = packaging.segments
        options.isSingleFile = packaging.singleFile
        options.maximumFrameRate = fps
        if let audio = packaging.audio { options.audioTracks = try TrackSelection(parsing: audio) }
        options.audioBitRate = audioBitrate?.value
        options.surround = surround?.codec
        if let text = packaging.subtitles { options.subtitleTracks = try TrackSelection(parsing: text) }
        options.subtitleFiles = packaging.subtitleFile.map(\.file)
        options.subtitleEncoding = packaging.subtitleEncoding?.name
        options.captions = packaging.captions
        options.wantsThumbnails = thumbnails
        options.encryption = encryption.options
        options.player = page.plan
        options.deinterlace = deinterlace
        options.threads = threads
        options.cores = processorCount
        return options
    }

    func run() throws {
        let session = try JobSession(.ladder, path: input, report: report, limits: limits.limits)
        try session.run {
            let options = try options()
            let (inputs, standardInput) = try openingStandardInput(in: [input])
            try sandbox.enter(
                inputs: inputs + options.otherInputs + encryption.inputs, outputs: [output] + encryption.outputs)
            let job = LadderJob(
                input: inputs[0], options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated,
                jobs: jobs, startsOver: chunks.fresh)
            if dryRun {
                try session.plan(job, reading: standardInput) {
                    (.ladder($0), describeLadder($0) { $0.commandLineText })
                }
            } else {
                try session.run(job, reading: standardInput) { (.ladder($0), table($0)) }
            }
        }
    }

    /// The final table: what was made, as measured.
    private func table(_ done: LadderReport) -> [String] {
        let speed = done.elapsed > 0 ? done.duration.seconds / done.elapsed : 0
        return renditionTable(done.renditions) + [
            "\(done.output): \(done.duration) in \(decimal(done.elapsed, 1)) s (\(decimal(speed, 2))x)"
        ]
    }
}
