// Whether what came out of a source is all that it promised.

import LibAV
import VTXModel
import VTXPipeline

/// Compares what came out of a source with its header.
struct SourceVerdict {
    let path: String
    let source: MediaDescription
    let reading: SourceReading
    let decoders: [Int: DecoderCounts]
    let origin: MediaTime
    let limit: MediaTime?
    /// Streams of video and audio that were used.
    let streams: [Int]
    /// How far the output reaches.
    let reached: MediaTime
    let allowsTruncated: Bool

    /// - Parameter warnings: takes what was repaired.
    /// - Throws: `.badMedia` if a track gave nothing, or if the source is shorter than it says.
    func check(adding warnings: inout [String]) throws(VTXError) {
        try checkDecoders(&warnings)
        try checkLength(&warnings)
        noteClock(&warnings)
        noteExcess(&warnings)
        if !reading.lateStreams.isEmpty {
            warnings.append(
                "streams that \(path) had not announced appear midway and are left out: "
                    + reading.lateStreams.prefix(4).joined(separator: ", "))
        }
        for (stream, counts) in decoders.sorted(by: { $0.key < $1.key }) { noteRepairs(of: stream, counts, &warnings) }
    }

    private func noteRepairs(of stream: Int, _ counts: DecoderCounts, _ warnings: inout [String]) {
        let isVideo = source.streams.indices.contains(stream) && source.streams[stream].kind == .video
        if counts.changes > 0 {
            warnings.append(
                isVideo
                    ? "the source changes its frame size, pixel shape or format \(times(counts.changes)): "
                        + "all of it is fitted into one size"
                    : "stream \(stream) changes its rate, layout or format \(times(counts.changes)): "
                        + "all of it is converted to one")
        }
        func note(_ count: Int, _ text: String) {
            if count > 0 { warnings.append("stream \(stream): " + text) }
        }
        note(counts.untimed, "frames without a time follow those before them: \(counts.untimed)")
        note(counts.moved, "frames whose times did not rise were moved: \(counts.moved)")
        note(counts.gaps, "gaps in the audio were filled with silence: \(counts.gaps), \(counts.silence) in all")
        note(
            counts.stretched > .zero ? 1 : 0,
            "the audio drifts from its timestamps: it was stretched or squeezed smoothly, by "
                + "\(Int((counts.stretched.seconds * 1000).rounded())) ms in all"
        )
        note(counts.overlaps, "places where audio overlapped were cut: \(counts.overlaps)")
    }

    /// Whether more came than the header says.
    private func noteExcess(_ warnings: inout [String]) {
        guard source.durationSource == .header, limit == nil, reading.jumps.isEmpty, let declared = source.duration,
            let end = reading.streams.filter({ streams.contains($0.key) }).compactMap(\.value.end).max()
        else { return }
        var found = end + (origin - (source.start ?? .zero))
        // The duration of Matroska may count from 0 or from the start.
        if source.format.hasPrefix("matroska"), let start = source.start, start > .zero { found = found - start }
        if found.seconds - declared.seconds > 0.5 + min(5, 0.005 * declared.seconds) {
            warnings.append("\(path) lasts \(found), though its header says \(declared)")
        }
    }

    private func noteClock(_ warnings: inout [String]) {
        let skipped = origin - (source.start ?? .zero)
        for jump in reading.jumps {
            let time = jump.time + skipped
            let direction = jump.distance < .zero ? "back" : "ahead"
            let distance = jump.distance < .zero ? .zero - jump.distance : jump.distance
            warnings.append("the source's clock jumps \(direction) by \(distance) at \(time): taken out")
        }
        if reading.jumpCount > reading.jumps.count {
            warnings.append("the source's clock jumps \(reading.jumpCount) times in all")
        }
    }

    private func checkDecoders(_ warnings: inout [String]) throws(VTXError) {
        for (stream, counts) in decoders.sorted(by: { $0.key < $1.key }) {
            let codec = source.streams.indices.contains(stream) ? source.streams[stream].codec : "?"
            let isAudio = source.streams.indices.contains(stream) && source.streams[stream].kind == .audio
            let without: Message = isAudio ? "choose other tracks with \(.audioTracks)" : "leave the track out"
            if counts.frames == 0 {
                throw VTXError(
                    counts.lastFailure?.isNotImplemented == true ? .unavailable : .badMedia,
                    "no frame of stream \(stream) (\(codec)) of \(path) can be decoded",
                    cause: counts.lastFailure?.words ?? (counts.packets == 0 ? "it has no packets" : nil),
                    remedy: "\(without), or get a whole copy of the file")
            }
            guard counts.failures > 0 else { continue }
            // More than a tenth of a stream in ruins is no source: the result would be mostly made up. But in a piece of
            // a recording the first and the last packet may be incomplete.
            let isPiece = counts.packets >= 5 && counts.failures <= 2
            if counts.failures * 10 > counts.packets, !isPiece, !allowsTruncated {
                throw VTXError(
                    .badMedia,
                    "stream \(stream) (\(codec)) of \(path) is damaged: \(counts.failures) of "
                        + "\(counted(counts.packets, "packet")) cannot be decoded properly",
                    cause: counts.lastFailure?.words,
                    remedy: "get a whole copy, \(without), or pass \(.allowTruncated) to keep what can be decoded")
            }
            warnings.append(
                "stream \(stream) (\(codec)): \(counts.failures) of \(counted(counts.packets, "packet")) "
                    + "\(counts.failures == 1 ? "is" : "are") damaged"
                    + (counts.lastFailure.map { " (\($0.words))" } ?? ""))
        }
    }

    private func checkLength(_ warnings: inout [String]) throws(VTXError) {
        var problem: (text: String, cause: String?)?
        if let failure = reading.failure {
            problem = ("reading \(path) stopped at \(reached)", failure.words)
        } else if let shortfall = shortfall() {
            problem = (
                "\(path) ends at \(shortfall.found), but its header says \(shortfall.header)",
                "the file is truncated"
            )
        }
        guard let problem else { return }
        guard allowsTruncated else {
            throw VTXError(
                reading.failure?.isNotImplemented == true ? .unavailable : .badMedia, Message(problem.text),
                cause: problem.cause,
                remedy: reading.failure?.remedy
                    ?? "get a whole copy, or pass \(.allowTruncated) to keep what is there")
        }
        warnings.append(problem.text + (problem.cause.map { ": \($0)" } ?? ""))
    }

    /// How much shorter the source is than it says, if that is more than headers usually err: half a second
    /// and half a percent.
    private func shortfall() -> (found: MediaTime, header: MediaTime)? {
        guard source.durationSource == .header, !reading.stoppedEarly else { return nil }
        let start = source.start ?? .zero
        let skipped = origin - start
        var worst: (found: MediaTime, header: MediaTime)?

        func compare(found: MediaTime?, declared: MediaTime) {
            // Both from the source's own start.
            let found = (found ?? .zero).rescaled(to: MediaTime.microsecond) + skipped
            let header = declared.rescaled(to: MediaTime.microsecond)
            var expected = header
            if let limit = limit { expected = min(expected, limit + skipped) }
            let tolerance = 0.5 + min(5, 0.005 * expected.seconds)
            if expected.seconds - found.seconds > tolerance, worst == nil || found < worst!.found {
                worst = (found, header)
            }
        }

        if source.format.hasPrefix("mov,") {
            for stream in streams {
                let described = source.streams[stream]
                guard let duration = described.duration else { continue }
                let end = (described.start ?? start) + duration - start
                compare(found: reading.streams[stream]?.end, declared: end)
            }
        } else if let duration = source.duration {
            // One length for the whole file: any stream may be the one that fills it.
            compare(found: reading.streams.values.compactMap(\.end).max(), declared: duration)
        }
        return worst
    }

    private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}

extension TranscodePlan {
    /// Source streams of video and audio.
    var timedStreams: [Int] { (video.map { [$0.stream] } ?? []) + audio.map(\.stream) }
}
