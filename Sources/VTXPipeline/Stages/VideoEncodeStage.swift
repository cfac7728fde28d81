// Encodes the video track.

import LibAV
import VTXModel
import VTXSystem

/// Encoders may forget a frame's length: kept here until its packet comes out.
struct FrameDurations {
    private var known: [Int64: Int64] = [:]
    let usual: Int64

    init(nominalRate: Rational, base: Rational) { usual = max(1, rescale(1, from: nominalRate.inverse, to: base)) }

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

/// Encodes pictures.
final class VideoEncodeStage: @unchecked Sendable {
    // @unchecked: runs on one thread.
    private let encoder: Encoder
    private let frames: Channel<Frame>
    private let sink: PacketSink
    private var durations: FrameDurations

    init(encoder: Encoder, nominalRate: Rational, frames: Channel<Frame>, sink: PacketSink) {
        self.encoder = encoder
        self.frames = frames
        self.sink = sink
        durations = FrameDurations(nominalRate: nominalRate, base: encoder.timeBase)
    }

    func run() throws {
        while let frame = try frames.receive() {
            durations.note(frame)
            try encoder.encode(frame, emit: write)
        }
        try encoder.drain(emit: write)
        sink.close()
    }

    private func write(_ packet: consuming Packet) throws {
        durations.set(on: packet)
        try sink.write(packet)
    }
}
