// Where renditions that exist can be cut: at key frames that all of them have, near the wanted segment duration.

import VTXModel

/// A rendition of video, in time from its own start.
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

/// Timestamps of the first rendition at which all have a key frame, to half a frame.
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
            "encode all renditions with the same frame rate and key frame interval, without scene cuts, or use \(command: .ladder)"
    )
}
