// Which cues the output has room for.
//
// Cues of a file beside the video may go on after its end. Where it really ends is known only once it is read; so cues
// beyond its expected end wait for that.

import LibAV
import VTXModel
import VTXSystem

/// What became of cues beyond the end.
package struct CueCounts: Hashable, Sendable {
    /// Cues that begin after the end.
    package var dropped = 0
    /// Cues that go on for more than a second after it.
    package var cut = 0

    package init() {}
}

/// Cuts the cues of one track to the output. Stays on one thread.
final class CueWindow: @unchecked Sendable {
    // @unchecked: used by one stage; what others look at is guarded.
    private let base: Rational
    private let isCutAtStart: Bool
    private let limit: Int64?
    private let expected: Int64?
    private let end: @Sendable () throws -> MediaTime
    private let sink: PacketSink
    private let counts: Guarded<CueCounts>
    private let waiting = HiddenPackets()
    private var isWaiting = false

    /// - Parameters:
    ///   - base: unit of the cues' times.
    ///   - isCutAtStart: whether what is before 0 is left out; if not, it begins at 0.
    ///   - limit: where the output is cut.
    ///   - expected: where it should end, by the source's header.
    ///   - end: waits for the end of the source's audio and video.
    init(
        base: Rational, isCutAtStart: Bool, limit: MediaTime?, expected: MediaTime?,
        counts: Guarded<CueCounts>, sink: PacketSink, end: @escaping @Sendable () throws -> MediaTime
    ) {
        self.base = base
        self.isCutAtStart = isCutAtStart
        self.limit = limit.map { rescale($0.ticks, from: $0.base, to: base) }
        self.expected = expected.map { rescale($0.ticks, from: $0.base, to: base) }
        self.counts = counts
        self.sink = sink
        self.end = end
    }

    /// Whether nothing that begins at `time` or later is wanted.
    func isOver(at time: Int64) -> Bool { limit.map { time >= $0 } ?? false }

    /// Takes the next cue.
    func write(_ cue: consuming Packet) throws {
        guard let start = cue.presentation else { return }
        // Bitmaps stay until the next one comes; they have no duration.
        let isTimed = cue.duration > 0
        let from = isTimed || !isCutAtStart ? max(0, start) : start
        let until = min(start &+ max(1, cue.duration), limit ?? .max)
        guard from >= 0, until > from else { return }
        cue.presentation = from
        cue.decoding = from
        if isTimed { cue.duration = until - from }
        // What follows waits as well: cues are written in order.
        if isWaiting || expected.map({ until > $0 }) ?? false {
            isWaiting = true
            waiting.add(cue)
        } else {
            try sink.write(cue)
        }
    }

    /// Writes what the source's real end leaves of the cues beyond its expected one.
    func finish() throws {
        defer { sink.close() }
        guard isWaiting else { return }
        let end = try end()
        let last = rescale(end.ticks, from: end.base, to: base)
        let second = rescale(1, from: Rational(1), to: base)
        while let cue = waiting.next() {
            guard let start = cue.presentation, start < last else {
                counts.with { $0.dropped += 1 }
                continue
            }
            let excess = start + cue.duration - last
            if excess > 0 { cue.duration = last - start }
            if excess > second { counts.with { $0.cut += 1 } }
            try sink.write(cue)
        }
    }
}
