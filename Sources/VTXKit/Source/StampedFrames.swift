// Elementary streams that are copied: whether timestamps can be made for their frames.

import LibAV
import VTXModel
import VTXSystem

/// Packets that are looked at: some groups of frames.
private let mostPackets = 600

/// - Throws: `.unavailable` if the order of display of copied frames cannot be told.
func checkStamps(of plan: TranscodePlan, interrupt: Interrupt) throws(VTXError) {
    guard let video = plan.video, let rate = video.stampRate else { return }
    let demuxer = try Demuxer(opening: plan.input, interrupt: interrupt)
    do throws(AVFailure) {
        try demuxer.stampFrames(of: video.stream, rate: rate)
        var packets = 0
        while packets < mostPackets, try demuxer.read() != nil { packets += 1 }
    } catch {
        // Damage is for those who read all of it.
        guard error.isNotImplemented else { return }
        throw VTXError(
            .unavailable, "cannot copy the video of '\(plan.input)'",
            cause: "it has no timestamps, and vtx cannot \(error.operation)",
            remedy: "encode it: leave out \(.video, "copy")")
    }
}
