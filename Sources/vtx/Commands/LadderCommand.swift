// vtx ladder INPUT -o DIR

import ArgumentParser
import Glibc
import VTXKit
import VTXModel
import VTXPlanning

struct LadderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ladder",
        abstract: "Make an adaptive HLS package: one decode, several renditions.",
        discussion: """
            The package is a directory that any static host can serve; players open master.m3u8 in it. \
            Renditions follow the source: 1080, 720, 480 and 360 rows as far as it has them, portrait by its \
            width. Everything in the playlists is measured from what was written.
            """)

    @Argument(help: "The file to read.", completion: .file())
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The directory to write.", valueName: "dir"), completion: .directory)
    var output: String

    @Option(help: ArgumentHelp("Renditions: 1080p,720p:2800k,480p.", valueName: "list"))
    var rungs: String?

    @Option(
        help: ArgumentHelp("Video codecs, the first one preferred: h264, hevc, av1, or several.", valueName: "list"))
    var codec = "h264"

    @Option(help: ArgumentHelp("Quality: high, medium, low, or a YAML file.", valueName: "name"))
    var preset = "medium"

    @Option(help: "How bits are spent: quality with a ceiling, or each rung's bit rate.")
    var rate: LadderOptions.Rate = .capped

    @Option(help: ArgumentHelp("Constant rate factor on the encoder's scale.", valueName: "n"))
    var crf: Double?

    @Option(help: ArgumentHelp("The encoder's speed.", valueName: "name"))
    var speed: String?

    @OptionGroup var packaging: PackagingArguments

    @Option(help: ArgumentHelp("Seconds between key frames.", valueName: "s"))
    var gop = Rational(2)

    @Option(help: ArgumentHelp("Highest frame rate.", valueName: "rate"))
    var fps: Rational?

    @Option(help: ArgumentHelp("Bit rate of stereo audio.", valueName: "rate"))
    var audioBitrate: BitRate?

    @Option(help: ArgumentHelp("Offer 5.1 beside stereo where the source has it: aac or eac3.", valueName: "codec"))
    var surround: AudioCodec?

    @Option(help: "Deinterlacing; field doubles the frame rate.")
    var deinterlace: DeinterlaceChoice = .automatic

    @Flag(inversion: .prefixedNo, help: "Poster and seek previews.")
    var thumbnails = true

    @Option(help: ArgumentHelp("Threads of each video encoder.", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Passes over the picture at a time, each with its own decoder and encoders (default: one for two cores).",
            valueName: "n"))
    var jobs: Int?

    @OptionGroup var chunks: ChunkArguments

    @Flag(help: "Replace the package if it exists.")
    var overwrite = false

    @Flag(help: "Accept a source that is damaged or ends before its header says.")
    var allowTruncated = false

    @Flag(help: "Show the plan and write nothing.")
    var dryRun = false

    @OptionGroup(title: "Player page") var page: PlayerArguments

    @OptionGroup(title: "Encryption") var encryption: EncryptionArguments

    @OptionGroup(title: "Limits") var limits: LimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup(title: "Output") var report: OutputOptions

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads is from 1 to 256") }
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is from 1 to 256") }
        if !gop.isPositive || gop > packaging.segment {
            throw ValidationError("--gop is above 0 and at most --segment")
        }
        if let surround, ![.aac, .eac3].contains(surround) { throw ValidationError("--surround is aac or eac3") }
    }

    private func options() throws -> LadderOptions {
        var options = LadderOptions(output: output, preset: try Preset.load(preset))
        options.codecs = try codec.split(separator: ",").map {
            guard let codec = VideoCodec(rawValue: String($0)) else {
                throw VTXError(.usage, "'\($0)' is no video codec", remedy: "use h264, hevc or av1")
            }
            return codec
        }
        options.rungs = try rungs.map { try RungRequest.list(parsing: $0) }
        options.rate = rate
        options.crf = crf
        options.speed = speed
        options.segmentDuration = packaging.segment
        options.gopDuration = gop
        options.chunkDuration = chunks.chunk
        options.segments = packaging.segments
        options.isSingleFile = packaging.singleFile
        options.maximumFrameRate = fps
        if let audio = packaging.audio { options.audioTracks = try TrackSelection(parsing: audio) }
        options.audioBitRate = audioBitrate?.value
        options.surround = surround
        if let text = packaging.subtitles { options.subtitleTracks = try TrackSelection(parsing: text) }
        options.subtitleFiles = packaging.subtitleFile.map(\.file)
        options.wantsThumbnails = thumbnails
        options.encryption = encryption.options
        options.player = page.plan
        options.deinterlace = deinterlace
        options.threads = threads
        options.cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        return options
    }

    func run() throws {
        let session = try JobSession(.ladder, path: input, report: report, limits: limits.limits)
        try session.run {
            let options = try options()
            try sandbox.enter(
                inputs: [input] + options.otherInputs + encryption.inputs, outputs: [output] + encryption.outputs)
            let job = LadderJob(
                input: input, options: options, mayOverwrite: overwrite, allowsTruncated: allowTruncated,
                jobs: jobs, startsOver: chunks.fresh)
            if dryRun {
                try session.plan(job) { (.ladder($0), describeLadder($0)) }
            } else {
                try session.run(job) { (.ladder($0), table($0)) }
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
