// HLS (RFC 8216): playlists of a package, and its subtitles, which players load like any other rendition.

package import VTXModel
import VTXBitstream

/// Writes playlists and segments of subtitles, the multivariant playlist last.
package struct HLSManifestWriter: ManifestWriter {
    package init() {}

    /// The playlist of every rendition, segments and playlists of subtitles, I-frame playlists, and the multivariant
    /// playlist.
    package func files(for package: PackageDescription, layout: PackageLayout) throws(VTXError) -> [ManifestFile] {
        let (target, rates) = (package.targetDuration, package.bitRates)
        var files: [ManifestFile] = []
        for rendition in package.renditions {
            let playlist = MediaPlaylist(of: rendition, minimumTargetDuration: target)
            files.append(ManifestFile(playlistPath(rendition.name), try playlist.render()))
        }
        files += try subtitleFiles(of: package, target: target)
        var master = MultivariantPlaylist(variants: variants(of: package, rates: rates))
        master.renditions = audioRenditions(of: package) + subtitleRenditions(of: package)
        master.declareCaptions(of: package.video)
        master.title = package.title
        for rendition in package.video {
            guard let playlist = MediaPlaylist(iFramesOf: rendition), let size = rendition.resolution else { continue }
            let path = "\(rendition.name)/\(PackageLayout.iFramePlaylist)"
            files.append(ManifestFile(path, try playlist.render()))
            master.iFrameVariants.append(
                .init(
                    uri: relativeURI(forPath: path), bitRates: playlist.bitRates, codecs: [rendition.codec],
                    supplementalCodec: rendition.supplementalCodec, resolution: size,
                    videoRange: rendition.videoRange ?? .sdr))
        }
        files.append(ManifestFile(PackageLayout.multivariantPlaylist, try master.render()))
        return files
    }

    private func playlistPath(_ rendition: String) -> String { "\(rendition)/\(PackageLayout.mediaPlaylist)" }

    private func playlistURI(_ rendition: String) -> String { relativeURI(forPath: playlistPath(rendition)) }
}

// MARK: Variants

extension HLSManifestWriter {
    private func variants(of package: PackageDescription, rates: [String: BitRates]) -> [MultivariantPlaylist.Variant] {
        guard !package.video.isEmpty else { return audioVariants(of: package, rates: rates) }
        let subtitleGroup = hasSubtitles(package) ? Self.subtitleGroup : nil
        let groups = package.audioGroups.isEmpty ? [nil] : package.audioGroups.map(Optional.some)
        let variants = groups.flatMap { group in
            let audio = (group?.members ?? []).map(\.rendition)
            return package.video.map { video in
                MultivariantPlaylist.Variant(
                    uri: playlistURI(video.name),
                    bitRates: .variant(rates[video.name] ?? .zero, audio: audio.compactMap { rates[$0.name] }),
                    codecs: CodecString.list([video.codec], audio.map(\.codec)),
                    supplementalCodec: video.supplementalCodec, resolution: video.resolution,
                    frameRate: video.frameRate, videoRange: video.videoRange,
                    audioGroup: group?.name, subtitleGroup: subtitleGroup)
            }
        }
        return startingVariantFirst(variants)
    }

    /// A package of audio alone: one variant for each group, which plays its first member.
    private func audioVariants(
        of package: PackageDescription, rates: [String: BitRates]
    ) -> [MultivariantPlaylist.Variant] {
        let isGrouped = hasAudioGroups(package)
        return package.audioGroups.compactMap { group in
            let members = group.members.map(\.rendition)
            guard let first = members.first else { return nil }
            let others = members.dropFirst()
            return MultivariantPlaylist.Variant(
                uri: playlistURI(first.name),
                bitRates: .variant(rates[first.name] ?? .zero, audio: others.compactMap { rates[$0.name] }),
                codecs: CodecString.list([first.codec], others.map(\.codec)),
                audioGroup: isGrouped ? group.name : nil)
        }
    }

    /// Players begin with the variant listed first: the one nearest to 2 Mb/s (Apple's authoring specification, 1.32),
    /// of the first codec and audio.
    private func startingVariantFirst(
        _ variants: [MultivariantPlaylist.Variant]
    ) -> [MultivariantPlaylist.Variant] {
        guard let first = variants.first else { return [] }
        let alike = variants.indices.filter {
            variants[$0].audioGroup == first.audioGroup
                && variants[$0].codecs.first?.prefix(4) == first.codecs.first?.prefix(4)
        }
        // By ratio: 1.5 and 2.7 Mb/s are about as far from it.
        func distance(_ index: Int) -> Double {
            let ratio = Double(max(1, variants[index].bitRates.average)) / 2_000_000
            return max(ratio, 1 / ratio)
        }
        var sorted = variants
        if let nearest = alike.min(by: { distance($0) < distance($1) }) {
            sorted.insert(sorted.remove(at: nearest), at: 0)
        }
        return sorted
    }
}

// MARK: Groups

extension HLSManifestWriter {
    private static let subtitleGroup = "subtitles"

    /// A lone rendition of audio without video is the variant itself.
    private func hasAudioGroups(_ package: PackageDescription) -> Bool {
        !package.video.isEmpty || package.audioGroups.reduce(0) { $0 + $1.members.count } > 1
    }

    private func audioRenditions(of package: PackageDescription) -> [MultivariantPlaylist.Rendition] {
        guard hasAudioGroups(package) else { return [] }
        return package.audioGroups.flatMap { group in
            MultivariantPlaylist.Rendition.group(
                .audio, id: group.name,
                of: group.members.map {
                    RenditionTrack(
                        label: $0.label, uri: playlistURI($0.rendition.name), channels: $0.rendition.channels)
                })
        }
    }

    /// Subtitles are cut where the video is; without video there is nothing to show them on.
    private func hasSubtitles(_ package: PackageDescription) -> Bool {
        !package.subtitles.isEmpty && package.video.first?.segments.isEmpty == false
    }

    private func subtitleRenditions(of package: PackageDescription) -> [MultivariantPlaylist.Rendition] {
        guard hasSubtitles(package) else { return [] }
        return MultivariantPlaylist.Rendition.group(
            .subtitles, id: Self.subtitleGroup,
            of: package.subtitles.map { RenditionTrack(label: $0.label, uri: playlistURI($0.name)) })
    }

    private func subtitleFiles(of package: PackageDescription, target: Int64) throws(VTXError) -> [ManifestFile] {
        guard hasSubtitles(package), let boundaries = package.video.first?.boundaries else { return [] }
        var files: [ManifestFile] = []
        for track in package.subtitles {
            var records: [SegmentRecord] = []
            let texts = segmentedWebVTT(track.cues, boundaries: boundaries, mpegTime: package.timestampOrigin)
            for (index, text) in texts.enumerated() {
                let file = PackageLayout.subtitleSegment(index)
                files.append(ManifestFile("\(track.name)/\(file)", text))
                records.append(
                    SegmentRecord(
                        uri: file, start: boundaries[index], duration: boundaries[index + 1] - boundaries[index],
                        bytes: Int64(text.utf8.count)))
            }
            let playlist = MediaPlaylist(of: records, minimumTargetDuration: target)
            files.append(ManifestFile(playlistPath(track.name), try playlist.render()))
        }
        return files
    }
}
