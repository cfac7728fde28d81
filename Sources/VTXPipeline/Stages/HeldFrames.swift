// Which frames are shown in a part of a source, and for how long.

import LibAV
import VTXModel

/// A part of a source, in ticks of its frames.
struct ShownRange {
    /// Whether it begins at 0; all frames count otherwise.
    let isCutAtStart: Bool
    /// Where it ends; `nil`: with the source.
    let end: Int64?
    /// Unit of the ticks.
    let base: Rational

    func contains(_ time: Int64) -> Bool { !(isCutAtStart && time < 0) && end.map { time < $0 } ?? true }
}

/// Follows the frames of a video in order of display. A frame is shown until the next one comes: it may have come before
/// the part begins, or be followed by none before the part ends.
struct HeldFrames: ~Copyable {
    private let range: ShownRange
    private let usualDuration: Int64
    /// Ticks for which nothing may be shown at the start: less is the rest of a frame.
    private let longestDelay: Int64
    /// The latest frame before the part.
    private var early: Frame?
    /// The latest frame in it, where it has an end.
    private var held: Frame?

    init(range: ShownRange, usualDuration: Int64) {
        self.range = range
        self.usualDuration = usualDuration
        longestDelay = rescale(1, from: Rational(1, 10), to: range.base)
    }

    /// Takes the next frame, which has a time and a duration.
    ///
    /// - Returns: `false` if the part has ended.
    mutating func take(_ frame: consuming Frame, emit: (consuming Frame) throws -> Void) throws -> Bool {
        guard let time = frame.time else { return true }
        if range.isCutAtStart, time < 0 {
            early = consume frame
            return true
        }
        if let earlier = early.take(), time > longestDelay { try show(earlier, until: time, emit) }
        guard let end = range.end else {
            try emit(frame)
            return true
        }
        guard time < end else {
            if let last = held.take() { try emit(last.shown(until: end, next: time, usual: usualDuration)) }
            return false
        }
        if let last = held.take() { try emit(last) }
        frame.duration = min(frame.duration, end - time)
        held = consume frame
        return true
    }

    /// To be called after the last frame of the source.
    mutating func finish(emit: (consuming Frame) throws -> Void) throws {
        if let earlier = early.take() {
            let end = (earlier.time ?? 0) + earlier.duration
            if end > longestDelay { try show(earlier, until: end, emit) }
        }
        if let last = held.take() { try emit(last) }
    }

    /// Shows a frame from the start of the part on.
    private mutating func show(
        _ frame: consuming Frame, until next: Int64, _ emit: (consuming Frame) throws -> Void
    ) throws {
        frame.time = 0
        frame.duration = min(next, range.end ?? .max)
        guard range.end != nil else { return try emit(frame) }
        held = consume frame
    }
}

extension Frame {
    /// This frame, which lasts until `end` if the next one comes only then, or later.
    fileprivate consuming func shown(until end: Int64, next: Int64, usual: Int64) -> Frame {
        let time = time ?? 0
        if next - (time + duration) > usual / 2 { duration = max(duration, end - time) }
        return self
    }
}
