// Whether the output lasts as long as what was read of the source.

import LibAV
import VTXModel
import VTXPipeline

/// Compares the end of each track of the output with that of the stream it was made of.
struct LengthVerdict {
    /// One track of the output.
    struct Track {
        /// The source's stream.
        var stream: Int
        /// Seconds of a frame.
        var frame: Double
        /// Where the track ends, in output time.
        var end: MediaTime?
    }

    let path: String
    let tracks: [Track]
    let reading: SourceReading
    let decoders: [Int: DecoderCounts]
    let limit: MediaTime?
    /// Seconds of the source in a second of the output.
    var speed = Rational(1)
    let allowsTruncated: Bool

    /// - Parameter warnings: receives differences that damage explains, and what is longer than the source.
    /// - Throws: `.internal` if a track is shorter than its source and nothing explains it.
    func check(adding warnings: inout [String]) throws(VTXError) {
        for track in tracks {
            guard let end = track.end, var due = reading.streams[track.stream]?.end else { continue }
            due = due.played(at: speed)
            if let limit, limit < due { due = limit }
            // Codecs pad, and containers round.
            let tolerance = max(0.3, 2.5 * track.frame) + min(5, 0.005 * due.seconds)
            let missing = due.seconds - end.seconds
            if missing > tolerance {
                let text = "stream \(track.stream) of \(path) lasts until \(due), but its output track ends at \(end)"
                let isExplained = reading.failure != nil || (decoders[track.stream]?.failures ?? 0) > 0
                guard isExplained || allowsTruncated else {
                    throw VTXError(.internal, Message(text), remedy: .report(with: "the output of \(command: .probe)"))
                }
                warnings.append(text)
            } else if -missing > max(1, 2 * tolerance) {
                warnings.append(
                    "stream \(track.stream) of \(path) ends at \(due), but its output track lasts until \(end)")
            }
        }
    }
}
