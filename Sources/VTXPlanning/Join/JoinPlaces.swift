// Where the parts of a join begin and end.

import VTXModel

/// Audio that goes on for longer than this after the video is kept, and the last frame is held.
let longTail = MediaTime(1, Rational(1, 2))
/// Differences that nobody needs to know of.
private let visible = 0.1

extension JoinPlanner {
    /// Puts the parts one behind the other. A part is as long as its video; its audio is cut or filled to that length.
    ///
    /// - Throws: `.badMedia` for a part without frames or samples.
    mutating func place(isVideoCopied: Bool) throws(VTXError) -> [JoinPart] {
        let encode = shape.video?.encode
        let rate = !isVideoCopied && encode?.isConstantRate == true ? encode?.frameRate : nil
        var frames: Int64 = 0
        var start = MediaTime.zero
        var placed: [JoinPart] = []
        for (index, source) in sources.enumerated() {
            let plan = parts[index]
            let lead = try extent(of: plan.video?.stream, streams[index], in: source)
            let unit = MediaTime.microsecond
            let late = lateVideo(of: index)
            let origin = lead.first.rescaled(to: unit) - (late ?? .zero)
            var length = lead.end.rescaled(to: unit) - origin
            let audioEnd = audioEnds(index).compactMap { $0 }.max().map { $0.rescaled(to: unit) - origin } ?? .zero
            if plan.video != nil, audioEnd - length > longTail { length = audioEnd }
            var part = JoinPart(input: source.path, origin: origin, videoStream: plan.video?.stream)
            if let rate {
                // Whole frames, so that the next part begins on the grid.
                let count = max(1, rescale(length.ticks, from: unit, to: rate.inverse))
                part.start = MediaTime(frames, rate.inverse)
                frames += count
                part.duration = MediaTime(count, rate.inverse)
            } else {
                part.start = start
                part.duration = length
                start = start + length
            }
            placed.append(part)
        }
        return placed
    }

    /// Where the track that leads a part begins and ends, in its own time.
    private func extent(
        of video: Int?, _ audio: [Int?], in source: JoinSource
    ) throws(VTXError) -> (first: MediaTime, end: MediaTime) {
        let leading = video ?? audio.compactMap { $0 }.first
        guard let leading, let extent = source.extents[leading], let first = extent.first, var end = extent.end else {
            throw VTXError(
                .badMedia, "'\(source.path)' has nothing to join: no packet with a timestamp",
                remedy: "leave it out, or transcode it first")
        }
        // Some containers do not say how long a frame lasts.
        if extent.lacksDuration, let video,
            let rate = source.description.streams.first(where: { $0.index == video })?.video?.nominalFrameRate,
            rate.isPositive
        {
            end = end + MediaTime(1, rate.inverse)
        }
        guard end > first else {
            throw VTXError(.badMedia, "'\(source.path)' has no duration", remedy: "leave it out")
        }
        return (first, end)
    }

    /// By how much the video of a part begins after its audio; `nil` if that is not worth keeping.
    func lateVideo(of index: Int) -> MediaTime? {
        let extents = sources[index].extents
        guard let video = parts[index].video.flatMap({ extents[$0.stream]?.first }),
            let audio = streams[index].compactMap({ $0.flatMap { extents[$0]?.first } }).min()
        else { return nil }
        let late = video.rescaled(to: MediaTime.microsecond) - audio
        return late > longTail ? late : nil
    }

    /// Ends of the audio streams of a part, in its own time.
    private func audioEnds(_ index: Int) -> [MediaTime?] {
        streams[index].map { $0.flatMap { sources[index].extents[$0]?.end } }
    }

    /// Notes where audio and video of a part end at different times.
    mutating func notePlaces(of plan: JoinPlan) {
        for (index, part) in plan.parts.enumerated() {
            let source = sources[index]
            if let video = part.videoStream, let end = source.extents[video]?.end {
                if plan.video?.encode != nil, let late = lateVideo(of: index) { decide(.early(path: part.input, late)) }
                let held = part.duration - (end - part.origin)
                if held > longTail { decide(.held(path: part.input, held)) }
            }
            for (track, end) in audioEnds(index).enumerated() {
                guard let end else { continue }
                let excess = (end - part.origin).rescaled(to: MediaTime.microsecond) - part.duration
                if excess.seconds > visible { decide(.cut(path: part.input, track: track + 1, excess)) }
                if excess.seconds < -visible, plan.audio[track].encode != nil {
                    decide(.filled(path: part.input, track: track + 1, .zero - excess))
                }
                guard let stream = streams[index][track], let first = source.extents[stream]?.first else { continue }
                let early = part.origin - first
                if early.seconds > visible { decide(.cutStart(path: part.input, track: track + 1, early)) }
            }
        }
    }
}
