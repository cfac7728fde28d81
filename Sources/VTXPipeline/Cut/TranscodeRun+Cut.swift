// Tracks of a cut that copies.

import LibAV
import VTXModel
import VTXSystem

extension TranscodeRun {
    /// Copied video whose ends are encoded.
    func addCut(
        _ smart: SmartCutPlan, of video: VideoTrackPlan, _ group: StageGroup, _ channel: Channel<MuxItem>
    ) throws {
        let cut = try CutVideo(smart, of: video, plan: plan, source: source, mayReorderMore: ordersVideo)
        let sink = addTrack(
            Track(parameters: cut.parameters, base: cut.base, label: video.label, tag: video.tag), channel)
        let packets: Channel<Packet> = group.channel(capacity: 16)
        routes[video.stream] = .stage(packets)
        let counts = Guarded(DecoderCounts())
        decoders.append((video.stream, counts, cut.reached))
        stages.append(("cut v", { try CutStage(cut, packets: packets, sink: sink, counts: counts).run() }))
    }

    /// Where reading begins: ends of a cut may have to be decoded from earlier on.
    var readingStart: MediaTime { min(plan.video?.smartCut?.decodeStart ?? plan.origin, plan.origin) }

    /// A copied track, of which a cut keeps a part.
    func addPart(
        of stream: Int, isVideo: Bool, label: TrackLabel, tag: String?, _ channel: Channel<MuxItem>
    ) throws {
        try addCopy(stream, label: label, tag: tag, channel)
        guard plan.cut != nil, let route = routes[stream] else { return }
        let range = CopyRange(
            base: source.timeBase(of: stream), isCutAtStart: plan.skipped != nil, limit: plan.limit, isVideo: isVideo,
            mayOverlap: plan.container.isISO)
        routes[stream] = .part(range, of: route)
    }
}
