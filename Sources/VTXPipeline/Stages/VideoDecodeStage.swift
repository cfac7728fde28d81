// Decodes video.

import LibAV
import VTXModel
import VTXSystem

/// Decodes video and keeps the frames between start and end of the cut.
struct VideoDecodeStage: Sendable {
    let decoder: Decoder
    let packets: Channel<Packet>
    let frames: Channel<Frame>
    /// Drops frames before 0.
    let isCutAtStart: Bool
    let limit: MediaTime?
    let nominalRate: Rational
    /// Latest end of a frame decoded, in output time.
    let reached: Guarded<MediaTime?>
    /// What has been decoded so far.
    let counts: Guarded<DecoderCounts>
    /// Called when all there is has been decoded and wanted.
    var atEnd: (@Sendable () -> Void)?

    func run() throws {
        let base = decoder.timeBase
        // A time that rounding moved by half a tick still counts as the time that was asked for.
        let end = limit.map { rescale($0.ticks, from: $0.base, to: base) }
        let usualDuration = max(1, rescale(1, from: nominalRate.inverse, to: base))
        var expected: Int64 = 0
        var isDone = false

        func take(_ frame: consuming Frame) throws {
            let isTimed = frame.time != nil
            let time = frame.time ?? expected
            let duration = frame.duration > 0 ? frame.duration : usualDuration
            frame.time = time
            expected = time + duration
            if isDone || (isCutAtStart && time < 0) { return }
            if let end, time >= end {
                isDone = true
                packets.refuse()
                return
            }
            if !isTimed { counts.with { $0.untimed += 1 } }
            frame.duration = end.map { min(duration, $0 - time) } ?? duration
            let end = MediaTime(time + frame.duration, base)
            reached.with { $0 = max($0 ?? end, end) }
            if try !frames.send(frame) {
                isDone = true
                packets.refuse()
            }
        }

        while let packet = try packets.receive() {
            try decoder.decode(packet, emit: take)
            counts.with { $0.update(decoder) }
        }
        try decoder.drain(emit: take)
        counts.with { $0.update(decoder) }
        if !isDone { atEnd?() }
        frames.close()
    }
}
