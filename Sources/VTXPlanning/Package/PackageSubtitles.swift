// The subtitle renditions of a package: those of one file, and of subtitle files.

import VTXModel

extension PackagePlanner {
    /// - Parameter plan: with its video, whose first file with subtitles has those of the package.
    mutating func planSubtitles(_ plan: PackagePlan) throws(VTXError) -> [PackageSubtitlePlan] {
        let withVideo = plan.video.map(\.input)
        let inputs = withVideo + sources.indices.filter { !withVideo.contains($0) }
        let owner = inputs.first(where: hasSubtitles)
        let context = TrackContext(source: sources[owner ?? 0], rules: rules, capabilities: capabilities)
        let found = decisions.note(try planText(in: context, options: textOptions(hasOwner: owner != nil)))
        if options.subtitleTracks != .none, let owner {
            for input in inputs where input != owner && hasSubtitles(input) {
                decide(.leftOutSubtitles(path: sources[input].path, serving: sources[owner].path))
            }
        }
        return found.enumerated().map { index, track in
            PackageSubtitlePlan(
                name: "subtitles-\(index + 1)" + track.label.nameSuffix,
                input: track.file == nil ? owner : nil, track: track)
        }
    }

    private func hasSubtitles(_ input: Int) -> Bool { sources[input].programStreams.contains { $0.kind == .subtitle } }

    private func textOptions(hasOwner: Bool) -> TextTrackOptions {
        TextTrackOptions(
            tracks: hasOwner ? options.subtitleTracks : .none, files: options.subtitleFiles,
            encoding: options.subtitleEncoding, needsEncoder: true)
    }
}
