// The files of a ladder while they are written: renditions, poster and sprite sheets.

import LibAV
import VTXModel
import VTXPackaging
import VTXPipeline
import VTXSystem

/// The files of a ladder while they are written.
final class LadderFiles: @unchecked Sendable {
    // @unchecked: each writer belongs to one stage; what several stages touch is guarded.
    private let plan: LadderPlan
    private let directory: String
    private let files: RenditionFiles
    private let sheets = Guarded(0)

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
        if plan.thumbnails != nil { try makeDirectory("\(directory)/\(PackageLayout.thumbnails)") }
    }

    /// Where the run delivers what it makes.
    var receiver: LadderRun.Receiver {
        LadderRun.Receiver(
            rendition: { name, event in try self.files.take(event, of: name) },
            sheet: { bytes in
                let number = self.sheets.with { count in
                    count += 1
                    return count
                }
                let name = "\(PackageLayout.thumbnails)/\(PackageLayout.spriteSheet(number - 1))"
                try writeFile(bytes, to: "\(self.directory)/\(name)")
            },
            poster: { bytes in try writeFile(bytes, to: "\(self.directory)/\(PackageLayout.poster)") },
            cue: { index, cue in self.files.take(cue, of: index) })
    }

    /// Of the longest rendition.
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
                .internal,
                "renditions differ in duration: \(MediaTime(seconds: shortest)) to \(MediaTime(seconds: longest))")
        }
    }

    /// Ends all cues with the package, and adds what was written to what was read.
    func end(_ subtitles: [SubtitleOutcome]) -> [SubtitleOutcome] {
        subtitles.enumerated().map { index, outcome in
            var outcome = outcome
            outcome.cues = outcome.cues + files.endCues(of: index)
            return outcome
        }
    }

    /// Writes the manifests.
    func finish() throws(VTXError) -> [RenditionReport] {
        try files.finish(
            video: (plan.video?.rungs ?? []).map(\.name),
            audio: plan.audio.map { ($0.name, $0.group, $0.track.label) },
            subtitles: plan.subtitles.map { ($0.name, $0.track.label) }, thumbnails: spriteLayout,
            title: plan.title)
    }

    /// `nil` without thumbnails.
    private var spriteLayout: SpriteLayout? {
        guard let thumbnails = plan.thumbnails, sheets.with({ $0 }) > 0 else { return nil }
        let divisor = plan.video?.rungs.last?.frameDivisor ?? 1
        let every = (thumbnails.everyFrames + divisor - 1) / divisor * divisor
        return SpriteLayout(
            columns: thumbnails.columns, rows: thumbnails.rows, tile: thumbnails.size,
            interval: MediaTime(Int64(every), plan.grid.frameRate.inverse))
    }
}
