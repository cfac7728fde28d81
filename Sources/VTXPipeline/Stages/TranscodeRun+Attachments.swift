// Tracks of a transcode that have no duration.

import LibAV
import VTXModel

extension TranscodeRun {
    func addAttachment(_ stream: Int, _ channel: Channel<MuxItem>) throws {
        let info = source.describeStream(stream)
        let isVideo = info.kind == .video
        let label = TrackLabel(title: info.title, disposition: isVideo ? ["attached_pic"] : [])
        try addCopy(stream, label: label, tag: nil, metadata: info.metadata, channel)
    }

    func addCover(_ cover: CoverArt, _ channel: Channel<MuxItem>) throws {
        guard let parameters = try cover.parameters() else { return }
        let sink = addTrack(
            Track(
                parameters: parameters, base: parameters.timeBase, label: cover.label, metadata: cover.metadata),
            channel)
        stages.append(("cover", { try cover.write(to: sink) }))
    }
}
