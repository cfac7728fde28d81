// Times of display that AVI does not have.

import CLibAV

/// Gives reference frames of MPEG-4 with B-frames their time of display: the decoding time of the next reference frame.
///
/// libav tells only that of B-frames, which are shown when they are decoded. All times are ticks of the stream.
final class ReferenceTimes {
    /// A reference frame without a time, and the B-frames behind it.
    private var queue: [PacketBox] = []
    /// When a frame behind the last one would be decoded.
    private var end: Int64 = 0
    /// More B-frames than follow any reference frame.
    private static let most = 64

    /// `nil` for streams that do not need it.
    init?(_ parameters: CodecParameters) {
        let stream = parameters.pointer.pointee
        guard stream.codec_id == AV_CODEC_ID_MPEG4, stream.video_delay == 1 else { return nil }
    }

    /// - Returns: packets that have all their times, in order.
    func add(_ packet: consuming Packet) -> [PacketBox] {
        let (shown, decoded, duration) = (packet.presentation, packet.decoding, packet.duration)
        let box = PacketBox(packet)
        guard let decoded else { return release(at: end) + [box] }
        defer { end = max(end, decoded &+ duration) }
        if shown == nil {
            defer { queue = [box] }
            return release(at: decoded)
        }
        if queue.isEmpty { return [box] }
        queue.append(box)
        return queue.count > Self.most ? release(at: end) : []
    }

    func finish() -> [PacketBox] { release(at: end) }

    private func release(at time: Int64) -> [PacketBox] {
        defer { queue = [] }
        guard let first = queue.first, let packet = first.take() else { return [] }
        packet.presentation = max(time, packet.decoding ?? time)
        return [PacketBox(packet)] + queue.dropFirst()
    }
}
