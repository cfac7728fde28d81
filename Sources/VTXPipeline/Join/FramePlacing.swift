// The frames of a part in their place in the output: without a gap at its beginning or end.

import LibAV
import VTXModel

/// Moves the frames of one part to where it begins, and fills it to its length. Stays on one thread.
final class FramePlacing: @unchecked Sendable {
    // @unchecked: used by one stage.
    private let input: Channel<Frame>
    private let output: Channel<Frame>
    /// Where the part begins and ends, in ticks of the output.
    private let start: Int64
    private let end: Int64
    /// Ticks of a frame; `nil` where the rate varies.
    private let step: Int64?
    /// The latest frame, whose end is not known before the next one comes.
    private var held: Frame?
    private var isFirst = true

    init(_ part: JoinPart, _ plan: VideoEncodePlan, input: Channel<Frame>, output: Channel<Frame>) {
        self.input = input
        self.output = output
        start = rescale(part.start.ticks, from: part.start.base, to: plan.timeBase)
        end = rescale(part.end.ticks, from: part.end.base, to: plan.timeBase)
        step = plan.isConstantRate ? max(1, rescale(1, from: plan.frameRate.inverse, to: plan.timeBase)) : nil
    }

    func run() throws {
        while let frame = try input.receive() {
            let time = (frame.time ?? 0) + start
            // What begins in the last half frame belongs to the next part.
            guard time + (step ?? 1) / 2 < end else { continue }
            if let last = held.take() {
                if step != nil { try repeatFrame(last, until: time) } else { try send(last) }
                frame.time = time
            } else {
                // The first frame is shown from the beginning on.
                frame.duration += time - start
                frame.time = start
            }
            held = consume frame
        }
        guard let last = held.take() else { return }
        if step != nil {
            try repeatFrame(last, until: end)
        } else {
            last.duration = max(1, end - (last.time ?? start))
            try send(last)
        }
    }

    /// Sends a frame, and again on the grid as long as nothing else is shown.
    private func repeatFrame(_ frame: consuming Frame, until next: Int64) throws {
        guard let step else { return try send(frame) }
        var place = frame.time ?? start
        while place + step + step / 2 < next {
            let copy = try frame.copy()
            copy.time = place
            copy.duration = step
            try send(copy)
            place += step
        }
        frame.time = place
        frame.duration = min(max(1, next - place), step + step / 2)
        try send(frame)
    }

    private func send(_ frame: consuming Frame) throws {
        if isFirst { frame.chooseFrameType(isKey: true) }
        isFirst = false
        if try !output.send(frame) { input.refuse() }
    }
}
