// Packets that an edit list cuts off.

import LibAV

/// Packets that are decoded for the sake of others, in order.
final class HiddenPackets {
    private final class Box {
        var packet: Packet?

        init(_ packet: consuming Packet) { self.packet = consume packet }
    }

    private var boxes: [Box] = []
    private var taken = 0

    func add(_ packet: consuming Packet) { boxes.append(Box(packet)) }

    /// Each packet once; `nil` after the last.
    func next() -> Packet? {
        guard taken < boxes.count else { return nil }
        taken += 1
        return boxes[taken - 1].packet.take()
    }
}
