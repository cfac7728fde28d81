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
    let pictureChanges: Int
    let origin: MediaTime
    let limit: MediaTime?
    /// Streams of picture and sound that were used.
    let streams: [Int]
    /// How far the output reaches.
    let reached: MediaTime
    let allowsTruncated: Bool

    /// - Parameter warnings: takes what was repaired.
    /// - Throws: `.badMedia` if a track gave nothing, or if the source is shorter than it says.
    func check(adding warnings: inout [String]) throws(VTXError) {
        try checkDecoders(&warnings)
        try checkLength(&warnings)
        if pictureChanges > 0 {
            warnings.append(
                "the source changes its picture size or format \(times(pictureChanges)): "
                    + "all of it is fitted into one size")
        }
    }

    private func checkDecoders(_ warnings: inout [String]) throws(VTXError) {
        for (stream, counts) in decoders.sorted(by: { $0.key < $1.key }) {
            let codec = source.streams.indices.contains(stream) ? source.streams[stream].codec : "?"
            if counts.frames == 0 {
                throw VTXError(
                    .badMedia, "no frame of stream \(stream) (\(codec)) of \(path) can be decoded",
                    cause: counts.lastFailure?.words ?? (counts.packets == 0 ? "it has no packets" : nil),
                    hint: "leave the track out, or get a whole copy of the file")
            }
            guard counts.failures > 0 else { continue }
            // More than a tenth of a stream in ruins is no source: the result would be mostly made up.
            if counts.failures * 10 > counts.packets, !allowsTruncated {
                throw VTXError(
                    .badMedia,
                    "stream \(stream) (\(codec)) of \(path) is damaged: \(counts.failures) of "
                        + "\(counts.packets) packets cannot be decoded properly",
                    cause: counts.lastFailure?.words,
                    hint: "get a whole copy, or pass --allow-truncated to keep what can be decoded")
            }
            warnings.append(
                "stream \(stream) (\(codec)): \(counts.failures) of \(counts.packets) packets are damaged"
                    + (counts.lastFailure.map { " (\($0.words))" } ?? ""))
        }
    }

    private func checkLength(_ warnings: inout [String]) throws(VTXError) {
        var problem: (text: String, cause: String?)?
        if let failure = reading.failure {
            problem = ("reading \(path) stopped at \(reached)", failure.words)
        } else if let shortfall = shortfall() {
            problem = (
                "\(path) ends at \(shortfall.found), but its header says \(shortfall.declared)",
                "the file is truncated"
            )
        }
        guard let problem else { return }
        guard allowsTruncated else {
            throw VTXError(
                .badMedia, problem.text, cause: problem.cause,
                hint: "get a whole copy, or pass --allow-truncated to keep what is there")
        }
        warnings.append(problem.text + (problem.cause.map { ": \($0)" } ?? ""))
    }

    /// How much shorter the source is than it says, if that is more than headers usually err: half a second
    /// and half a percent.
    private func shortfall() -> (found: MediaTime, declared: MediaTime)? {
        guard source.durationSource == .header, !reading.stoppedEarly else { return nil }
        let start = source.start ?? .zero
        let skipped = origin - start
        var worst: (found: MediaTime, declared: MediaTime)?

        func compare(found: MediaTime?, declared: MediaTime) {
            // Both from the source's own start.
            let found = (found ?? .zero).rescaled(to: MediaTime.microsecond) + skipped
            var declared = declared.rescaled(to: MediaTime.microsecond)
            if let limit = limit { declared = min(declared, limit + skipped) }
            let tolerance = 0.5 + min(5, 0.005 * declared.seconds)
            if declared.seconds - found.seconds > tolerance, worst == nil || found < worst!.found {
                worst = (found, declared)
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
    /// Source streams of picture and sound.
    var timedStreams: [Int] { (video.map { [$0.stream] } ?? []) + audio.map(\.stream) }
}
