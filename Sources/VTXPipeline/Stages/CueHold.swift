// Keeps cues back until it is known that the video goes on for as long as they are shown.

import LibAV
import VTXModel

/// Cues that wait for the video. Stays on one thread.
struct CueHold {
    /// A cue that waits; noncopyable values do not go into arrays.
    private final class Held {
        var packet: Packet?
        let base: Rational
        let start: MediaTime
        let end: MediaTime
        /// MP4 fills the time between two cues with samples of no text: two bytes that say so.
        let isText: Bool

        init(_ packet: consuming Packet, base: Rational, hasFillers: Bool) {
            let time = packet.presentation ?? packet.decoding ?? 0
            start = MediaTime(time, base)
            end = MediaTime(time &+ max(0, packet.duration), base)
            self.base = base
            isText = !hasFillers || packet.size > 2
            self.packet = consume packet
        }
    }

    private var waiting: [Int: [Held]] = [:]
    /// What becomes of the cues, by track.
    private(set) var totals: [Int: CueTotals] = [:]
    /// How long the output is expected to be.
    private let expected: MediaTime?
    /// Whether the container fills the time between cues with samples.
    private let hasFillers: Bool
    /// Where the output is cut on purpose.
    private let limit: MediaTime?
    /// Cues are passed on so much ahead of the video that the muxer can put them in their place.
    private static let ahead = MediaTime(20, Rational(1))
    /// Headers are trusted up to so much before the end.
    private static let margin = MediaTime(1, Rational(1))
    /// Cues cut by less than this are as good as whole.
    private static let visible = MediaTime(100, Rational(1, 1000))

    /// - Parameters:
    ///   - tracks: those of text.
    ///   - hasFillers: whether the container fills the time between cues with samples of no text, as MP4 does.
    init(tracks: Set<Int>, expected: MediaTime?, limit: MediaTime? = nil, hasFillers: Bool = false) {
        self.hasFillers = hasFillers
        self.expected = expected
        self.limit = limit
        for track in tracks {
            waiting[track] = []
            totals[track] = CueTotals()
        }
    }

    func holds(_ track: Int) -> Bool { totals[track] != nil }

    mutating func take(_ packet: consuming Packet, track: Int, base: Rational) {
        waiting[track]?.append(Held(packet, base: base, hasFillers: hasFillers))
    }

    /// Passes on the cues that the video reaches for certain.
    ///
    /// - Parameter position: how far the video is.
    mutating func release(
        reached position: MediaTime, _ write: (consuming Packet, Int, Rational) throws -> Void
    ) throws {
        let certain = max(position, expected.map { $0 - Self.margin } ?? .zero)
        for track in waiting.keys.sorted() {
            guard let first = waiting[track]?.first, first.start <= position + Self.ahead else { continue }
            let ready = waiting[track]!.prefix { $0.start <= position + Self.ahead && $0.end <= certain }
            for cue in ready { try pass(cue, track, write) }
            waiting[track]!.removeFirst(ready.count)
        }
    }

    /// Passes on the rest, cut where everything else ends.
    mutating func finish(
        at end: MediaTime, _ write: (consuming Packet, Int, Rational) throws -> Void
    ) throws {
        for track in waiting.keys.sorted() {
            for cue in waiting[track]! {
                if cue.start >= end {
                    guard cue.isText else { continue }
                    if let limit, cue.start >= limit {
                        totals[track]!.outside += 1
                    } else {
                        totals[track]!.late += 1
                    }
                    continue
                }
                if cue.end > end {
                    if limit == nil, cue.end - end > Self.visible, cue.isText { totals[track]!.cut += 1 }
                    cue.packet?.duration = (end - cue.start).rescaled(to: cue.base).ticks
                }
                try pass(cue, track, write)
            }
            waiting[track] = []
        }
    }

    private mutating func pass(
        _ cue: Held, _ track: Int, _ write: (consuming Packet, Int, Rational) throws -> Void
    ) throws {
        if cue.isText { totals[track]!.written += 1 }
        if let packet = cue.packet.take() { try write(packet, track, cue.base) }
    }
}
