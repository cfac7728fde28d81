// The samples of a part in their place in the output: as many as its video lasts, whatever the file has.

import LibAV
import VTXModel

/// Moves the samples of one part to where it begins, and fills it to its length. Stays on one thread.
final class SamplePlacing: @unchecked Sendable {
    // @unchecked: used by one stage.
    private let form: AudioEncodePlan
    private let output: Channel<Frame>
    /// Where the part begins and ends, in samples of the output.
    private let start: Int64
    private let end: Int64
    /// Where the next sample goes.
    private var place: Int64

    /// - Parameter lead: samples that are left out at the beginning of the first part, since decoders give out as many
    ///   before it.
    init(_ part: JoinPart, _ form: AudioEncodePlan, lead: Int, output: Channel<Frame>) {
        self.form = form
        self.output = output
        let base = Rational(1, Int64(form.sampleRate))
        start = rescale(part.start.ticks, from: part.start.base, to: base)
        end = rescale(part.end.ticks, from: part.end.base, to: base)
        place = start + Int64(lead)
    }

    /// - Parameter frame: its time counts from the beginning of the part.
    func take(_ frame: consuming Frame) throws {
        let time = (frame.time ?? place - start) + start
        // Roundings of resamplers are not gaps.
        if time - place > Int64(form.sampleRate) / 1000 { try fill(until: min(time, end)) }
        let room = end - place
        guard room > 0 else { return }
        if Int64(frame.samples) > room { frame.keepFirst(Int(room)) }
        frame.time = place
        place += Int64(frame.samples)
        _ = try output.send(frame)
    }

    func finish() throws { try fill(until: end) }

    private func fill(until target: Int64) throws {
        while place < target {
            let count = min(target - place, Int64(form.sampleRate) / 10)
            let silence = try Frame(silence: Int(count), for: form)
            silence.time = place
            place += count
            _ = try output.send(silence)
        }
    }
}
