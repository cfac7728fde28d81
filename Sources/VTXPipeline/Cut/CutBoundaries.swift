// Where frames of a stream can be separated: everything decoded before is also shown before.

/// Finds, packet by packet in decoding order, the places before and behind a moment where frames can be separated.
struct CutBoundaries {
    /// A packet whose place is not settled yet.
    private struct Entry {
        let time: Int64
        /// Whether decoding can begin with it, whatever was before.
        let startsAnew: Bool
    }

    /// More than any codec reorders.
    static let window = 32

    /// The moment, in ticks.
    private let moment: Int64
    private var waiting: [Entry] = []
    /// Latest time of a settled packet.
    private var latest = Int64.min
    /// The latest keyframe that needs nothing before it, among settled packets and the next one.
    private var anchor: Int64?

    /// The first frame that does not belong to the longest run of frames that are all before the moment.
    private(set) var before: Int64?
    /// The keyframe to begin with to decode frames from `before` on; `nil`: none was seen.
    private(set) var anchorBefore: Int64?
    /// Frames from `before` to the moment.
    private(set) var between = 0
    /// The first frame of the rest, where all frames before the moment are separated; `nil`: none was seen.
    private(set) var behind: Int64?
    /// Most frames that were decoded before one that is shown first.
    private(set) var reordering = 0
    /// Latest frame before the moment.
    private(set) var last: Int64?

    init(at moment: Int64) { self.moment = moment }

    /// Whether nothing that follows can change the answer.
    var isSettled: Bool { behind != nil }

    /// Takes the next packet.
    mutating func add(_ time: Int64, startsAnew: Bool) {
        reordering = max(reordering, waiting.count { $0.time > time })
        if time < moment { last = max(last ?? time, time) }
        waiting.append(Entry(time: time, startsAnew: startsAnew))
        if waiting.count > Self.window { settle() }
    }

    /// No more packets come.
    mutating func finish() {
        while !waiting.isEmpty { settle() }
        // All frames can be copied if the file ends before the moment.
        guard behind == nil, latest < moment else { return }
        (before, anchorBefore, between) = (moment, anchor, 0)
    }

    private mutating func settle() {
        let first = waiting[0]
        if first.startsAnew { anchor = first.time }
        let rest = waiting.reduce(Int64.max) { min($0, $1.time) }
        if latest < rest {
            if latest < moment { (before, anchorBefore, between) = (rest, anchor, 0) }
            if rest >= moment, behind == nil { behind = rest }
        }
        if first.time < moment { between += 1 }
        latest = max(latest, first.time)
        waiting.removeFirst()
    }
}
