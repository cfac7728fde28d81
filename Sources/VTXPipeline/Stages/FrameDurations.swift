// Durations of frames on their way through an encoder.

import LibAV
import VTXModel

/// Encoders may forget a frame's length: kept here until its packet comes out.
struct FrameDurations {
    private var known: [Int64: Int64] = [:]
    let usual: Int64

    init(nominalRate: Rational, base: Rational) {
        usual = max(1, rescale(1, from: nominalRate.inverse, to: base))
    }

    mutating func note(_ frame: borrowing Frame) {
        if let time = frame.time { known[time] = frame.duration }
    }

    /// Frames before `time` are not encoded.
    mutating func forget(before time: Int64) { known = known.filter { $0.key >= time } }

    mutating func set(on packet: borrowing Packet) {
        let noted = packet.presentation.flatMap { known.removeValue(forKey: $0) } ?? 0
        packet.duration = noted > 0 ? noted : packet.duration > 0 ? packet.duration : usual
    }
}
