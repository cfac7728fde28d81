// Packets in lists.

/// Holds a packet, since arrays take no values that have only one owner.
package final class PacketBox {
    private var packet: Packet?

    package init(_ packet: consuming Packet) { self.packet = consume packet }

    /// The packet, once.
    package func take() -> Packet? { packet.take() }
}
