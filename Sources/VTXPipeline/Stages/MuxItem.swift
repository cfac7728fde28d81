// What flows from the tracks to the muxer.

import LibAV
import VTXModel

/// What flows into the writer.
struct MuxItem: ~Copyable, Sendable {
    let packet: Packet
    let track: Int
    let base: Rational

    consuming func takePacket() -> Packet { packet }
}
