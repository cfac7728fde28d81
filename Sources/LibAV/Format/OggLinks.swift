// Links of chained Ogg with sample rates of their own.
//
// libavformat 59 counts the samples of each link in its own rate, and says that they are in the rate of the first.

import CLibAV

/// Follows the headers of the links of one audio stream, which come among its packets.
struct OggLinks {
    /// The unit of all times, as libav tells it.
    let unit: AVRational
    private var current: AVRational

    init(unit: AVRational) {
        self.unit = unit
        current = unit
    }

    /// Brings the times of a packet to the unit that libav tells.
    mutating func correct(_ packet: borrowing Packet) {
        if let rate = packet.withBytes(oggSampleRate), unit.num == 1 { current = AVRational(num: 1, den: rate) }
        guard current.den != unit.den else { return }
        av_packet_rescale_ts(packet.pointer, current, unit)
    }
}

/// The sample rate in the first header of a link of Vorbis or FLAC; `nil` for any other packet.
func oggSampleRate(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    // Vorbis I, 4.2.2: type 1, "vorbis", version, channels, rate.
    if bytes.count == 30, bytes[0] == 1, bytes[1..<7].elementsEqual("vorbis".utf8) {
        return plausible(bytes[12..<16].reversed().reduce(0) { $0 << 8 | Int64($1) })
    }
    // FLAC in Ogg: type 0x7F, "FLAC", version, count, "fLaC", a block of STREAMINFO with 20 bits of rate.
    if bytes.count == 51, bytes[0] == 0x7F, bytes[1..<5].elementsEqual("FLAC".utf8) {
        return plausible(bytes[27..<30].reduce(0) { $0 << 8 | Int64($1) } >> 4)
    }
    return nil
}

private func plausible(_ rate: Int64) -> Int32? { (1000...768_000).contains(rate) ? Int32(rate) : nil }
