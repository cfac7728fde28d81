// Whether the cues of a source are all in the output.

import VTXModel
import VTXPipeline

/// Compares the cues that were read with those that were written.
struct SubtitleVerdict {
    let tracks: [(plan: SubtitleTrackPlan, outcome: SubtitleOutcome?)]

    /// - Parameters:
    ///   - warnings: takes what is lost.
    ///   - notices: takes what is changed on purpose, and is no fault of the source.
    func check(adding warnings: inout [String], notices: inout [String]) {
        for (index, track) in tracks.enumerated() {
            guard let outcome = track.outcome else { continue }
            let name = track.plan.file ?? "subtitle track \(index + 1)"
            check(name, outcome, &warnings)
            if outcome.cues.written == 0, outcome.cues.outside > 0 {
                notices.append("\(name): the track has no cues in the part that was asked for")
            }
            if outcome.cues.cut > 0 {
                notices.append("\(name): \(cues(outcome.cues.cut)) shortened to the end of the video")
            }
        }
    }

    private func check(_ name: String, _ outcome: SubtitleOutcome, _ warnings: inout [String]) {
        let counts = outcome.counts
        if let text = outcome.text, text.isDetected, let encoding = text.encoding {
            warnings.append("\(name): not UTF-8, read as \(encoding.name)")
        }
        let all = max(outcome.declared ?? 0, counts.read)
        let reasons: [(Int, String)] = [
            (max(0, all - counts.read), "not readable as a cue"),
            (counts.unreadable, "not decodable"),
            (counts.untimed, "without a duration"),
            (outcome.cues.late, "after the end of the video"),
        ].filter { $0.0 > 0 }
        let lost = reasons.reduce(0) { $0 + $1.0 }
        if lost > 0 {
            let list = reasons.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            warnings.append("\(name): \(lost) of \(cues(all)) lost: \(list)")
        }
        if outcome.cues.written == 0, outcome.cues.outside == 0 {
            let why = all == 0 ? "the source has none" : "none is left"
            warnings.append("\(name): the track has no cues: \(why)")
        }
    }

    private func cues(_ count: Int) -> String { count == 1 ? "1 cue" : "\(count) cues" }
}
