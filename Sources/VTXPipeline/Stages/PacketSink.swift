// One track's end of the channel to the muxer.

import LibAV
import VTXModel

/// One track's entrance to the writer.
struct PacketSink: Sendable {
    let channel: Channel<MuxItem>
    let track: Int
    /// Unit of the packets' timestamps.
    let base: Rational

    func write(_ packet: consuming Packet) throws {
        // The writer takes all of it.
        _ = try channel.send(MuxItem(packet: packet, track: track, base: base))
    }

    func close() { channel.close() }
}
