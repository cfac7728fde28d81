// Where existing renditions can be cut: at the key frames that all of them have.
//
// Timestamps are compared from each file's own first usable key frame, to half a frame.

public import VTXModel

/// Seconds by which renditions may differ: playlists of a package last equally long to this (Apple's HLS authoring
/// specification, 8.3; RFC 8216, 6.2.4).
private let mostDifference = 0.5

/// What scanning one file found, by stream.
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
        try checkLengths(renditions)
        if let leading = renditions.first {
            duration = leading.length
            boundaries = try commonBoundaries(renditions, segment: segment)
            try refuseOpenGroups(times, segment: segment)
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
                .badMedia, "\(path) has no timestamps",
                remedy: "remux it with \(command: .transcode) \(.video, "copy") to MP4 or MKV first")
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
        try refuseHeldFrame(found, lasting: found.time(end - start), of: path)
        inputs[video.input].origin = origin
        video.frames = found.frames
        video.duration = found.time(end - start)
        video.gridRate = found.gridRate
        if let rate = found.gridRate {
            video.frameRate = rate
            video.timeBase = VTXPlanning.timeBase(forConstant: rate)
        } else {
            video.timeBase = VTXPlanning.timeBase(forVariable: found.base)
            let average = averageRate(frames: found.frames, span: end - start, base: found.base)
            // Timestamps that were once rounded to milliseconds tell the average to a millisecond in all.
            let span = MediaTime(end - start, found.base).seconds
            if abs(average.value / video.frameRate.value - 1) * span > 0.001 {
                video.frameRate = average
                decisions.append(.package(.averageRate(rendition: video.name, average)))
            }
        }
        let frame = 1 / video.frameRate.value
        return AlignedRendition(
            path: path, origin: origin,
            length: MediaTime(end - start, found.base), frame: frame,
            keys: found.keyFrames.map { found.time($0 - start) })
    }

    /// Throws if segments cannot say that the last frame lasts longer than others.
    private func refuseHeldFrame(
        _ found: TrackTimes, lasting duration: MediaTime, of path: String
    ) throws(VTXError) {
        guard segments == .ts, let rate = found.gridRate?.value else { return }
        let rest = duration.seconds - Double(found.frames) / rate
        guard rest > 5 / rate else { return }
        throw VTXError(
            .badMedia, "\(path) holds its last frame for \(MediaTime(seconds: rest + 1 / rate))",
            cause: "transport streams do not say how long frames last",
            remedy: "use \(.segmentType, "fmp4"), or make the package with \(command: .ladder)")
    }

    /// Exact if 64 bits hold it, otherwise to a millionth.
    private func averageRate(frames: Int, span: Int64, base: Rational) -> Rational {
        let (numerator, overflow) = Int64(frames).multipliedReportingOverflow(by: base.denominator)
        let (denominator, overflow2) = span.multipliedReportingOverflow(by: base.numerator)
        guard !overflow, !overflow2, denominator > 0 else { return Rational(25) }
        let exact = Rational(numerator, denominator)
        // Playlists have three decimals.
        return exact.denominator < 1 << 31 && exact.numerator < 1 << 31
            ? exact : Rational(Int64((exact.value * 1_000_000).rounded()), 1_000_000)
    }

    private mutating func checkLengths(_ renditions: [AlignedRendition]) throws(VTXError) {
        guard let longest = renditions.max(by: { $0.length < $1.length }),
            let shortest = renditions.min(by: { $0.length < $1.length })
        else { return }
        let difference = longest.length.seconds - shortest.length.seconds
        guard difference <= mostDifference else {
            throw VTXError(
                .badMedia,
                "renditions differ in duration: \(longest.path) \(longest.length), \(shortest.path) \(shortest.length)",
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

    /// Segments cannot begin with key frames in open groups: frames that are shown before them need the frames of the
    /// segment before.
    private func refuseOpenGroups(_ times: [FileTimes], segment: Rational) throws(VTXError) {
        let edges = [MediaTime.zero] + boundaries + [duration]
        let gaps = zip(edges, edges.dropFirst()).filter { $1.seconds - $0.seconds > segment.value * 1.5 }
        guard let gap = gaps.first else { return }
        for rendition in video {
            guard let found = times[rendition.input][rendition.stream], found.openKeyFrames > 0 else { continue }
            throw VTXError(
                .badMedia,
                "\(inputs[rendition.input].path) has no key frame between \(gap.0) and \(gap.1) that a segment can begin with",
                cause: "\(found.openKeyFrames) key frames are in open groups (open GOP)",
                remedy: "encode with closed groups (x264: open-gop=0, x265: open-gop=0), or use \(command: .ladder)")
        }
    }

    private mutating func noteSegments(_ segment: Rational) {
        let edges = [MediaTime.zero] + boundaries + [duration]
        let longest = zip(edges, edges.dropFirst()).map { $1.seconds - $0.seconds }.max() ?? 0
        guard longest > segment.value * 1.5 else { return }
        decisions.append(
            .package(.longSegments(MediaTime(seconds: longest))))
    }
}
