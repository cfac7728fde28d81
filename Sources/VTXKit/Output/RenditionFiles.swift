// The renditions of a package while they are written, whether they are encoded or copied.

import LibAV
import VTXModel
import VTXPackaging
import VTXPipeline
import VTXSystem

/// Where stages leave what they produce.
final class RenditionFiles: @unchecked Sendable {
    // @unchecked: writers are added before the stages run, and each belongs to one of them; cues are guarded.
    private(set) var writers: [String: RenditionWriter] = [:]
    private let directory: String
    private let layout: PackageLayout
    private let encryption: PackageEncryption?
    private let cues: Guarded<[[VTXPackaging.SubtitleCue]]>

    /// - Parameter subtitles: how many tracks of them there are.
    init(
        directory: String, type: SegmentType, isSingleFile: Bool, encryption: PackageEncryption?, subtitles: Int
    ) {
        self.directory = directory
        layout = PackageLayout(type: type, isSingleFile: isSingleFile)
        self.encryption = encryption
        cues = Guarded(Array(repeating: [], count: subtitles))
    }

    func add(_ name: String, _ role: RenditionRole) throws(VTXError) {
        writers[name] = try RenditionWriter(
            name: name, role: role, package: directory, layout: layout,
            encryptor: try encryption?.encryptor(for: name, isAudio: !role.isVideo))
    }

    func take(_ event: RenditionEvent, of name: String) throws {
        guard let writer = writers[name] else { throw VTXError(.internal, "no rendition '\(name)'") }
        try writer.take(event)
    }

    func take(_ cue: LibAV.SubtitleCue, of index: Int) {
        cues.with {
            $0[index].append(
                VTXPackaging.SubtitleCue(start: cue.start, end: cue.end, text: cue.text, settings: cue.settings))
        }
    }

    /// Ends the cues of a track with the package.
    ///
    /// - Returns: how many are left, began later and are gone, and were shortened.
    func endCues(of index: Int) -> CueTotals {
        let end = duration
        return cues.with { tracks in
            let late = tracks[index].count { $0.start >= end }
            tracks[index].removeAll { $0.start >= end }
            var cut = 0
            for place in tracks[index].indices where tracks[index][place].end > end {
                if (tracks[index][place].end - end).seconds > 0.1 { cut += 1 }
                tracks[index][place].end = end
            }
            return CueTotals(written: tracks[index].count, late: late, cut: cut)
        }
    }

    var duration: MediaTime { writers.values.map(\.duration).max() ?? .zero }

    /// Writes the manifests.
    ///
    /// - Parameters:
    ///   - video: names of the renditions of video.
    ///   - audio: names of the renditions of audio with the group and label of each.
    ///   - subtitles: one for each track.
    ///   - thumbnails: how they lie on the sprite sheets that are in the package.
    ///   - title: what the media is called.
    /// - Returns: every rendition with what was measured.
    func finish(
        video: [String], audio: [(name: String, group: String, label: TrackLabel)],
        subtitles: [(name: String, label: TrackLabel)], thumbnails: SpriteLayout? = nil, title: String?
    ) throws(VTXError) -> [RenditionReport] {
        let renditions = writers.mapValues(\.described)
        var package = PackageDescription(video: video.compactMap { renditions[$0] }, thumbnails: thumbnails)
        package.title = title
        for item in audio {
            guard let rendition = renditions[item.name] else { continue }
            let member = PackageDescription.Member(rendition, label: item.label)
            if let group = package.audioGroups.firstIndex(where: { $0.name == item.group }) {
                package.audioGroups[group].members.append(member)
            } else {
                package.audioGroups.append(.init(name: item.group, members: [member]))
            }
        }
        package.subtitles = zip(subtitles, cues.with { $0 }).map { .init(name: $0.name, label: $0.label, cues: $1) }
        if layout.type == .ts {
            package.timestampOrigin = rescale(1, from: transportOrigin, to: Rational(1, 90_000))
        }
        try writeManifests(of: package, layout: layout, to: directory)
        return report(of: package)
    }

    private func report(of package: PackageDescription) -> [RenditionReport] {
        let rates = package.bitRates
        return package.renditions.map { rendition in
            let measured = rates[rendition.name] ?? .zero
            return RenditionReport(
                name: rendition.name, size: rendition.resolution, codec: rendition.codec,
                averageBitRate: measured.average, peakBitRate: measured.peak,
                bytes: writers[rendition.name]?.bytes ?? 0)
        }
    }
}
