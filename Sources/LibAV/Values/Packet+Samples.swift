// Samples of a packet that are not heard.

import CLibAV

extension Packet {
    /// Samples that decoders leave out at the beginning and at the end of a packet: delay and padding of its encoder.
    package var unheardSamples: (start: Int, end: Int) {
        guard let bytes = sideData(AV_PKT_DATA_SKIP_SAMPLES), bytes.count >= 8 else { return (0, 0) }
        func number(at place: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }
        return (number(at: 0), number(at: 4))
    }
}
