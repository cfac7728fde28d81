// `vtx package`: from renditions that exist to an adaptive package, without encoding anything.
//
// Every file is read twice: once for the timestamps of its key frames, so that all renditions are cut at the same ones,
// and once to copy its packets.

import LibAV
public import VTXModel
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// Makes an adaptive package of files that hold one rendition each, without re-encoding.
public struct PackageJob: Job {
    /// Files with one rendition of video, or with tracks of audio.
    public var inputs: [String]
    /// What to make of them.
    public var options: PackageOptions
    /// Whether an existing package may be replaced.
    public var mayOverwrite: Bool
    /// Whether files that are damaged or end before their headers say are accepted.
    public var allowsTruncated: Bool

    /// - Parameters:
    ///   - inputs: files with one rendition of video, or with tracks of audio.
    ///   - options: what to make of them.
    ///   - mayOverwrite: whether an existing package may be replaced.
    ///   - allowsTruncated: whether files that are damaged or end before their headers say are accepted.
    public init(
        inputs: [String], options: PackageOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false
    ) {
        self.inputs = inputs
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
    }

    private var path: String { inputs.joined(separator: ", ") }

    /// Decides what would be done: reads the files whole, writes nothing.
    public func plan(in context: JobContext) throws(VTXError) -> PackagePlan {
        let sources = try openPackageSources(inputs, program: options.program, interrupt: context.interrupt)
        do {
            var warnings: [String] = []
            let plan = try prepare(sources, context, adding: &warnings) { _ in }
            _ = try keys(of: plan, context)
            return plan
        } catch {
            throw jobError(error, input: path, output: options.output)
        }
    }

    private func keys(of plan: PackagePlan, _ context: JobContext) throws(VTXError) -> PackageEncryption? {
        guard let encryption = plan.encryption else { return nil }
        return try PackageEncryption(encryption, mayReplace: mayOverwrite, cleanup: context.cleanup)
    }

    private func prepare(
        _ sources: [PackageSource], _ context: JobContext, adding warnings: inout [String],
        progress: (JobProgress) -> Void
    ) throws -> PackagePlan {
        var options = options
        try SourceFile.describe(subtitles: &options.subtitleFiles, encoding: options.subtitleEncoding)
        let descriptions = sources.map(\.description)
        var plan = try planPackage(of: descriptions, options: options, capabilities: .ofThisBuild)
        let scans = try scanPackageSources(sources, plan, interrupt: context.interrupt, progress: progress)
        for (index, scan) in scans.enumerated() {
            let video = plan.video.filter { $0.input == index }.map(\.stream)
            try EditLists.check(sources[index], streams: video)
            try context.limits.check(descriptions[index], streams: video, expected: descriptions[index].duration)
            try PackageSourceVerdict(
                scan: scan, file: descriptions[index], plan: plan, index: index, allowsTruncated: allowsTruncated
            ).check(adding: &warnings)
        }
        try plan.align(
            scans.map(\.times), starts: descriptions.map { $0.start ?? .zero }, segment: options.segmentDuration)
        return plan
    }

    /// Makes the package.
    ///
    /// - Parameter context: receives progress while the files are read, then the plan, then progress while they are
    ///   copied.
    /// - Throws: `.badMedia` if a file is damaged, or if the renditions have no key frames in common.
    public func run(in context: JobContext) throws(VTXError) -> PackageReport {
        let run = JobRun(
            context, input: path, output: options.output, files: inputs + options.otherInputs)
        for path in inputs { try SourceFile.check(path) }
        let player = try PlayerFiles(options.player)
        let staging = try StagingDirectory(
            for: options.output, inputs: inputs + options.otherInputs, mayReplace: mayOverwrite,
            cleanup: context.cleanup)
        do {
            var warnings: [String] = []
            let sources = try openPackageSources(inputs, program: options.program, interrupt: context.interrupt)
            let plan = try prepare(sources, context, adding: &warnings) { context.events(.progress($0)) }
            let encryption = try keys(of: plan, context)
            run.announce(.package(plan))
            let files = try PackageFiles(plan: plan, directory: staging.path, encryption: encryption)
            let outcome = try copy(plan, to: files, run)
            try run.checkUnchanged(isError: !allowsTruncated, adding: &warnings)
            try files.verify(outcome.renditions, adding: &warnings)
            var notices: [String] = []
            let subtitles = files.end(outcome.subtitles)
            SubtitleVerdict(tracks: zip(plan.subtitles, subtitles).map { ($0.track, $1) })
                .check(adding: &warnings, notices: &notices)
            files.noteCaptions(adding: &notices)
            try run.watch.finish(duration: files.duration, warnings: warnings)
            warnings += notices
            let renditions = try files.finish()
            try player?.write(to: staging.path)
            try run.checkStopped()
            try staging.publish(with: encryption)
            warnings.forEach { context.events(.warning($0)) }
            return PackageReport(
                inputs: inputs, output: plan.output, renditions: renditions, duration: files.duration,
                segments: plan.boundaries.count + 1, elapsed: run.elapsed, warnings: warnings)
        } catch {
            throw run.failure(error)
        }
    }

    private func copy(
        _ plan: PackagePlan, to files: PackageFiles, _ run: JobRun
    ) throws -> (renditions: [String: PackageRun.RenditionOutcome], subtitles: [Int: SubtitleOutcome]) {
        let began = now()
        let package = PackageRun(plan: plan, interrupt: run.context.interrupt, receiver: files.receiver)
        return try package.run(every: JobRun.interval) { states in
            let progress = packageProgress(states, plan: plan, elapsed: now() - began)
            run.report(progress, reached: progress.position)
        }
    }
}
