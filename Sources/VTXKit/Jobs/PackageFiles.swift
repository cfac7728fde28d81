// The files of a package while they are written.

import VTXModel
import VTXPackaging
import VTXPipeline
import VTXPlanning

/// The files of a package while they are written.
struct PackageFiles {
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

    /// Where the run delivers what it copies.
    var receiver: PackageRun.Receiver {
        PackageRun.Receiver(
            rendition: { [files] name, event in try files.take(event, of: name) },
            cue: { [files] index, cue in files.take(cue, of: index) })
    }

    /// Of the longest rendition.
    var duration: MediaTime { files.duration }

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
                    "\(item.name): found \(item.frames) frames, copied \(outcome.written), wrote \(writer.frames)",
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
                        .internal,
                        "\(item.name) has \(counted(starts.count, "segment")) instead of \(plan.boundaries.count + 1)")
                }
            }
            if outcome.repaired > 0 {
                warnings.append(
                    "\(item.name): \(counted(outcome.repaired, "frame")) had decoding timestamps that did not increase")
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

    /// Ends all cues with the package, and adds what was written to what was read.
    func end(_ subtitles: [Int: SubtitleOutcome]) -> [SubtitleOutcome] {
        plan.subtitles.indices.map { index in
            var outcome = subtitles[index] ?? SubtitleOutcome()
            outcome.cues = outcome.cues + files.endCues(of: index)
            return outcome
        }
    }

    /// Notes renditions that lack the captions of others: a playlist has one group for all.
    func noteCaptions(adding notices: inout [String]) {
        let found = plan.video.map { Set(files.writers[$0.name]?.captionChannels ?? []) }
        let all = found.reduce(Set()) { $0.union($1) }
        for (item, own) in zip(plan.video, found) where own != all {
            let missing = all.subtracting(own).sorted().map(\.name).joined(separator: ", ")
            notices.append("\(item.name) lacks closed captions that other renditions have: \(missing)")
        }
    }

    /// Writes the manifests.
    func finish() throws(VTXError) -> [RenditionReport] {
        try files.finish(
            video: plan.video.map(\.name),
            audio: plan.groups.flatMap { group in
                group.members.map { ($0.rendition, group.name, $0.label) }
            },
            subtitles: plan.subtitles.map { ($0.name, $0.track.label) }, title: plan.title)
    }
}
