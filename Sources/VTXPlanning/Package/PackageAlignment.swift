// Where existing renditions can be cut: at the key frames that all of them have.
//
// Times are compared from each file's own first usable key frame, to half a frame.

public import VTXModel

/// What scanning one file told, by stream.
public typealias FileTimes = [Int: TrackTimes]

extension PackagePlan {
    /// Completes the plan: origins, frame rates, and where segments begin.
    ///
    /// - Parameters:
    ///   - times: of each input, in their order.
    ///   - starts: presentation time of each input's earliest stream.
    ///   - segment: wanted seconds per segment.
    /// - Throws: `.badMedia` if renditions have no common key frames where segments should begin, or
    ///   different lengths, naming files and times.
    public mutating func align(
        _ times: [FileTimes], starts: [MediaTime], segment: Rational
    ) throws(VTXError) {
        var renditions: [AlignedRendition] = []
        for index in video.indices {
            guard let found = times[video[index].input][video[index].stream] else { continue }
            var item = video[index]
            renditions.append(try place(&item, found))
            video[index] = item
        }
        try checkLengths(renditions, limit: segment)
        if let leading = renditions.first {
            duration = leading.length
            boundaries = try commonBoundaries(renditions, segment: segment)
        }
        try alignAudio(times, starts: starts, segment: segment)
        if renditions.isEmpty {
            boundaries = audioBoundaries(segment: segment)
        } else {
            noteSegments(segment)
        }
    }

    private mutating func place(
        _ video: inout PackageVideoPlan, _ found: TrackTimes
    ) throws(VTXError) -> AlignedRendition {
        let path = inputs[video.input].path
        guard found.untimed * 100 <= found.packets else {
            throw VTXError(
                .badMedia, "\(path) does not say when its pictures are shown",
                remedy: "remux it with \(command: .transcode) \(.video) copy to MP4 or MKV first")
        }
        guard let start = found.keyFrames.first, let end = found.end, end > start, found.frames > 0 else {
            throw VTXError(
                .badMedia, "\(path) has no key frame that a segment can begin with",
                cause: found.openKeyFrames > 0
                    ? "all \(found.openKeyFrames) are in open groups, or recovery points" : nil,
                remedy: "encode it with closed groups, as \(command: .transcode) does")
        }
        let origin = found.time(start)
        if let first = found.first, first < start {
            decisions.append(
                .package(.cutStart(rendition: video.name, path: path, found.time(start - first))))
        }
        inputs[video.input].origin = origin
        video.frames = found.frames
        video.duration = found.time(end - start)
        video.gridRate = found.gridRate
        if let rate = found.gridRate {
            video.frameRate = rate
            video.timeBase = VTXPlanning.timeBase(forConstant: rate)
        } else {
            video.timeBase = VTXPlanning.timeBase(forVariable: found.base)
            video.frameRate = averageRate(frames: found.frames, span: end - start, base: found.base)
            decisions.append(
                .package(.averageRate(rendition: video.name, video.frameRate)))
        }
        let frame = 1 / video.frameRate.value
        return AlignedRendition(
            path: path, origin: origin,
            length: MediaTime(end - start, found.base), frame: frame,
            keys: found.keyFrames.map { found.time($0 - start) })
    }

    /// Exact as far as 64 bits allow.
    private func averageRate(frames: Int, span: Int64, base: Rational) -> Rational {
        let (numerator, overflow) = Int64(frames).multipliedReportingOverflow(by: base.denominator)
        let (denominator, overflow2) = span.multipliedReportingOverflow(by: base.numerator)
        guard !overflow, !overflow2, denominator > 0 else { return Rational(25) }
        let exact = Rational(numerator, denominator)
        // Playlists have three decimals.
        return exact.denominator < 1 << 31 && exact.numerator < 1 << 31
            ? exact : Rational(Int64((exact.value * 1_000_000).rounded()), 1_000_000)
    }

    private mutating func checkLengths(
        _ renditions: [AlignedRendition], limit: Rational
    ) throws(VTXError) {
        guard let longest = renditions.max(by: { $0.length < $1.length }),
            let shortest = renditions.min(by: { $0.length < $1.length })
        else { return }
        let difference = longest.length.seconds - shortest.length.seconds
        guard difference <= limit.value else {
            throw VTXError(
                .badMedia,
                "renditions last differently: \(longest.path) \(longest.length), \(shortest.path) \(shortest.length)",
                remedy: "make them from the same source, from beginning to end")
        }
        if difference > 1.5 * max(longest.frame, shortest.frame) {
            decisions.append(
                .package(
                    .unequalEnds(
                        longest: longest.path, longest.length, shortest: shortest.path, shortest.length)))
        }
        for other in renditions.dropFirst() {
            let first = renditions[0]
            guard abs(other.origin.seconds - first.origin.seconds) > first.frame / 2 else { continue }
            decisions.append(
                .package(
                    .alignedStarts(first: first.path, first.origin, second: other.path, other.origin)))
        }
    }

    private mutating func noteSegments(_ segment: Rational) {
        let edges = [MediaTime.zero] + boundaries + [duration]
        let longest = zip(edges, edges.dropFirst()).map { $1.seconds - $0.seconds }.max() ?? 0
        guard longest > segment.value * 1.5 else { return }
        decisions.append(
            .package(.longSegments(MediaTime(seconds: longest))))
    }

    // MARK: Audio

    private mutating func alignAudio(
        _ times: [FileTimes], starts: [MediaTime], segment: Rational
    ) throws(VTXError) {
        let pictured = Set(video.map(\.input))
        let leading = video.first.map { inputs[$0.input].origin }
        for input in Set(audio.map(\.input)).subtracting(pictured).sorted() {
            let own = starts[input]
            guard let leading else {
                inputs[input].origin = own
                continue
            }
            // Tracks cut from one source share its clock; other files begin when they begin.
            let isShared = abs(own.seconds - leading.seconds) <= 0.5
            inputs[input].origin = isShared ? leading : own
            if !isShared {
                decisions.append(
                    .package(.movedAudio(path: inputs[input].path, start: own, video: leading)))
            }
        }
        var ends: [MediaTime] = []
        for index in audio.indices {
            let track = audio[index]
            let path = inputs[track.input].path
            guard let found = times[track.input][track.stream], let first = found.first, let end = found.end,
                end > first
            else { throw VTXError(.badMedia, "stream \(track.stream) of \(path) has no audio") }
            let origin = inputs[track.input].origin
            let (late, length) = (found.time(first) - origin, found.time(end) - origin)
            ends.append(length)
            if track.isPlainAAC, late.seconds * Double(track.sampleRate) >= 1024 {
                audio[index].isFilled = true
                decisions.append(
                    .package(.silence(rendition: track.name, late)))
            } else if late.seconds > 0.05 {
                guard late.seconds <= 0.5 else {
                    throw VTXError(
                        .badMedia, "the audio of \(path) begins \(late) after the picture",
                        cause: "silence can only be put before plain AAC without encoding",
                        remedy:
                            "encode its audio as AAC with \(command: .transcode) \(.audioCodec) aac, or use \(command: .ladder)"
                    )
                }
                decisions.append(
                    .package(.lateAudio(rendition: track.name, late)))
            }
            guard !video.isEmpty else { continue }
            let longer = length.seconds - duration.seconds
            guard abs(longer) <= segment.value else {
                throw VTXError(
                    .badMedia,
                    "picture and audio last differently: \(inputs[video[0].input].path) \(duration), "
                        + "audio of \(path) \(length)",
                    remedy:
                        "cut or fill the audio with \(command: .transcode), or leave it out with \(.audioTracks) none")
            }
            if longer > 0.05 {
                decisions.append(
                    .package(.cutAudio(rendition: track.name, duration)))
            } else if longer < -0.1 {
                decisions.append(
                    .package(.shortAudio(rendition: track.name, length)))
            }
        }
        if video.isEmpty, let longest = ends.max(), let shortest = ends.min() {
            guard longest.seconds - shortest.seconds <= segment.value else {
                throw VTXError(
                    .badMedia, "tracks of audio last differently: from \(shortest) to \(longest)",
                    remedy: "make them from the same source, from beginning to end")
            }
            duration = longest
        }
    }

    private func audioBoundaries(segment: Rational) -> [MediaTime] {
        let count = Int((duration.seconds / segment.value).rounded(.down))
        guard count > 0 else { return [] }
        return (1...count).map { MediaTime(Int64($0) * segment.numerator, Rational(1, segment.denominator)) }
            // A last segment shorter than half a second is part of the one before.
            .filter { duration.seconds - $0.seconds > 0.5 }
    }
}

/// One rendition of the picture from its own start.
struct AlignedRendition {
    var path: String
    var origin: MediaTime
    var length: MediaTime
    /// Seconds.
    var frame: Double
    var keys: [MediaTime]
}

/// Where segments begin: common key frames, nearest to multiples of the wanted length.
///
/// - Throws: `.badMedia` if segments come out much longer than the worst rendition would need alone.
func commonBoundaries(_ renditions: [AlignedRendition], segment: Rational) throws(VTXError) -> [MediaTime] {
    guard let first = renditions.first else { return [] }
    let end = renditions.map(\.length.seconds).min() ?? 0
    let chosen = nearestToMultiples(commonKeys(renditions), of: segment.value, end: end)
    guard renditions.count > 1 else { return chosen }

    let gap = longestGap(chosen, end: end)
    let alone = renditions.map { rendition in
        longestGap(nearestToMultiples(rendition.keys, of: segment.value, end: end), end: end)
    }
    guard let worst = alone.max(by: { $0.length < $1.length }), gap.length > worst.length + segment.value / 2 else {
        return chosen
    }
    throw misalignment(renditions, from: gap.start, to: gap.start + gap.length, first: first)
}

/// Times of the first rendition at which all have a key frame, to half a frame.
private func commonKeys(_ renditions: [AlignedRendition]) -> [MediaTime] {
    guard let first = renditions.first else { return [] }
    return renditions.dropFirst().reduce(first.keys) { keys, other in
        let tolerance = min(first.frame, other.frame) / 2
        return keys.filter { hasKey(other.keys, at: $0.seconds, tolerance: tolerance) }
    }
}

private func hasKey(_ keys: [MediaTime], at time: Double, tolerance: Double) -> Bool {
    nearestKey(keys, to: time).map { abs($0.seconds - time) <= tolerance } ?? false
}

private func nearestKey(_ keys: [MediaTime], to time: Double) -> MediaTime? {
    var (low, high) = (0, keys.count)
    while low < high {
        let middle = (low + high) / 2
        if keys[middle].seconds < time { low = middle + 1 } else { high = middle }
    }
    return [low - 1, low].filter(keys.indices.contains).map { keys[$0] }
        .min { abs($0.seconds - time) < abs($1.seconds - time) }
}

/// Of the key frames after the first, one for each multiple of `length`, if there is one near it.
///
/// Where key frames come at equal distances of which some make almost `length`, that many make a segment:
/// 6.006 s at 29.97 frames a second, all the way. What would be left as a sliver at `end` (seconds) is not
/// cut off.
func nearestToMultiples(_ keys: [MediaTime], of length: Double, end: Double) -> [MediaTime] {
    let keys = keys.filter { $0.seconds <= end - min(0.5, length / 4) }
    guard keys.count > 1 else { return [] }
    let distances = zip(keys, keys.dropFirst()).map { $1.seconds - $0.seconds }.sorted()
    let usual = distances[distances.count / 2]
    let count = max(1, (length / usual).rounded())
    let unit = abs(count * usual / length - 1) < 0.05 ? count * usual : length
    var chosen: [MediaTime] = []
    var best: MediaTime?
    var target = unit
    for key in keys.dropFirst() where target < end - 0.001 {
        while key.seconds > target + unit / 2 {
            if let best { chosen.append(best) }
            best = nil
            target += unit
        }
        guard target < end - 0.001 else { break }
        guard key.seconds > target - unit / 2 else { continue }
        if best == nil || abs(key.seconds - target) < abs(best!.seconds - target) { best = key }
    }
    if let best { chosen.append(best) }
    return chosen
}

private func longestGap(_ boundaries: [MediaTime], end: Double) -> (start: Double, length: Double) {
    let edges = [0] + boundaries.map(\.seconds) + [end]
    return zip(edges, edges.dropFirst()).map { ($0, $1 - $0) }.max { $0.1 < $1.1 } ?? (0, 0)
}

/// Names the first place in a stretch without common key frames where one rendition has a key frame and
/// another has none.
private func misalignment(
    _ renditions: [AlignedRendition], from start: Double, to end: Double, first: AlignedRendition
) -> VTXError {
    var earliest: (time: MediaTime, has: AlignedRendition, lacks: AlignedRendition)?
    for one in renditions {
        for other in renditions where other.path != one.path {
            let tolerance = min(one.frame, other.frame) / 2
            guard
                let key = one.keys.first(where: { key in
                    key.seconds > start + tolerance && key.seconds < end
                        && !hasKey(other.keys, at: key.seconds, tolerance: tolerance)
                })
            else { continue }
            if earliest == nil || key < earliest!.time { earliest = (key, one, other) }
        }
    }
    let stretch = "no common key frame between \(MediaTime(seconds: start)) and \(MediaTime(seconds: end))"
    guard let earliest else { return VTXError(.badMedia, "renditions are not aligned", cause: stretch) }
    let nearest = nearestKey(earliest.lacks.keys, to: earliest.time.seconds)
    return VTXError(
        .badMedia,
        "renditions are not aligned: \(earliest.has.path) has a key frame at \(earliest.time), "
            + "\(earliest.lacks.path) has none there"
            + (nearest.map { " (its nearest is at \($0))" } ?? ""),
        cause: stretch,
        remedy:
            "encode all renditions with the same frame rate and key frame interval, without scene cuts, or use `vtx ladder`"
    )
}
