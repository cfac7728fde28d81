// Keeps audio with its timestamps: counts gaps and overlaps, and stretches what drifts.

import LibAV
import VTXModel
import VTXSystem

/// Follows one track. Frames go on as they are, unless the audio drifts: from then on it is resampled, and its
/// timestamps have no gaps but true ones. Stays on one thread.
final class AudioClock {
    /// Seconds from which `aresample` fills and cuts.
    private static let gap = 0.02

    /// Drift that was found.
    private struct Stretching {
        let stretcher: AudioStretcher
        var control: DriftControl
    }

    private let counts: Guarded<DecoderCounts>
    /// Where the next sample belongs without gaps: small ones add up. In samples: in the container's unit, which may be
    /// a millisecond, roundings would add up too.
    private var due: Int64?
    private var rate = 0
    private var detector = DriftDetector()
    private var stretching: Stretching?
    /// The frame before, where drift may be found soon.
    private var previous: Frame?

    init(counts: Guarded<DecoderCounts>) { self.counts = counts }

    /// Takes the next frame, whose time is in samples.
    func take(_ frame: consuming Frame, emit: (consuming Frame) throws -> Void) throws {
        if frame.sampleRate != rate || stretching?.stretcher.takes(frame) == false {
            try finish(emit: emit)
            rate = frame.sampleRate
        }
        let place = frame.time ?? due ?? 0
        frame.time = place
        let gap = due.map { place - ($0 + (stretching?.stretcher.delay ?? 0)) }
        if gap == nil || note(gap: gap!) { try restart(like: frame, at: place, after: gap ?? 0, emit: emit) }
        let duration = Double(frame.samples) / Double(rate)
        let deviation = Double(place - due! - (stretching?.stretcher.delay ?? 0)) / Double(rate)
        if stretching == nil, let share = detector.add(deviation: deviation, duration: duration) {
            stretching = Stretching(
                stretcher: try AudioStretcher(like: frame, after: previous.take()),
                control: DriftControl(trend: share, deviation: deviation))
        }
        guard stretching == nil else {
            return try stretch(frame, deviation: deviation, duration: duration, emit: emit)
        }
        // Times that a container rounds to milliseconds would be cut at the wrong sample.
        frame.time = due
        due! += Int64(frame.samples)
        if abs(deviation) > DriftDetector.threshold / 3 { previous = try frame.copy() }
        try emit(frame)
    }

    /// Hands out what is left.
    func finish(emit: (consuming Frame) throws -> Void) throws {
        try send(stretching?.stretcher.drain(), emit: emit)
        stretching = nil
        previous = nil
        detector = DriftDetector()
        due = nil
    }

    /// Begins anew after a gap. Audio that has drifted goes on drifting, unless the gap is on the other side: then the
    /// drift has stopped.
    private func restart(
        like frame: borrowing Frame, at place: Int64, after gap: Int64, emit: (consuming Frame) throws -> Void
    ) throws {
        let trend = stretching?.control.trend
        try finish(emit: emit)
        due = place
        guard let trend, (gap > 0) == (trend > 0) else { return }
        stretching = Stretching(
            stretcher: try AudioStretcher(like: frame, after: nil), control: DriftControl(trend: trend, deviation: 0))
    }

    private func stretch(
        _ frame: consuming Frame, deviation: Double, duration: Double, emit: (consuming Frame) throws -> Void
    ) throws {
        guard let share = stretching?.control.next(deviation: deviation, duration: duration),
            let stretcher = stretching?.stretcher
        else { return }
        let change = MediaTime(seconds: abs(share) * duration)
        counts.with { $0.stretched = $0.stretched + change }
        try stretcher.stretch(by: share)
        try send(stretcher.push(frame), emit: emit)
    }

    private func send(_ frame: consuming Frame?, emit: (consuming Frame) throws -> Void) throws {
        guard let frame else { return }
        frame.time = due
        due = (due ?? 0) + Int64(frame.samples)
        try emit(frame)
    }

    /// Counts what the filter that follows will fill or cut.
    ///
    /// - Parameter samples: by which the audio is late.
    /// - Returns: whether it does.
    private func note(gap samples: Int64) -> Bool {
        let gap = MediaTime(samples, Rational(1, Int64(rate)))
        if gap.seconds >= Self.gap {
            counts.with {
                $0.gaps += 1
                $0.silence = $0.silence + gap
            }
        } else if gap.seconds <= -Self.gap {
            counts.with { $0.overlaps += 1 }
        } else {
            return false
        }
        return true
    }
}
