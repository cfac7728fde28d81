// Refuses to copy video whose edit list hides frames, where the target would show them.

import LibAV
import VTXModel

/// What cannot be copied because an edit list hides frames that others need.
enum EditLists {
    /// Seconds of audio that decoders need in advance, which every file of AAC or Opus hides.
    private static let mostPriming = 0.2

    /// - Throws: `.usage` if `plan` copies video into a container that would show them, or parts that were joined.
    static func check(_ plan: TranscodePlan, of demuxer: Demuxer) throws(VTXError) {
        try checkParts(plan, of: demuxer)
        try checkAudio(plan, of: demuxer)
        guard let video = plan.video, video.encode == nil, !plan.container.isISO else { return }
        let hidden = demuxer.hiddenFrames(of: video.stream)
        guard hidden > 0 else { return }
        throw VTXError(
            .usage,
            "\(reason(demuxer, plan.input)) \(counted(hidden, "frame")), and \(plan.container.title) would show them",
            remedy: "encode the video, or write .mp4 or .mov")
    }

    private static func reason(_ demuxer: Demuxer, _ path: String) -> String {
        demuxer.isFragmented ? "overlapping fragments of \(path) hide" : "the edit list of \(path) hides"
    }

    /// Only MP4 says how much audio is not played; elsewhere it would be heard, and the rest would be late.
    private static func checkAudio(_ plan: TranscodePlan, of demuxer: Demuxer) throws(VTXError) {
        guard !plan.container.isISO else { return }
        for track in plan.audio where track.encode == nil {
            let hidden = demuxer.hiddenStart(of: track.stream)
            guard hidden.seconds > mostPriming else { continue }
            throw VTXError(
                .usage,
                "the edit list of \(plan.input) hides the first \(hidden) of stream \(track.stream), and \(plan.container.title) would play it",
                remedy: "encode the audio, or write .mp4 or .mov")
        }
    }

    /// Packets of parts that overlap cannot be written one behind the other.
    private static func checkParts(_ plan: TranscodePlan, of demuxer: Demuxer) throws(VTXError) {
        let video = plan.video.flatMap { $0.encode == nil ? [$0.stream] : nil } ?? []
        let audio = plan.audio.filter { $0.encode == nil }.map(\.stream)
        guard let stream = (video + audio).first(where: demuxer.joinsParts) else { return }
        throw VTXError(
            .usage, "cannot copy stream \(stream) of \(plan.input)",
            cause: demuxer.isFragmented
                ? "its fragments overlap, and only decoding tells which frames are shown"
                : "its edit list joins several parts, and would have to be copied too",
            remedy: video == [stream] ? "encode the video" : "encode the audio")
    }

    /// - Parameter streams: the video of a file that is packaged.
    /// - Throws: `.badMedia` if some of it must not be shown.
    static func check(_ source: PackageSource, streams: [Int]) throws(VTXError) {
        for stream in streams {
            let hidden = source.demuxer.hiddenFrames(of: stream)
            // One frame is rounding: a list that begins inside the first frame.
            guard hidden > 1 else { continue }
            throw VTXError(
                .badMedia,
                "\(reason(source.demuxer, source.description.path)) \(counted(hidden, "frame")) of its video",
                cause: "segments cannot hide what has to be decoded",
                remedy: "cut it exactly with \(command: .transcode), or make the package with \(command: .ladder)")
        }
    }
}
