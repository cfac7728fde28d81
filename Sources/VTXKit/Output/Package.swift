// From finished renditions to the playlists of a package.

import LibAV
import VTXModel
import VTXBitstream
import VTXPackaging
import VTXPipeline
import VTXSystem

/// A package in its staging directory, its media written.
struct PackageContents {
    var video: [RenditionWriter] = []
    /// With the group and label of each.
    var audio: [(writer: RenditionWriter, group: String, label: TrackLabel)] = []
    var subtitles: [(name: String, label: TrackLabel, cues: [VTXPackaging.SubtitleCue])] = []
    var type: SegmentType
    var directory: String

    /// Name of the playlist of every rendition, and of the package.
    static let mediaName = "index.m3u8"
    static let iFrameName = "iframes.m3u8"
    static let multivariantName = "master.m3u8"

    /// Writes all playlists, the multivariant one last.
    func writePlaylists() throws(VTXError) -> [LadderReport.Rendition] {
        var writers = video
        // A rendition of audio may be in several groups.
        for item in audio where !writers.contains(where: { $0.name == item.writer.name }) {
            writers.append(item.writer)
        }
        // One target duration for picture and audio (RFC 8216, 6.2.4).
        let target = writers.map { $0.playlist(minimumTargetDuration: 1).targetDuration }.max() ?? 1
        var rates: [String: BitRates] = [:]
        var rows: [LadderReport.Rendition] = []
        for writer in writers {
            let playlist = writer.playlist(minimumTargetDuration: target)
            try write(playlist.render(), to: "\(writer.name)/\(Self.mediaName)")
            rates[writer.name] = playlist.bitRates
            rows.append(
                LadderReport.Rendition(
                    name: writer.name, size: writer.resolution, codec: writer.codec,
                    averageBitRate: playlist.bitRates.average, peakBitRate: playlist.bitRates.peak,
                    bytes: writer.bytes))
        }
        var master = MultivariantPlaylist(variants: [])
        try addGroups(to: &master)
        let subtitleRates = try writeSubtitles(to: &master, target: target)
        try addVariants(to: &master, rates: rates, subtitles: subtitleRates)
        for writer in video {
            guard let playlist = writer.iFramePlaylist, let size = writer.resolution else { continue }
            try write(playlist.render(), to: "\(writer.name)/\(Self.iFrameName)")
            master.iFrameVariants.append(
                .init(
                    uri: relativeURI(forPath: "\(writer.name)/\(Self.iFrameName)"), bitRates: playlist.bitRates,
                    codecs: [writer.codec], resolution: size, videoRange: writer.videoRange))
        }
        try write(master.render(), to: Self.multivariantName)
        return rows
    }

    private func write(_ text: String, to path: String) throws(VTXError) {
        try writeFile(Array(text.utf8), to: "\(directory)/\(path)")
    }

    private var groups: [String] {
        var seen: [String] = []
        for item in audio where !seen.contains(item.group) { seen.append(item.group) }
        return seen
    }

    private func addGroups(to master: inout MultivariantPlaylist) throws(VTXError) {
        guard !video.isEmpty || audio.count > 1 else { return }
        for group in groups {
            let members = audio.filter { $0.group == group }
            master.renditions += MultivariantPlaylist.Rendition.group(
                .audio, id: group,
                of: members.map {
                    RenditionTrack(
                        label: $0.label, uri: relativeURI(forPath: "\($0.writer.name)/\(Self.mediaName)"),
                        channels: $0.writer.role.channels)
                })
        }
    }

    private func addVariants(
        to master: inout MultivariantPlaylist, rates: [String: BitRates], subtitles: [BitRates]
    ) throws(VTXError) {
        let subtitleGroup = self.subtitles.isEmpty ? nil : "subtitles"
        func members(_ group: String?) -> [RenditionWriter] { audio.filter { $0.group == group }.map(\.writer) }
        guard !video.isEmpty else {
            let isGrouped = audio.count > 1
            for group in groups {
                let audio = members(group)
                guard let first = audio.first else { continue }
                let others = audio.dropFirst()
                master.variants.append(
                    .init(
                        uri: relativeURI(forPath: "\(first.name)/\(Self.mediaName)"),
                        bitRates: .variant(
                            rates[first.name] ?? .zero, audio: others.compactMap { rates[$0.name] }),
                        codecs: CodecString.list([first.codec], others.map(\.codec)),
                        audioGroup: isGrouped ? group : nil))
            }
            return
        }
        for group in groups.isEmpty ? [nil] : groups.map(Optional.some) {
            for writer in video {
                let audio = members(group)
                master.variants.append(
                    .init(
                        uri: relativeURI(forPath: "\(writer.name)/\(Self.mediaName)"),
                        bitRates: .variant(
                            rates[writer.name] ?? .zero, audio: audio.compactMap { rates[$0.name] }),
                        codecs: CodecString.list([writer.codec], audio.map(\.codec)),
                        resolution: writer.resolution, frameRate: writer.role.frameRate,
                        videoRange: writer.videoRange, audioGroup: group, subtitleGroup: subtitleGroup))
            }
        }
        moveStartFirst(&master.variants)
    }

    /// Players begin with the variant listed first: the one nearest to 2 Mb/s (Apple 1.32), of the first
    /// codec and audio.
    private func moveStartFirst(_ variants: inout [MultivariantPlaylist.Variant]) {
        guard let first = variants.first else { return }
        let alike = variants.indices.filter {
            variants[$0].audioGroup == first.audioGroup
                && variants[$0].codecs.first?.prefix(4) == first.codecs.first?.prefix(4)
        }
        // By ratio: 1.5 and 2.7 Mb/s are about as far from it.
        func distance(_ index: Int) -> Double {
            let ratio = Double(max(1, variants[index].bitRates.average)) / 2_000_000
            return max(ratio, 1 / ratio)
        }
        if let nearest = alike.min(by: { distance($0) < distance($1) }) {
            variants.insert(variants.remove(at: nearest), at: 0)
        }
    }

    // MARK: Subtitles

    private func writeSubtitles(
        to master: inout MultivariantPlaylist, target: Int64
    ) throws(VTXError) -> [BitRates] {
        guard let leading = video.first, !subtitles.isEmpty, let last = leading.records.last else { return [] }
        let boundaries = leading.records.map(\.start) + [last.start + last.duration]
        let origin = type == .ts ? rescale(1, from: transportOrigin, to: Rational(1, 90_000)) : 0
        var rates: [BitRates] = []
        for subtitle in subtitles {
            try makeDirectory("\(directory)/\(subtitle.name)")
            var records: [SegmentRecord] = []
            let texts = segmentedWebVTT(subtitle.cues, boundaries: boundaries, mpegTime: origin)
            for (index, text) in texts.enumerated() {
                let file = "segment-\(padded(Int64(index + 1), 5)).vtt"
                try write(text, to: "\(subtitle.name)/\(file)")
                records.append(
                    SegmentRecord(
                        uri: file, start: boundaries[index], duration: boundaries[index + 1] - boundaries[index],
                        bytes: Int64(text.utf8.count)))
            }
            let playlist = MediaPlaylist(of: records, minimumTargetDuration: target)
            try write(playlist.render(), to: "\(subtitle.name)/\(Self.mediaName)")
            rates.append(playlist.bitRates)
        }
        master.renditions += MultivariantPlaylist.Rendition.group(
            .subtitles, id: "subtitles",
            of: subtitles.map {
                RenditionTrack(label: $0.label, uri: relativeURI(forPath: "\($0.name)/\(Self.mediaName)"))
            })
        return rates
    }
}
