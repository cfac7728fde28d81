// Whether libavfilter takes a chain in its own words, found out before anything is encoded.

import LibAV
import VTXModel
import VTXPlanning

/// Builds the graphs of a plan, if it has chains that planning knows little about.
///
/// - Throws: `.usage` with libavfilter's words, and for a chain that changes the size or the rate of frames.
func checkChains(_ filters: FilterOptions, of plan: TranscodePlan) throws(VTXError) {
    if let custom = filters.custom, let encode = plan.video?.encode {
        let outcome = { (chain: [String]) throws(AVFailure) in
            try FilterGraph.outcome(of: chain, for: encode.expected, frameRate: encode.frameRate)
        }
        do {
            let before = try outcome(encode.filters.filter { $0 != custom })
            let after = try outcome(encode.filters)
            guard before.size == after.size else {
                throw VTXError(
                    .usage, "\(.filter, custom) makes frames of \(after.size), and \(before.size) are planned",
                    remedy: "use \(.height), \(.size), \(.crop) or \(.rotate) to change the size")
            }
            guard before.frameRate == after.frameRate else {
                throw VTXError(
                    .usage, "\(.filter, custom) changes the frame rate", remedy: "use \(.frameRate) for that")
            }
        } catch {
            throw chainError(error, .filter, custom)
        }
    }
    if let custom = filters.customAudio {
        for encode in plan.audio.compactMap(\.encode) {
            do {
                try FilterGraph.setUpAudio([custom], sampleRate: encode.sampleRate, layout: encode.layout)
            } catch {
                throw chainError(error, .audioFilter, custom)
            }
        }
    }
}

private func chainError(_ error: any Error, _ setting: Setting, _ chain: String) -> VTXError {
    if let error = error as? VTXError { return error }
    return VTXError(
        .usage, "libavfilter does not take \(setting, chain)", cause: (error as? AVFailure)?.words ?? "\(error)",
        remedy: "`ffmpeg -h filter=NAME` lists the options of a filter")
}
