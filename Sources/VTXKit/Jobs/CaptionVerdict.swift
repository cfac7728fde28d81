// Captions that were not written though nothing was decided about them.

import VTXModel
import VTXPipeline

/// Compares the captions that came with the decisions of the plan: a sample of the source may have had none.
struct CaptionVerdict {
    let decisions: [Decision]
    /// Of the video's decoder; `nil` if it was not decoded.
    let counts: DecoderCounts?

    func check(adding notices: inout [String]) {
        guard let counts else { return }
        if counts.lostCaptions > 0 {
            notices.append(
                "\(counts.lostCaptions) triplets of closed captions were left out: the frames had no room for them")
        }
        guard counts.captions > 0 else { return }
        let isDecided = decisions.contains {
            if case .captions(let decision) = $0 {
                decision != .nothingToConvert && decision != .noVideo
            } else {
                false
            }
        }
        if !isDecided { notices.append("closed captions of \(counted(counts.captions, "frame")) were left out") }
    }
}
