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
        var gapless = GaplessTime(base: base)
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
            if let due = gapless.due, note(gap: MediaTime(time - due, base)) { gapless.restart() }
            gapless.add(frame.samples, rate: frame.sampleRate, at: time)
            // From here on in samples: the container's unit may be too coarse for them.
            let samples = Rational(1, Int64(frame.sampleRate))
            frame.time = rescale(time, from: base, to: samples)
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

/// Where audio would be without gaps: small ones add up, rounded timestamps do not.
private struct GaplessTime {
    let base: Rational
    private var start: Int64?
    private var samples: Int64 = 0
    private var rate: Int64 = 0

    init(base: Rational) { self.base = base }

    /// Time of the next frame; `nil` before the first.
    var due: Int64? {
        start.map { $0 + (samples == 0 ? 0 : rescale(samples, from: Rational(1, rate), to: base)) }
    }

    /// The next frame begins where it says.
    mutating func restart() { start = nil }

    /// - Parameter time: of the frame; counts only at the beginning.
    mutating func add(_ count: Int, rate: Int, at time: Int64) {
        if start == nil || Int64(rate) != self.rate {
            start = due ?? time
            samples = 0
            self.rate = Int64(rate)
        }
        samples += Int64(count)
    }
}
