// Which packets of a copied stream belong to a cut.

import LibAV
import VTXModel

/// Chooses the packets of one stream, in output time. Stays on one thread.
final class CopyRange: @unchecked Sendable {
    // @unchecked: used by the stage that reads.
    /// Where a packet is.
    enum Place { case outside, inside, behind }

    private let isCutAtStart: Bool
    private let limit: Int64?
    private let isVideo: Bool
    private let mayOverlap: Bool
    private var hasBegun = false

    /// - Parameters:
    ///   - base: unit of the packets' times.
    ///   - isCutAtStart: whether what comes before 0 is left out; video begins with a keyframe then.
    ///   - limit: where frames can be separated from those that follow; `nil`: the end of the source.
    ///   - mayOverlap: whether the container can hide the beginning of a packet of audio.
    init(base: Rational, isCutAtStart: Bool, limit: MediaTime?, isVideo: Bool, mayOverlap: Bool) {
        self.isCutAtStart = isCutAtStart
        self.limit = limit.map { rescale($0.ticks, from: $0.base, to: base) }
        self.isVideo = isVideo
        self.mayOverlap = mayOverlap
    }

    /// Decides about the next packet, and shortens the last one.
    func place(of packet: borrowing Packet) -> Place {
        guard let time = packet.presentation ?? packet.decoding else { return hasBegun ? .inside : .outside }
        // Everything that follows in decoding order is behind the end too.
        if let limit, time >= limit { return .behind }
        if isCutAtStart {
            let isEarly = isVideo || !mayOverlap ? time < 0 : time + packet.duration <= 0
            if isEarly || isVideo && !hasBegun && !packet.isKey { return .outside }
        }
        hasBegun = true
        if isVideo, let limit, packet.duration > limit - time { packet.duration = limit - time }
        return .inside
    }
}
