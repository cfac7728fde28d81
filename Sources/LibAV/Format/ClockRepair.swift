// Which offset makes a packet's times continue the source, in files whose clock jumps.
//
// Two recordings one behind the other, or one that was interrupted, have a clock that restarts in the middle. All
// streams jump with it, though not at the same packet: those of one stream may come when another is past the jump. So
// offsets that have been in use stay at hand, and each stream goes over to a new one by itself.

package import VTXModel

/// A place where a file's clock jumps.
package struct ClockJump: Hashable, Sendable {
    /// Where the source is, in file time without jumps.
    package var time: MediaTime
    /// How far the clock went beyond what was due; negative: back.
    package var distance: MediaTime

    package init(time: MediaTime, distance: MediaTime) {
        self.time = time
        self.distance = distance
    }
}

/// Follows the decoding times of a file's streams. All times are microseconds.
///
/// A pure function of the packets, so everybody who reads the same packets of a file gets the same times.
struct ClockRepair {
    /// A time so far ahead of all streams is a jump. FFmpeg's `dts_delta_threshold` has the same value.
    static let ahead: Int64 = 10_000_000
    /// A time so far behind its own stream is one. Streams go back a little where recordings overlap.
    static let behind: Int64 = 1_000_000
    /// A time so far behind the end of a chained stream is that of its next link.
    static let link: Int64 = 20_000
    /// Jumps that are told one by one.
    private static let noted = 8
    /// Offsets that a packet may still belong to.
    private static let kept = 4

    /// Streams that share a clock: of several programmes in one file each has its own.
    private struct Clock {
        var offsets: [Int64] = [0]
        /// The latest that any stream has come to.
        var now: Int64
    }

    private struct Follower {
        var clock: Int
        var offset: Int64 = 0
        /// When its next packet should come.
        var due: Int64?
        /// The time of the first packet of its link: headers have it too, whose durations mean nothing.
        var link: Int64?
    }

    /// Whether gaps are closed; if not, only clocks that go back are repaired.
    private let closesGaps: Bool
    /// Whether the file is one stream, whose links begin where the one before ended however short that was (chained
    /// Ogg).
    private let isChain: Bool
    private var clocks: [Clock] = []
    private var followers: [Int: Follower] = [:]
    private(set) var jumps: [ClockJump] = []
    private(set) var count = 0

    init(closesGaps: Bool, isChain: Bool = false) {
        self.closesGaps = closesGaps
        self.isChain = isChain
    }

    /// What to add to the times of a packet.
    ///
    /// - Parameters:
    ///   - time: its decoding time.
    ///   - leads: whether it is video or audio; other packets follow what those show.
    ///   - isOrdered: whether such times rise from packet to packet.
    mutating func offset(
        of stream: Int, at time: Int64, lasting duration: Int64, leads: Bool, isOrdered: Bool
    ) -> Int64 {
        var follower = followers[stream] ?? join(at: time, leads: leads)
        guard follower.clock < clocks.count else { return 0 }
        if isChain, leads, isOrdered, let due = follower.due, time + follower.offset < due - Self.link,
            time != follower.link
        {
            note(jump(at: due, to: time + follower.offset))
            // What a decoder needs in advance has times below 0.
            follower.offset = due - max(0, time)
            follower.link = time
            clocks[follower.clock].offsets = [follower.offset]
        }
        if let link = follower.link, time > link { follower.link = nil }
        let now = clocks[follower.clock].now
        let isRecent = follower.due.map { now - $0 <= Self.ahead } ?? false
        let due = isRecent ? follower.due! : now
        let latest = closesGaps ? max(now, due) + Self.ahead : .max

        func fits(_ offset: Int64) -> Bool {
            // The last packet of a stream that ends early may come with the end of the file.
            if offset == follower.offset, let own = follower.due, abs(time + offset - own) <= Self.behind {
                return true
            }
            let tolerance = isRecent && isOrdered && offset == follower.offset ? Self.behind : Self.ahead
            return time + offset >= due - tolerance && time + offset <= latest
        }
        func distance(_ offset: Int64) -> Int64 { abs(time + offset - due) }

        if !fits(follower.offset) {
            let candidates = clocks[follower.clock].offsets.filter(fits)
            if let nearest = candidates.min(by: { distance($0) < distance($1) }) {
                follower.offset = nearest
            } else if leads, follower.due != nil {
                // Not much before the end of the others: what they have in common would be lost.
                let place = max(due, now - Self.behind)
                note(
                    ClockJump(
                        time: MediaTime(place, MediaTime.microsecond),
                        distance: MediaTime(time + follower.offset - due, MediaTime.microsecond)))
                follower.offset = place - time
                let others = clocks[follower.clock].offsets.suffix(Self.kept - 1)
                clocks[follower.clock].offsets = others + [follower.offset]
            }
        }
        if leads {
            let end = time + follower.offset + max(0, duration)
            follower.due = end
            clocks[follower.clock].now = max(now, end)
        }
        followers[stream] = follower
        return follower.offset
    }

    /// What was last added to the times of a stream: for packets that tell nothing of the clock.
    func standingOffset(of stream: Int) -> Int64 { followers[stream]?.offset ?? 0 }

    /// The clock of a stream's first packet: one that it is near, or one of its own.
    private mutating func join(at time: Int64, leads: Bool) -> Follower {
        for (index, clock) in clocks.enumerated() {
            for offset in clock.offsets.reversed() where abs(time + offset - clock.now) <= Self.ahead {
                return Follower(clock: index, offset: offset)
            }
        }
        guard leads else { return Follower(clock: 0, offset: clocks.first?.offsets.last ?? 0) }
        clocks.append(Clock(now: time))
        return Follower(clock: clocks.count - 1)
    }

    private func jump(at due: Int64, to time: Int64) -> ClockJump {
        ClockJump(
            time: MediaTime(due, MediaTime.microsecond), distance: MediaTime(time - due, MediaTime.microsecond))
    }

    private mutating func note(_ jump: ClockJump) {
        count += 1
        if jumps.count < Self.noted { jumps.append(jump) }
    }
}
