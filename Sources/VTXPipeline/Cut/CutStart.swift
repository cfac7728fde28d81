// The keyframes around the start of a cut.

/// Finds, packet by packet in decoding order, the keyframes to decode and to copy from.
struct CutStart {
    /// The start, moved to a keyframe that rounding missed.
    private(set) var asked: Int64
    /// The latest keyframe at or before the start.
    private(set) var key: Int64?
    /// The first keyframe behind it.
    private(set) var laterKey: Int64?
    /// The latest keyframe at or before the start that needs nothing before it.
    private(set) var anchor: Int64?
    /// The first keyframe that copying can begin with.
    private(set) var resume: Int64?
    /// Frames from the start to `resume`.
    private(set) var frames = 0
    /// Most frames that were decoded before one that is shown first.
    private(set) var reordering = 0

    private let rounding: Int64
    private let isSmart: Bool
    private let keyFramesLead: Bool
    private let limit: Int64?
    /// Latest timestamps, as many as codecs reorder.
    private var recent: [Int64] = []
    private var hasPassed = false
    /// Whether a frame is shown before the start.
    private var hasEarlier = false
    /// Ticks for which nothing may be shown at the start.
    private let longestDelay: Int64
    /// Earliest frame from the start on.
    private var first: Int64?
    /// A keyframe that copying can begin with if no frame from the start on is shown before it, and the packets since.
    private var candidate: (time: Int64, packets: Int, frames: Int)?
    private var packetsBehindLimit = 0

    init(
        asked: Int64, rounding: Int64, longestDelay: Int64, isSmart: Bool, keyFramesLead: Bool, limit: Int64?
    ) {
        self.longestDelay = longestDelay
        self.asked = asked
        self.rounding = rounding
        self.isSmart = isSmart
        self.keyFramesLead = keyFramesLead
        self.limit = limit
    }

    /// - Returns: whether more packets are wanted.
    mutating func take(_ time: Int64, isKey: Bool, startsAnew: Bool) -> Bool {
        reordering = max(reordering, recent.count { $0 > time })
        recent.append(time)
        if recent.count > CutBoundaries.window { recent.removeFirst() }
        if time <= asked, !hasPassed || isKey {
            if isKey { key = max(key ?? time, time) }
            if startsAnew { anchor = max(anchor ?? time, time) }
        }
        guard isSmart else {
            if time > asked, isKey { laterKey = laterKey ?? time }
            if time > asked { hasPassed = true }
            return !(hasPassed && (key != nil || laterKey != nil))
        }
        return takeSmart(time, isKey: isKey, startsAnew: startsAnew)
    }

    private mutating func takeSmart(_ time: Int64, isKey: Bool, startsAnew: Bool) -> Bool {
        // Printed times are rounded: a keyframe half a millisecond before the start was meant.
        if isKey, time < asked, time >= asked - rounding { asked = time }
        if isKey, time > asked { laterKey = laterKey ?? time }
        if time > asked { hasPassed = true }
        if time >= asked {
            first = min(first ?? time, time)
            if isKey, startsAnew, keyFramesLead {
                // No frame that follows is shown before it.
                if candidate.map({ $0.time != first }) ?? true {
                    resume = time
                } else {
                    resume = candidate?.time
                    frames = candidate?.frames ?? frames
                }
                return false
            }
            if isKey, time == first, candidate == nil { candidate = (time, 0, frames) }
            if limit.map({ time < $0 }) ?? true { frames += 1 }
        } else {
            hasEarlier = true
        }
        if let found = candidate {
            candidate?.packets += 1
            if found.time != first { candidate = nil } else if found.packets > CutBoundaries.window { return settle() }
        }
        if let limit, time >= limit { packetsBehindLimit += 1 } else { packetsBehindLimit = 0 }
        return packetsBehindLimit <= CutBoundaries.window
    }

    private mutating func settle() -> Bool {
        guard let candidate else { return true }
        resume = candidate.time
        frames = candidate.frames
        return false
    }

    /// No more packets are taken.
    mutating func finish() {
        if resume == nil, let candidate, candidate.time == first { _ = settle() }
        // Less than a millisecond is no distance that containers store.
        if isSmart, let first, first > asked, first - asked <= 2 * rounding { asked = first }
        // The frame before is shown until the first one comes.
        if let resume, frames == 0, hasEarlier, resume - asked > longestDelay { frames = 1 }
    }
}
