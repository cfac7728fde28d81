// Whether a finished transcode holds what went into it.

import LibAV
import VTXModel
import VTXPipeline

/// Compares what an encode reports with the plan and with the file it wrote.
struct TranscodeVerdict {
    let input: String
    let plan: TranscodePlan
    let outcome: TranscodeRun.Outcome

    /// Every frame that went in came out, and every track has something in it.
    ///
    /// - Parameter warnings: receives what was missing or repaired.
    /// - Throws: `.badMedia` if the leading track is empty, `.internal` if the encoder lost frames.
    func checkCounts(adding warnings: inout [String]) throws(VTXError) {
        let empty = zip(plan.timedStreams, outcome.written.ends).filter { $0.1 == nil }.map(\.0)
        if let stream = empty.first, stream == plan.video?.stream || empty.count == plan.timedStreams.count {
            throw VTXError(
                .badMedia, "stream \(stream) of \(input) has no frame in the part that was asked for",
                remedy: "check \(.start), \(.end) and \(.duration), or get a whole copy of the file")
        }
        for stream in empty {
            warnings.append("stream \(stream) has no audio in the part that was asked for: its track is empty")
        }
        if outcome.written.repairedTimes > 0 {
            warnings.append(
                counted(
                    outcome.written.repairedTimes, "packet had a timestamp that did not increase and was moved",
                    "packets had timestamps that did not increase and were moved"))
        }
        if outcome.written.showsHidden {
            warnings.append("frames are shown at the end that the source hides: a pipe has no place to say so")
        }
        if let encoded = outcome.encodedFrames, encoded != outcome.written.videoPackets {
            throw VTXError(
                .internal, "\(encoded) frames went into the encoder and \(outcome.written.videoPackets) came out")
        }
    }

    /// Where the tracks of audio and video end.
    var lengths: [LengthVerdict.Track] {
        zip(plan.timedStreams, outcome.written.ends).map { stream, end in
            let isVideo = stream == plan.video?.stream
            let frame = isVideo ? plan.video?.encode?.frameRate.inverse.value : nil
            return LengthVerdict.Track(stream: stream, frame: frame ?? 0.1, end: end)
        }
    }

    /// Reads the finished file's header again: what it says must be what was written.
    ///
    /// - Throws: `.internal` if tracks are missing or the file is shorter or longer than what was written.
    func checkOutput(_ path: String) throws {
        let written = try Demuxer(opening: path, headerOnly: true).describe()
        let tracks = plan.timedStreams.count
        // Some containers leave out tracks with nothing in them.
        let empty = zip(plan.timedStreams, outcome.written.ends).count { $0.1 == nil }
        let found = written.streams.count { ($0.kind == .video && !$0.isCoverArt) || $0.kind == .audio }
        guard (tracks - empty...tracks).contains(found) else {
            throw VTXError(
                .internal, "the output has \(found) audio and video tracks instead of \(tracks)",
                remedy: .report(with: "the output of \(command: .probe)"))
        }
        let end = outcome.written.end
        guard let duration = written.duration, written.durationSource == .header else { return }
        // Frames of the slowest rates last 100 ms and more, and codecs pad their last frame.
        let frame = plan.video?.encode?.frameRate.inverse.value ?? 0.1
        let difference = duration.seconds - end.seconds
        guard difference >= -max(0.1, 2 * frame), difference <= max(1, 2 * frame) + 0.01 * end.seconds else {
            throw VTXError(
                .internal,
                "the output lasts \(duration), but \(end) were written",
                remedy: .report(with: "the output of \(command: .probe)"))
        }
    }
}
