// What reading a source told about one stream.

import LibAV
package import VTXModel

/// What reading the source told about one of its streams.
package struct StreamReading: Hashable, Sendable {
    package var packets = 0
    package var corrupt = 0
    /// End of the last packet in output time.
    package var end: MediaTime?

    package init() {}

    mutating func note(_ packet: borrowing Packet, base: Rational) {
        packets += 1
        if packet.isCorrupt { corrupt += 1 }
        // What an edit list cuts off is read, but is no part of the source.
        guard packet.isShown, let time = packet.presentation ?? packet.decoding else { return }
        let last = MediaTime(time &+ max(0, packet.duration), base)
        if end == nil || last > end! { end = last }
    }
}
