// Mono tracks that belong together: joined where that is certain or asked for, and pointed out elsewhere.

import VTXModel

extension AudioSelection {
    /// Tracks that were asked for one by one, and joined ones.
    ///
    /// - Throws: `.usage` if tracks cannot be joined, or one is in two places.
    func explicit(_ selectors: [TrackSelector], of all: [NumberedStream]) throws(VTXError) -> [NumberedStream] {
        let path = context.source.path
        var plain: [TrackSelector] = []
        var chosen: [NumberedStream] = []
        for selector in selectors {
            if case .joined(let positions) = selector {
                chosen.append(try join(positions, of: all))
            } else {
                plain.append(selector)
            }
        }
        let parts = Set(chosen.flatMap { [$0.number] + $0.others.map(\.number) })
        if !plain.isEmpty { chosen += try select(plain, from: all, kind: "audio", of: path) }
        let numbers = chosen.flatMap { [$0.number] + $0.others.map(\.number) }
        guard parts.isEmpty || Set(numbers).count == numbers.count else {
            throw VTXError(.usage, "\(.audioTracks) names a track twice", remedy: "give each track one place")
        }
        return chosen.sorted { $0.number < $1.number }
    }

    private func join(_ positions: [Int], of all: [NumberedStream]) throws(VTXError) -> NumberedStream {
        let name = positions.map(String.init).joined(separator: "+")
        guard JoinedLayout(count: positions.count) != nil, Set(positions).count == positions.count else {
            throw VTXError(
                .usage, "\(.audioTracks) \(name): \(counted(positions.count, "track makes", "tracks make")) no layout",
                remedy: "join 2 different tracks to stereo, 6 to 5.1 or 8 to 7.1")
        }
        guard options.codec != .copy else {
            throw VTXError(
                .usage, "copied audio cannot be joined", remedy: "leave out \(.audioCodec, "copy"), or join no tracks")
        }
        var tracks: [NumberedStream] = []
        for position in positions {
            tracks += try select([.position(position)], from: all, kind: "audio", of: context.source.path)
        }
        for track in tracks {
            try requireSamples(of: track.stream, in: context.source)
            try refuseEncrypted(track.stream, of: context.source)
            guard track.stream.audio?.channels == 1, track.stream.isUsableAudio else {
                throw VTXError(
                    .usage, "audio \(track.number) of '\(context.source.path)' is not mono, and cannot be joined",
                    remedy: "join mono tracks")
            }
        }
        return NumberedStream(number: tracks[0].number, stream: tracks[0].stream, others: Array(tracks.dropFirst()))
    }

    /// What is taken where nobody chose: mono PCM of MXF by pairs, as editors and broadcasters write it.
    mutating func paired(_ all: [NumberedStream]) -> [NumberedStream] {
        guard options.codec != .copy, areMonoParts(all.map(\.stream))
        else { return all }
        guard context.source.format.hasPrefix("mxf"), all.count <= 16 else {
            decide(.severalMono(all.count), on: nil)
            return all
        }
        return stride(from: 0, to: all.count, by: 2).map { place in
            let (left, right) = (all[place], all[place + 1])
            decide(.joinedPair(left.number, right.number), on: left)
            return NumberedStream(number: left.number, stream: left.stream, others: [right])
        }
    }
}

/// Whether tracks may be the channels of one: mono PCM of the same kind, and nothing that tells them apart.
func areMonoParts(_ tracks: [StreamDescription]) -> Bool {
    guard tracks.count > 1, tracks.count % 2 == 0 else { return false }
    return Set(tracks.map(\.language)).count == 1 && Set(tracks.map { $0.audio?.sampleRate }).count == 1
        && tracks.allSatisfy { stream in
            stream.audio?.channels == 1 && stream.codec.hasPrefix("pcm_") && stream.title == nil
                && !stream.hasNoSamples && stream.isUsableAudio && stream.encryption == nil
        }
}

extension NumberedStream {
    /// The audio of the track, joined or not.
    var audio: AudioDescription? {
        guard let layout = JoinedLayout(count: others.count + 1) else { return stream.audio }
        var audio = stream.audio
        audio?.channels = others.count + 1
        audio?.layout = layout.rawValue
        return audio
    }
}
