// Decoding times of copied video whose frames have different lengths.

import LibAV

/// Decodes the k-th packet when the k-th frame is shown, less a constant, so that samples last as long as frames do:
/// players place the segments of fMP4 by the durations of their samples.
struct DisplaySteps {
    /// Frames that decoders hold back at most.
    private static let most = 16

    private var queue: [PacketBox] = []
    /// Of the packets in the queue, sorted.
    private var times: [Int64] = []
    /// More than any frame is decoded before others that are shown first. Players do not see it.
    private let lead: Int64

    init(lead: Int64) { self.lead = lead }

    /// Takes the next packet in decoding order.
    ///
    /// - Returns: one whose decoding time is known.
    mutating func add(_ packet: consuming Packet) -> Packet? {
        guard let shown = packet.presentation else { return packet }
        times.insert(shown, at: times.firstIndex { $0 > shown } ?? times.endIndex)
        queue.append(PacketBox(packet))
        return queue.count > Self.most ? next() : nil
    }

    /// The next of those that are left; to be called at the end.
    mutating func next() -> Packet? {
        guard !queue.isEmpty, let packet = queue.removeFirst().take() else { return nil }
        packet.decoding = min(times.removeFirst() - lead, packet.presentation ?? .max)
        return packet
    }
}
