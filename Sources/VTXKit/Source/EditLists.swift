// Refuses to copy video whose edit list hides frames, where the target would show them.

import LibAV
import VTXModel

/// What cannot be copied because an edit list hides frames that others need.
enum EditLists {
    /// - Throws: `.usage` if `plan` copies video into a container that would show them.
    static func check(_ plan: TranscodePlan, of demuxer: Demuxer) throws(VTXError) {
        guard let video = plan.video, video.encode == nil, !plan.container.isISO else { return }
        let hidden = demuxer.hiddenFrames(of: video.stream)
        guard hidden > 0 else { return }
        throw VTXError(
            .usage,
            "the edit list of \(plan.input) hides \(counted(hidden, "frame")), and \(plan.container.title) would show them",
            remedy: "encode the video, or write .mp4 or .mov")
    }

    /// - Parameter streams: the video of a file that is packaged.
    /// - Throws: `.badMedia` if some of it must not be shown.
    static func check(_ source: PackageSource, streams: [Int]) throws(VTXError) {
        for stream in streams {
            let hidden = source.demuxer.hiddenFrames(of: stream)
            // One frame is rounding: a list that begins inside the first frame.
            guard hidden > 1 else { continue }
            throw VTXError(
                .badMedia, "the edit list of \(source.description.path) hides \(counted(hidden, "frame")) of its video",
                cause: "segments cannot hide what has to be decoded",
                remedy: "cut it exactly with \(command: .transcode), or make the package with \(command: .ladder)")
        }
    }
}
