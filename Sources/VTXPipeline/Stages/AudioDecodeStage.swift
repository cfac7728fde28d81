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
        let clock = AudioClock(counts: counts)
        var isDone = false
        var sentEnd: Int64?
        // Of a packet that holds several frames, libav gives the first one its time.
        var isFirst = true

        func take(_ frame: consuming Frame) throws {
            guard frame.sampleRate > 0 else { return }
            let isTimed = frame.time != nil || !isFirst
            isFirst = false
            let time = frame.time ?? expected ?? 0
            let duration = rescale(
                Int64(frame.samples), from: Rational(1, Int64(frame.sampleRate)), to: base)
            frame.time = time
            expected = time + duration
            if isDone || (isCutAtStart && time + duration <= 0) { return }
            if let end, time >= end {
                var isFilled = false
                if let sentEnd, let silence = try silence(like: frame, from: sentEnd, to: end) {
                    try clock.take(silence, emit: send)
                    isFilled = true
                }
                // A rounded time may be up to a tick late: the filter that follows cuts to the sample.
                let isRounded = base > Rational(1, Int64(frame.sampleRate))
                if isFilled || !isRounded || time > end {
                    isDone = true
                    packets.refuse()
                    return
                }
            }
            reached.with { $0 = MediaTime(min(time + duration, end ?? .max), base) }
            sentEnd = time + duration
            if !isTimed { counts.with { $0.untimed += 1 } }
            frame.time = rescale(time, from: base, to: Rational(1, Int64(frame.sampleRate)))
            try clock.take(frame, emit: send)
        }

        func send(_ frame: consuming Frame) throws {
            if try !frames.send(frame) {
                isDone = true
                packets.refuse()
            }
        }

        while let packet = try packets.receive() {
            isFirst = true
            try decoder.decode(packet, emit: take)
        }
        try decoder.drain(emit: take)
        try clock.finish(emit: send)
        counts.with { $0.update(decoder) }
        frames.close()
    }

    /// The last hundredth of a second before the end of the cut, if there is a gap: the filter fills what is before it.
    ///
    /// - Parameters:
    ///   - start: of the gap, in ticks of the decoder, as is its end.
    private func silence(like frame: borrowing Frame, from start: Int64, to end: Int64) throws -> Frame? {
        let rate = Rational(1, Int64(frame.sampleRate))
        let gap = rescale(end - start, from: decoder.timeBase, to: rate)
        let samples = Int64(frame.sampleRate) / 100
        guard gap > 2 * samples else { return nil }
        let silence = try Frame(silenceLike: frame, samples: Int(samples))
        silence.time = rescale(end, from: decoder.timeBase, to: rate) - samples
        return silence
    }
}
