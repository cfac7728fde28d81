// The end of a stream whose frames are reordered, for containers that store decoding times only.
//
// MP4 knows the length of a sample as the distance to the next one in file order. The frame that is shown last may stand
// before others; how long it is held is lost, unless the last sample in file order makes up for it.

/// Holds back the latest packet of a stream, to give the last one its length.
final class PacketTail {
    private var latest: Packet?
    private var firstShown: Int64?
    private var firstDecoded: Int64?
    private var end: Int64?

    /// Takes the next packet, and returns the one before.
    func exchange(for packet: consuming Packet) -> Packet? {
        if let shown = packet.presentation {
            firstShown = min(firstShown ?? shown, shown)
            if packet.isShown { end = max(end ?? .min, shown &+ packet.duration) }
        }
        if firstDecoded == nil { firstDecoded = packet.decoding }
        let earlier = latest.take()
        latest = consume packet
        return earlier
    }

    /// The last packet: with it, the samples last as long as the frames are shown.
    func last() -> Packet? {
        guard let packet = latest.take() else { return nil }
        if let firstShown, let firstDecoded, let end, let decoded = packet.decoding {
            let rest = (end - firstShown) - (decoded - firstDecoded)
            // Rounding is left as it is.
            if rest > packet.duration + packet.duration / 2 { packet.duration = rest }
        }
        return packet
    }
}
