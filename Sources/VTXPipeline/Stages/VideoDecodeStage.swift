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
        let range = ShownRange(isCutAtStart: isCutAtStart, end: end, base: base)
        var shown = HeldFrames(range: range, usualDuration: usualDuration)
        var expected: Int64 = 0
        var isDone = false

        func send(_ frame: consuming Frame) throws {
            if let time = frame.time {
                let end = MediaTime(time + frame.duration, base)
                reached.with { $0 = max($0 ?? end, end) }
            }
            if try !frames.send(frame) { finish() }
        }

        func finish() {
            isDone = true
            packets.refuse()
        }

        func take(_ frame: consuming Frame) throws {
            let isTimed = frame.time != nil
            let time = frame.time ?? expected
            frame.time = time
            frame.duration = frame.duration > 0 ? frame.duration : usualDuration
            expected = time + frame.duration
            if isDone { return }
            if !isTimed, range.contains(time) { counts.with { $0.untimed += 1 } }
            if try !shown.take(frame, emit: send) { finish() }
        }

        while let packet = try packets.receive() {
            try decoder.decode(packet, emit: take)
            counts.with { $0.update(decoder) }
        }
        try decoder.drain(emit: take)
        if !isDone { try shown.finish(emit: send) }
        counts.with { $0.update(decoder) }
        if !isDone { atEnd?() }
        frames.close()
    }
}
