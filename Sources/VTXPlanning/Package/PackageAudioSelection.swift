// Which audio tracks of which files are packaged.

import VTXModel

extension PackagePlanner {
    /// The tracks of files without video; if there are none, those of the best rendition that has any.
    mutating func chooseAudio(_ plan: PackagePlan) throws(VTXError) -> [Track] {
        guard options.audioTracks != .none else { return [] }
        let withVideo = Set(plan.video.map(\.input))
        func audioTracks(_ input: Int) -> [Track] {
            sources[input].programStreams.filter { $0.kind == .audio && !$0.hasNoSamples }.map {
                Track(input: input, stream: $0)
            }
        }
        var chosen = sources.indices.filter { !withVideo.contains($0) }.flatMap(audioTracks)
        var owner: String?
        if chosen.isEmpty, let best = plan.video.first(where: { !audioTracks($0.input).isEmpty }) {
            chosen = audioTracks(best.input)
            owner = sources[best.input].path
        }
        for source in sources {
            for stream in source.programStreams where stream.kind == .audio && stream.hasNoSamples {
                decide(.emptyTrack(path: source.path, stream: stream.index))
            }
        }
        let used = Set(chosen.map(\.input))
        for input in sources.indices where !used.contains(input) && !audioTracks(input).isEmpty {
            decide(.leftOutAudio(path: sources[input].path, serving: owner))
        }
        var isExplicit = false
        if case .some(let selectors) = options.audioTracks {
            let numbered = chosen.enumerated().map { NumberedStream(number: $0 + 1, stream: $1.stream) }
            let path = used.sorted().map { sources[$0].path }.joined(separator: ", ")
            let numbers = Set(
                try select(selectors, from: numbered, kind: "audio", of: path).map(\.number))
            chosen = chosen.indices.filter { numbers.contains($0 + 1) }.map { chosen[$0] }
            isExplicit = true
        }
        for track in chosen { try refuseEncrypted(track.stream, of: sources[track.input]) }
        return try playable(chosen, isExplicit: isExplicit)
    }

    private mutating func playable(_ tracks: [Track], isExplicit: Bool) throws(VTXError) -> [Track] {
        let possible = rules.audioCodecs
        func fits(_ track: Track) -> Bool { rules.copyableAudio.contains(track.stream.codec) }
        let good = tracks.filter(fits)
        for track in tracks where !fits(track) {
            let subject = "stream \(track.stream.index) of \(sources[track.input].path)"
            guard !isExplicit, !good.isEmpty else {
                let elsewhere = TrackRules.segments(.fmp4).copyableAudio.contains(track.stream.codec)
                throw VTXError(
                    .usage,
                    "\(subject) is \(track.stream.codecWords) audio, which is not supported in \(rules.title)",
                    cause: "possible: " + possible.map(\.rawValue).joined(separator: ", "),
                    remedy: elsewhere
                        ? .set(.segmentType, to: "fmp4")
                        : "encode it with \(command: .transcode) \(.video, "copy"), or leave it out with \(.audioTracks, "none")"
                )
            }
            decide(
                .leftOutTrack(
                    path: sources[track.input].path, stream: track.stream.index, codec: track.stream.codec,
                    options.segments))
        }
        return good
    }
}
