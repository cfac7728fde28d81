// vtx compare REF DIST...

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel
import VTXPlanning
import VTXSystem

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Measure quality against a reference: XPSNR, SSIM, PSNR.",
        discussion: """
            Frames are paired by number, and scaled (bicubic) to the size of the reference. A directory of a package, \
            or its playlist, stands for all of its renditions. Differences in length, rate, shape, rotation, range \
            and format are named, and so are frames that are up to two late or early.

              vtx compare master.mov encoded.mp4
              vtx compare master.mov a.mp4 b.mp4 --metric xpsnr
              vtx compare master.mov package/ --json
              vtx compare master.mov encoded.mp4 --frames frames.ndjson
            """)

    @Argument(help: ArgumentHelp("The file to compare with.", valueName: "reference"), completion: .file())
    var reference: String

    @Argument(
        help: ArgumentHelp("Files, or directories or playlists of packages.", valueName: "distorted"),
        completion: .file())
    var inputs: [String]

    @Option(
        help: ArgumentHelp(
            "What to measure: auto (all that can be measured here) or a list of xpsnr, ssim, psnr.", valueName: "names"
        ), completion: .list(["auto"] + QualityMetric.allCases.map(\.rawValue)))
    var metric = MetricList(metrics: [])

    @Option(help: ArgumentHelp("Frames by which the others are late; negative if they are early.", valueName: "n"))
    var shift = 0

    @Option(
        help: ArgumentHelp("Write the values of every frame as newline-delimited JSON.", valueName: "file"),
        completion: .file())
    var frames: String?

    @Flag(help: "Replace an existing file of frames.")
    var overwrite = false

    @Flag(help: "Accept damaged files.")
    var allowTruncated = false

    @Flag(help: "Print the plan without comparing anything.")
    var dryRun = false

    @OptionGroup(title: "Resources") var resources: CompareResources

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup(title: "Reporting") var report: OutputOptions

    func validate() throws {
        if inputs.isEmpty { throw ValidationError("compare needs a reference and a file to compare with it") }
        let most = CompareOptions.mostShift
        if abs(shift) > most { throw ValidationError("--shift must be from -\(most) to \(most)") }
    }

    func run() throws {
        let all = [reference] + inputs
        let session = try JobSession(
            .compare, path: all.joined(separator: ", "), report: report, limits: resources.limits.limits)
        try session.run {
            // Playlists name files beside and below them.
            let folders = inputs.filter { $0.hasSuffix(".m3u8") }.map { SplitPath($0).directory }
            try sandbox.enter(inputs: all + folders, outputs: frames.map { [$0] } ?? [])
            let job = CompareJob(
                reference: reference, inputs: inputs, options: CompareOptions(metrics: metric.metrics, shift: shift),
                framesFile: frames, threads: resources.threads ?? processorCount, mayOverwrite: overwrite,
                allowsTruncated: allowTruncated)
            if dryRun {
                try session.plan(job) { (.compare($0), describeCompare($0) { $0.commandLineText }) }
            } else {
                try session.run(job) { (.compare($0), compareTable($0)) }
            }
        }
    }
}

/// What a comparison may take.
struct CompareResources: ParsableArguments {
    @Option(help: ArgumentHelp("Number of decoding threads of all files together.", valueName: "n"))
    var threads: Int?

    @OptionGroup var limits: LimitArguments

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256") }
    }
}

/// `auto`, or metrics with commas between them.
struct MetricList: ExpressibleByArgument {
    /// Empty: all that can be measured.
    var metrics: [QualityMetric]

    init(metrics: [QualityMetric]) { self.metrics = metrics }

    init?(argument: String) {
        if argument.lowercased() == "auto" {
            metrics = []
            return
        }
        let names = argument.lowercased().split(separator: ",", omittingEmptySubsequences: false)
        metrics = names.compactMap { QualityMetric(rawValue: String($0)) }
        guard metrics.count == names.count else { return nil }
    }

    var defaultValueDescription: String {
        metrics.isEmpty ? "auto" : metrics.map(\.rawValue).joined(separator: ",")
    }
}
