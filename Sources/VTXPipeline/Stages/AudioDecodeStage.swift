// Decodes audio.

import LibAV
import VTXModel
import VTXSystem

/// Decodes audio and leaves out what lies wholly outside the cut.
struct AudioDecodeStage: Sendable {
    let decoder: Decoder
    let packets: Channel<Packet>
    let frames: Channel<Frame>
    let isCutAtStart: Bool
    let limit: MediaTime?
    let reached: Guarded<MediaTime?>
    let counts: Guarded<DecoderCounts>

    func run() throws {
        let base = decoder.timeBase
        let end = limit.map { rescale($0.ticks, from: $0.base, to: base) }
        var expected: Int64?
        // Where the audio would be without gaps: small ones add up. In samples: in the container's unit, which may be a
        // millisecond, roundings would add up too.
        var due: Int64?
        var rate = 0
        var isDone = false

        func take(_ frame: consuming Frame) throws {
            guard frame.sampleRate > 0 else { return }
            let isTimed = frame.time != nil
            let time = frame.time ?? expected ?? 0
            let duration = rescale(
                Int64(frame.samples), from: Rational(1, Int64(frame.sampleRate)), to: base)
            frame.time = time
            expected = time + duration
            if isDone || (isCutAtStart && time + duration <= 0) { return }
            if let end, time >= end {
                isDone = true
                packets.refuse()
                return
            }
            reached.with { $0 = MediaTime(min(time + duration, end ?? .max), base) }
            if !isTimed { counts.with { $0.untimed += 1 } }
            let samples = Rational(1, Int64(frame.sampleRate))
            let place = rescale(time, from: base, to: samples)
            if frame.sampleRate != rate { due = nil }
            rate = frame.sampleRate
            if due == nil || note(gap: MediaTime(place - due!, samples)) { due = place }
            due = due! + Int64(frame.samples)
            frame.time = place
            if try !frames.send(frame) {
                isDone = true
                packets.refuse()
            }
        }

        while let packet = try packets.receive() { try decoder.decode(packet, emit: take) }
        try decoder.drain(emit: take)
        counts.with { $0.update(decoder) }
        frames.close()
    }

    /// Counts what the filter that follows will fill or cut: `aresample` does so from 20 ms on.
    ///
    /// - Returns: whether it does.
    private func note(gap: MediaTime) -> Bool {
        if gap.seconds >= 0.02 {
            counts.with {
                $0.gaps += 1
                $0.silence = $0.silence + gap
            }
        } else if gap.seconds <= -0.02 {
            counts.with { $0.overlaps += 1 }
        } else {
            return false
        }
        return true
    }
}
