// `vtx package`: from renditions that exist to an adaptive package, without encoding anything.
//
// Every file is read twice: once for the times of its key frames, so that all renditions are cut at the same
// ones, and once to copy its packets.

import LibAV
public import VTXModel
import VTXBitstream
import VTXPackaging
import VTXPipeline
public import VTXPlanning
import VTXSystem

/// What a finished package holds.
public struct PackageReport: Hashable, Codable, Sendable {
    public var inputs: [String]
    public var output: String
    public var renditions: [LadderReport.Rendition]
    public var duration: MediaTime
    /// Of each rendition of the picture.
    public var segments: Int
    public var elapsed: Double
    public var warnings: [String]
}

/// One package.
public final class PackageJob {
    public let inputs: [String]
    public let options: PackageOptions
    public let mayOverwrite: Bool
    public let allowsTruncated: Bool
    public let limits: SourceLimits
    private let interrupt: Interrupt

    /// - Parameters:
    ///   - inputs: files with one rendition each.
    ///   - mayOverwrite: replaces a package that is there.
    ///   - allowsTruncated: takes files that end early as they are.
    public init(
        inputs: [String], options: PackageOptions, mayOverwrite: Bool = false, allowsTruncated: Bool = false,
        limits: SourceLimits = SourceLimits(), stop: StopSwitch = StopSwitch()
    ) {
        self.inputs = inputs
        self.options = options
        self.mayOverwrite = mayOverwrite
        self.allowsTruncated = allowsTruncated
        self.limits = limits
        interrupt = stop.interrupt
    }

    /// What would be done: reads the files, writes nothing.
    public func plan() throws(VTXError) -> PackagePlan {
        let sources = try open()
        do {
            var warnings: [String] = []
            let plan = try prepare(sources, adding: &warnings) { _ in }
            _ = try keys(of: plan)
            return plan
        } catch {
            throw jobError(error, input: inputs.joined(separator: ", "), output: options.output)
        }
    }

    private func keys(of plan: PackagePlan) throws(VTXError) -> PackageEncryption? {
        guard let encryption = plan.encryption else { return nil }
        return try PackageEncryption(encryption, mayReplace: mayOverwrite)
    }

    /// An input that has been opened and described.
    private struct Source {
        var demuxer: Demuxer
        var description: MediaDescription
    }

    private func open() throws(VTXError) -> [Source] {
        guard !inputs.isEmpty else { throw VTXError(.usage, "there is nothing to package") }
        var seen: [(path: String, status: FileStatus)] = []
        var sources: [Source] = []
        for path in inputs {
            let demuxer = try SourceFile.open(path, interrupt: interrupt)
            if let status = FileStatus(path) {
                if let other = seen.first(where: { $0.status.isSameFile(as: status) }) {
                    throw VTXError(
                        .usage, "\(path) is given twice", cause: other.path == path ? nil : "it is \(other.path)",
                        remedy: "give each rendition once")
                }
                seen.append((path, status))
            }
            sources.append(Source(demuxer: demuxer, description: SourceFile.describe(demuxer, .brief)))
        }
        return sources
    }

    private func prepare(
        _ sources: [Source], adding warnings: inout [String], progress: (LadderProgress) -> Void
    ) throws -> PackagePlan {
        var options = options
        try SourceFile.describe(subtitles: &options.subtitleFiles)
        let descriptions = sources.map(\.description)
        var plan = try planPackage(of: descriptions, options: options, capabilities: .ofThisBuild)
        let scans = try scan(sources, plan, progress: progress)
        for (index, scan) in scans.enumerated() {
            let video = plan.video.filter { $0.input == index }.map(\.stream)
            try limits.check(descriptions[index], streams: video, expected: descriptions[index].duration)
            try check(scan, of: descriptions[index], plan, index, adding: &warnings)
        }
        try plan.align(
            scans.map(\.times), starts: descriptions.map { $0.start ?? .zero }, segment: options.segmentDuration)
        return plan
    }

    // MARK: Scanning

    private func scan(
        _ sources: [Source], _ plan: PackagePlan, progress: (LadderProgress) -> Void
    ) throws -> [PackageScanResult] {
        let began = now()
        let group = StageGroup(interrupt: interrupt)
        let results = Guarded([PackageScanResult](repeating: PackageScanResult(), count: sources.count))
        let states = sources.map { _ in Guarded(PackageScanProgress()) }
        for (index, source) in sources.enumerated() {
            let file = source.description
            let video = plan.video.first { $0.input == index }
            var request = PackageScanRequest(
                video: video?.stream, rates: video.flatMap { file.streams[$0.stream].video }.map(rateCandidates) ?? [],
                audio: plan.audio.filter { $0.input == index }.map(\.stream))
            guard request.video != nil || !request.audio.isEmpty else { continue }
            request.hasIndex = hasWholeIndex(file, request)
            let (demuxer, state) = (source.demuxer, states[index])
            // Formats without an index are read whole in any case, and any stream may tell how long they are.
            if file.format.hasPrefix("mov,") {
                demuxer.keepOnly(Set(request.audio + (request.video.map { [$0] } ?? [])))
            }
            let wanted = request
            group.start("scan \(index + 1)") {
                let found = try scanForPackage(demuxer, wanted, start: file.start ?? .zero, progress: state)
                results.with { $0[index] = found }
            }
        }
        try group.wait(every: 0.2) {
            progress(reading(sources.map(\.description), states, elapsed: now() - began))
        }
        return results.with { $0 }
    }

    /// Whether the file's header has the times of all packets, and the file all their bytes.
    private func hasWholeIndex(_ file: MediaDescription, _ request: PackageScanRequest) -> Bool {
        guard file.format.hasPrefix("mov,"), file.missingBytes == nil else { return false }
        return (request.audio + (request.video.map { [$0] } ?? [])).allSatisfy { file.streams[$0].frameCount != nil }
    }

    private func reading(
        _ files: [MediaDescription], _ states: [Guarded<PackageScanProgress>], elapsed: Double
    ) -> LadderProgress {
        let rows = zip(files, states).map { file, state in
            let state = state.with { $0 }
            let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
            return LadderProgress.Rendition(
                name: "reading \(name)", done: state.packets, bytes: 0,
                fraction: file.size > 0 ? min(1, Double(state.bytes) / Double(file.size)) : nil)
        }
        let expected = files.compactMap(\.duration).max()
        let fraction = rows.compactMap(\.fraction).min() ?? 0
        return LadderProgress(
            renditions: rows, position: MediaTime(seconds: (expected?.seconds ?? 0) * fraction),
            expected: expected, elapsed: elapsed)
    }

    /// Whether a file holds what it promises.
    private func check(
        _ scan: PackageScanResult, of file: MediaDescription, _ plan: PackagePlan, _ index: Int,
        adding warnings: inout [String]
    ) throws(VTXError) {
        let video = plan.video.first { $0.input == index }
        let streams = (video.map { [$0.stream] } ?? []) + plan.audio.filter { $0.input == index }.map(\.stream)
        guard !streams.isEmpty else { return }
        if let video, plan.segments == .fmp4, !scan.hasParameterSets {
            throw VTXError(
                .badMedia, "\(file.path) has its \(video.codec.rawValue) parameter sets only between its frames",
                cause: "fMP4 segments for all players need them in the header",
                remedy: "remux it with \(command: .transcode) \(.video) copy, or encode it anew")
        }
        if let jump = scan.reading.jumps.first {
            throw VTXError(
                .badMedia, "the clock of \(file.path) jumps at \(jump.time)",
                cause: "what comes before and after cannot be one rendition without encoding",
                remedy: "make a whole of it with \(command: .transcode), or a package with \(command: .ladder)")
        }
        try SourceVerdict(
            path: file.path, source: file, reading: scan.reading, decoders: [:],
            origin: file.start ?? .zero, limit: nil, streams: streams,
            reached: scan.reading.streams.values.compactMap(\.end).max() ?? .zero,
            allowsTruncated: allowsTruncated
        ).check(adding: &warnings)
        for stream in streams {
            let reading = scan.reading.streams[stream] ?? StreamReading()
            guard reading.packets > 0 else {
                throw VTXError(
                    .badMedia, "stream \(stream) (\(file.streams[stream].codec)) of \(file.path) has no packets")
            }
            guard reading.corrupt > 0 else { continue }
            let text = "stream \(stream) of \(file.path): \(reading.corrupt) of \(reading.packets) packets are damaged"
            guard allowsTruncated else {
                throw VTXError(
                    .badMedia, Message(text),
                    remedy: "get a whole copy, or pass \(.allowTruncated) to keep what is there")
            }
            warnings.append(text)
        }
    }

    // MARK: Running

    /// Runs the job.
    ///
    /// - Parameters:
    ///   - planned: called once, before anything is written.
    ///   - progress: called on this thread, about five times a second; first while the files are read, then
    ///     while they are copied.
    public func run(
        planned: (PackagePlan) -> Void, progress: (LadderProgress) -> Void
    ) throws(VTXError) -> PackageReport {
        let began = now()
        for path in inputs { try SourceFile.check(path) }
        let player = try PlayerFiles(options.player)
        let staging = try StagingDirectory(
            for: options.output, inputs: inputs + options.otherInputs, mayReplace: mayOverwrite)
        let path = inputs.joined(separator: ", ")
        let watch = Watch(limits, path: path, interrupt: interrupt)
        do {
            var warnings: [String] = []
            let plan = try prepare(try open(), adding: &warnings, progress: progress)
            let encryption = try keys(of: plan)
            planned(plan)
            let files = try PackageFiles(plan: plan, directory: staging.path, encryption: encryption)
            let copying = now()
            let run = PackageRun(plan: plan, interrupt: interrupt, receiver: files.receiver)
            let outcome = try run.run(every: 0.2) { states in
                let state = files.progress(states, elapsed: now() - copying)
                watch.look(position: state.position)
                progress(state)
            }
            try files.verify(outcome, adding: &warnings)
            try watch.finish(duration: files.duration, warnings: warnings)
            let renditions = try files.finish()
            try player?.write(to: staging.path)
            if interrupt.isSet { throw Aborted() }
            try staging.publish(with: encryption)
            return PackageReport(
                inputs: inputs, output: plan.output,
                renditions: renditions, duration: files.duration, segments: plan.boundaries.count + 1,
                elapsed: milliseconds(now() - began), warnings: warnings)
        } catch {
            throw watch.violation ?? jobError(error, input: path, output: options.output)
        }
    }
}

/// The files of a package while they are written.
private struct PackageFiles {
    private let plan: PackagePlan
    private let files: RenditionFiles

    init(plan: PackagePlan, directory: String, encryption: PackageEncryption?) throws(VTXError) {
        self.plan = plan
        files = RenditionFiles(
            directory: directory, type: plan.segments, isSingleFile: plan.isSingleFile, encryption: encryption,
            subtitles: plan.subtitles.count)
        for item in plan.video {
            try files.add(
                item.name,
                RenditionRole(
                    isVideo: true, isCopied: true, frameRate: item.frameRate, size: item.size, color: item.color))
        }
        for item in plan.audio {
            try files.add(
                item.name,
                RenditionRole(isVideo: false, isCopied: true, channels: item.channels, audioCodec: item.codec))
        }
    }

    var receiver: PackageRun.Receiver {
        PackageRun.Receiver(
            rendition: { [files] name, event in try files.take(event, of: name) },
            cue: { [files] index, cue in files.take(cue, of: index) })
    }

    var duration: MediaTime { files.duration }

    func progress(_ states: [(name: String, state: RenditionProgress)], elapsed: Double) -> LadderProgress {
        let rows = states.map { name, state in
            let frames = plan.video.first { $0.name == name }?.frames
            // Packets of audio: about as many as its length holds.
            let due = frames.map(Double.init) ?? audioPackets(name)
            return LadderProgress.Rendition(
                name: name, done: state.packets, bytes: state.bytes,
                fraction: state.isDone ? 1 : due > 0 ? min(1, Double(state.packets) / due) : nil)
        }
        let fraction = rows.compactMap(\.fraction).min() ?? 0
        return LadderProgress(
            renditions: rows, position: MediaTime(seconds: plan.duration.seconds * fraction),
            expected: plan.duration, elapsed: elapsed)
    }

    private func audioPackets(_ name: String) -> Double {
        guard let item = plan.audio.first(where: { $0.name == name }) else { return 0 }
        let samples: Double =
            switch item.codec {
            case .opus: 960
            case .ac3, .eac3: 1536
            case .mp3: 1152
            default: 1024
            }
        return plan.duration.seconds * Double(item.sampleRate) / samples
    }

    /// Every rendition is whole: all frames that were found, cut at the same places.
    func verify(
        _ outcomes: [String: PackageRun.RenditionOutcome], adding warnings: inout [String]
    ) throws(VTXError) {
        var leading: (starts: [MediaTime], name: String)?
        for item in plan.video {
            guard let writer = files.writers[item.name], let outcome = outcomes[item.name] else { continue }
            guard outcome.written == item.frames, writer.frames == item.frames else {
                throw VTXError(
                    .badMedia,
                    "\(item.name): \(item.frames) frames were found, \(outcome.written) copied, \(writer.frames) written",
                    remedy: "the file has changed meanwhile, or \(damagedTimestampsRemedy)")
            }
            let starts = writer.records.map(\.start)
            let frame = 1 / item.frameRate.value
            if let leading {
                let isAlike =
                    leading.starts.count == starts.count
                    && zip(leading.starts, starts).allSatisfy { abs($0.seconds - $1.seconds) <= frame / 2 }
                guard isAlike else {
                    throw VTXError(.internal, "\(item.name) is not cut where \(leading.name) is")
                }
            } else {
                leading = (starts, item.name)
                guard starts.count == plan.boundaries.count + 1 else {
                    throw VTXError(
                        .internal, "\(item.name) has \(starts.count) segments instead of \(plan.boundaries.count + 1)")
                }
            }
            if outcome.repaired > 0 {
                warnings.append("\(item.name): \(outcome.repaired) frames had no rising decoding time")
            }
        }
        for writer in files.writers.values where writer.records.isEmpty {
            throw VTXError(.badMedia, "\(writer.name): nothing was written")
        }
        for item in plan.audio {
            guard let writer = files.writers[item.name], let outcome = outcomes[item.name],
                outcome.written + outcome.leftOut == outcome.read + outcome.filled, writer.frames == outcome.written
            else { throw VTXError(.internal, "\(item.name): packets were lost") }
        }
    }

    /// Writes the playlists.
    func finish() throws(VTXError) -> [LadderReport.Rendition] {
        try files.contents(
            video: plan.video.map(\.name),
            audio: plan.groups.flatMap { group in
                group.members.map { ($0.rendition, group.name, $0.label) }
            },
            subtitles: plan.subtitles.map { ($0.name, $0.track.label) }
        ).writePlaylists()
    }
}
