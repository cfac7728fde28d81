// `vtx ladder`: from one file to an adaptive package, planned, run, checked and published whole.

import Glibc
import LibAV
public import VTXModel
import VTXBitstream
import VTXPackaging
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// How far each rendition of a running ladder is.
public struct LadderProgress: Hashable, Codable, Sendable {
    public struct Rendition: Hashable, Codable, Sendable {
        public var name: String
        /// Video frames, or packets of audio, out of the encoder.
        public var done: Int
        public var bytes: Int64
        /// From 0 to 1; `nil` if the length is not known.
        public var fraction: Double?
    }

    public var renditions: [Rendition]
    /// Of the slowest rendition.
    public var position: MediaTime
    /// Where it was when this run began: an earlier one may have done that much.
    public var begun: MediaTime = .zero
    public var expected: MediaTime?
    /// Seconds since the job began.
    public var elapsed: Double

    public var bytes: Int64 { renditions.reduce(0) { $0 + $1.bytes } }
    public var fraction: Double? { renditions.compactMap(\.fraction).min() }
    public var speed: Double { elapsed > 0 ? max(0, position.seconds - begun.seconds) / elapsed : 0 }
    public var remaining: Double? {
        guard let expected, speed > 0 else { return nil }
        return max(0, (expected.seconds - position.seconds) / speed)
    }
}

/// What a finished ladder made.
public struct LadderReport: Hashable, Codable, Sendable {
    public struct Rendition: Hashable, Codable, Sendable {
        public var name: String
        public var size: PixelSize?
        public var codec: String
        /// Bits per second, measured.
        public var averageBitRate: Int64
        public var peakBitRate: Int64
        public var bytes: Int64
    }

    public var input: String
    public var output: String
    public var renditions: [Rendition]
    public var duration: MediaTime
    /// Frames of the grid.
    public var frames: Int
    public var elapsed: Double
    public var warnings: [String]
}

/// One ladder.
public final class LadderJob {
    public let input: String
    public let options: LadderOptions
    public let mayOverwrite: Bool
    public let allowsTruncated: Bool
    /// Passes over the picture at a time; `nil` for what is fastest.
    public let jobs: Int?
    /// Whether the work of an interrupted run is thrown away.
    public let startsOver: Bool
    public let limits: SourceLimits
    private let interrupt: Interrupt

    /// Parameters as for `TranscodeJob`.
    public init(
        input: String, options: LadderOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false,
        jobs: Int? = nil, startsOver: Bool = false, limits: SourceLimits = SourceLimits(),
        stop: StopSwitch = StopSwitch()
    ) {
        self.input = input
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
        self.jobs = jobs
        self.startsOver = startsOver
        self.limits = limits
        interrupt = stop.interrupt
    }

    /// What would be done. Writes nothing.
    public func plan() throws(VTXError) -> (plan: LadderPlan, source: MediaDescription) {
        let (plan, source, _) = try prepare()
        _ = try keys(of: plan)
        _ = try PlayerFiles(plan.player)
        return (plan, source)
    }

    private func keys(of plan: LadderPlan) throws(VTXError) -> PackageEncryption? {
        guard let encryption = plan.encryption else { return nil }
        return try PackageEncryption(encryption, mayReplace: mayOverwrite)
    }

    private func prepare() throws(VTXError) -> (LadderPlan, MediaDescription, Demuxer) {
        let demuxer = try SourceFile.open(input, interrupt: interrupt)
        let source = SourceFile.describe(demuxer, .planning)
        var options = options
        try SourceFile.describe(subtitles: &options.subtitleFiles)
        let plan = try planLadder(of: source, options: options, capabilities: .ofThisBuild)
        try limits.check(source, streams: plan.timedStreams, expected: plan.expectedDuration)
        return (plan, source, demuxer)
    }

    /// Runs the job.
    ///
    /// - Parameters:
    ///   - planned: called once, before anything is written, also with what an interrupted run has left.
    ///   - progress: called on this thread, about five times a second.
    public func run(
        planned: (LadderPlan, MediaDescription, Resumption?) -> Void, progress: (LadderProgress) -> Void
    ) throws(VTXError) -> LadderReport {
        let began = now()
        try SourceFile.check(input)
        let staging = try StagingDirectory(
            for: options.output, inputs: [input] + options.otherInputs, mayReplace: mayOverwrite)
        let (plan, source, demuxer) = try prepare()
        let encryption = try keys(of: plan)
        let workspace = plan.video == nil ? nil : try Workspace(for: staging.destination)
        var last: LadderProgress?
        let player = try PlayerFiles(plan.player)
        let watch = Watch(limits, path: input, interrupt: interrupt)
        do {
            let found = try workspace?.open(
                plan, of: plan.input, streams: LadderRun.streams(of: plan),
                encoded: (plan.video?.rungs ?? []).map(\.name), fresh: startsOver, fraction: plan.fraction)
            planned(plan, source, found)
            let files = try LadderFiles(plan: plan, directory: staging.path, encryption: encryption)
            let run = LadderRun(
                plan: plan, source: demuxer, interrupt: interrupt, store: workspace?.store,
                jobs: jobs ?? usualJobs(for: plan, cores: options.cores, memory: physicalMemory()),
                receiver: files.receiver)
            let outcome = try run.run(every: 0.2) { states in
                var state = describe(states, plan: plan, elapsed: now() - began)
                if found?.discarded == nil, found != nil { state.begun = last?.begun ?? state.position }
                last = state
                watch.look(position: states.map { position(of: $0.name, $0.state, plan) }.max() ?? .zero)
                progress(state)
            }
            var warnings: [String] = []
            try SourceVerdict(
                path: input, source: source, reading: outcome.reading, decoders: outcome.decoders,
                origin: plan.origin, limit: nil,
                streams: plan.timedStreams, reached: files.duration, allowsTruncated: allowsTruncated
            ).check(adding: &warnings)
            try watch.finish(duration: files.duration, warnings: warnings)
            try files.verify(outcome)
            let renditions = try files.finish()
            try player?.write(to: staging.path)
            if interrupt.isSet { throw Aborted() }
            try staging.publish(with: encryption)
            workspace?.remove()
            return LadderReport(
                input: input, output: plan.output,
                renditions: renditions, duration: files.duration, frames: outcome.frames,
                elapsed: milliseconds(now() - began),
                warnings: warnings)
        } catch {
            var failure = watch.violation ?? jobError(error, input: input, output: options.output)
            if let remedy = spaceRemedy(failure, workspace: workspace, fraction: last?.fraction, bytes: last?.bytes) {
                failure.remedy = remedy
            }
            workspace?.keep(after: failure)
            throw failure
        }
    }

    private func position(of name: String, _ state: RenditionProgress, _ plan: LadderPlan) -> MediaTime {
        if let rung = plan.video?.rungs.first(where: { $0.name == name }) {
            return MediaTime(Int64(state.packets), rung.encode.frameRate.inverse)
        }
        let rate = plan.audio.first { $0.name == name }?.track.encode?.sampleRate ?? 48_000
        return MediaTime(Int64(state.packets), Rational(1024, Int64(rate)))
    }

    private func describe(
        _ states: [(name: String, state: RenditionProgress)], plan: LadderPlan, elapsed: Double
    ) -> LadderProgress {
        var positions: [MediaTime] = []
        let expected = plan.expectedDuration
        let renditions = states.map { name, state in
            let position = position(of: name, state, plan)
            positions.append(position)
            return LadderProgress.Rendition(
                name: name, done: state.packets, bytes: state.bytes,
                fraction: expected.map { $0.ticks > 0 ? min(1, position.seconds / $0.seconds) : 0 })
        }
        return LadderProgress(
            renditions: renditions, position: positions.min() ?? .zero, expected: expected, elapsed: elapsed)
    }
}

private func physicalMemory() -> Int64 {
    Int64(max(0, sysconf(Int32(_SC_PHYS_PAGES)))) * Int64(max(0, sysconf(Int32(_SC_PAGESIZE))))
}

extension LadderPlan {
    /// Source streams of picture and audio.
    var timedStreams: [Int] { (video.map { [$0.stream] } ?? []) + Set(audio.map(\.track.stream)).sorted() }

    /// How much of all rungs' frames is in finished chunks, from 0 to 1.
    fileprivate func fraction(in store: ChunkStore) -> Double? {
        guard let due = expectedFrames, due > 0, let rungs = video?.rungs, !rungs.isEmpty else { return nil }
        let fractions = rungs.map { rung in
            let done = store.summaries(of: rung.name).reduce(0) { $0 + $1.packets } * rung.frameDivisor
            return min(1, Double(done) / Double(due))
        }
        return fractions.reduce(0, +) / Double(fractions.count)
    }
}

/// The files of a ladder while they are written.
private final class LadderFiles: @unchecked Sendable {
    // @unchecked: each writer belongs to one stage; what several stages touch is guarded.
    private let plan: LadderPlan
    private let directory: String
    private let files: RenditionFiles
    private let sheets = Guarded(0)
    private static let posterName = "poster.jpg"
    private static let thumbnailsName = "thumbnails"

    init(plan: LadderPlan, directory: String, encryption: PackageEncryption?) throws(VTXError) {
        self.plan = plan
        self.directory = directory
        files = RenditionFiles(
            directory: directory, type: plan.segments, isSingleFile: plan.isSingleFile, encryption: encryption,
            subtitles: plan.subtitles.count)
        for rung in plan.video?.rungs ?? [] {
            try files.add(
                rung.name,
                RenditionRole(
                    isVideo: true, frameRate: rung.encode.frameRate, size: rung.encode.size,
                    color: rung.encode.color))
        }
        for rendition in plan.audio {
            guard let encode = rendition.track.encode else { continue }
            try files.add(
                rendition.name,
                RenditionRole(
                    isVideo: false, channels: encode.layout == "5.1" ? 6 : 2, audioCodec: encode.codec))
        }
        if plan.thumbnails != nil { try makeDirectory("\(directory)/\(Self.thumbnailsName)") }
    }

    var receiver: LadderRun.Receiver {
        LadderRun.Receiver(
            rendition: { name, event in try self.files.take(event, of: name) },
            sheet: { bytes in
                let number = self.sheets.with { count in
                    count += 1
                    return count
                }
                try writeFile(bytes, to: "\(self.directory)/\(self.sheetName(number - 1))")
            },
            poster: { bytes in try writeFile(bytes, to: "\(self.directory)/\(Self.posterName)") },
            cue: { index, cue in self.files.take(cue, of: index) })
    }

    private func sheetName(_ index: Int) -> String {
        "\(Self.thumbnailsName)/sheet-\(padded(Int64(index + 1), 3)).jpg"
    }

    var duration: MediaTime { files.duration }

    /// Every rendition is whole: as many frames as the grid has, cut at the same places.
    func verify(_ outcome: LadderRun.Outcome) throws(VTXError) {
        var boundaries: [MediaTime]?
        for rung in plan.video?.rungs ?? [] {
            guard let writer = files.writers[rung.name], let state = outcome.renditions[rung.name] else { continue }
            let due = (outcome.frames + rung.frameDivisor - 1) / rung.frameDivisor
            guard state.packets == due, writer.frames == due else {
                throw VTXError(
                    .internal,
                    "\(rung.name): \(due) frames were due, \(state.packets) encoded, \(writer.frames) written",
                    remedy: .report())
            }
            let starts = writer.records.map(\.start)
            if let boundaries, boundaries != starts {
                throw VTXError(.internal, "\(rung.name) is not cut where the other renditions are")
            }
            boundaries = starts
        }
        for writer in files.writers.values where writer.records.isEmpty {
            throw VTXError(.badMedia, "\(writer.name): nothing was encoded")
        }
        let lengths = files.writers.values.map(\.duration.seconds)
        if let longest = lengths.max(), let shortest = lengths.min(), longest - shortest > 0.5 {
            throw VTXError(
                .internal, "renditions last from \(decimalSeconds(shortest)) to \(decimalSeconds(longest)) s")
        }
    }

    /// Writes the playlists.
    func finish() throws(VTXError) -> [LadderReport.Rendition] {
        try writeThumbnails()
        return try files.contents(
            video: (plan.video?.rungs ?? []).map(\.name),
            audio: plan.audio.map { ($0.name, $0.group, $0.track.label) },
            subtitles: plan.subtitles.map { ($0.name, $0.track.label) }
        ).writePlaylists()
    }

    private func writeThumbnails() throws(VTXError) {
        guard let thumbnails = plan.thumbnails, sheets.with({ $0 }) > 0 else { return }
        let divisor = plan.video?.rungs.last?.frameDivisor ?? 1
        let every = (thumbnails.everyFrames + divisor - 1) / divisor * divisor
        let layout = SpriteLayout(
            columns: thumbnails.columns, rows: thumbnails.rows, tile: thumbnails.size,
            interval: MediaTime(Int64(every), plan.grid.frameRate.inverse))
        let cues = layout.cues(duration: duration) { "sheet-\(padded(Int64($0 + 1), 3)).jpg" }
        try writeFile(
            Array(thumbnailsWebVTT(cues).utf8), to: "\(directory)/\(Self.thumbnailsName)/thumbnails.vtt")
    }
}

private func decimalSeconds(_ value: Double) -> String { MediaTime(seconds: value).description }
