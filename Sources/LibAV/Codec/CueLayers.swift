// Cues that overlap, for formats whose samples follow each other, such as MP4's text.

/// Cuts cues where another begins or ends, so that each stretch of time has one cue with the text of all.
package struct CueLayers: Sendable {
    /// Shown at `time`, by start.
    private var active: [TextCue] = []
    /// What is done up to here.
    private var time = Int64.min

    package init() {}

    /// Takes the next cue, by start.
    ///
    /// - Returns: the cues that are complete: nothing that comes later changes them.
    package mutating func add(_ cue: TextCue) -> [TextCue] {
        var cue = cue
        // Cues out of order begin where there is still room.
        cue.start = max(cue.start, time)
        guard cue.end > cue.start else { return [] }
        let done = advance(to: cue.start)
        active.append(cue)
        return done
    }

    /// The cues that are left.
    package mutating func finish() -> [TextCue] { advance(to: .max) }

    private mutating func advance(to limit: Int64) -> [TextCue] {
        var done: [TextCue] = []
        while let start = active.first.map({ _ in max(time, active.map(\.start).max()!) }), start < limit,
            let end = active.map(\.end).min().map({ min($0, limit) }), end > start
        {
            var cue = active[0]
            cue.start = start
            cue.end = end
            if active.count > 1 { cue.lines = [joined(active.flatMap(\.lines))] }
            done.append(cue)
            time = end
            active.removeAll { $0.end <= end }
        }
        if limit != .max { time = max(time, limit) }
        return done
    }

    /// One line of dialogue with the text of several, in rows.
    private func joined(_ lines: [String]) -> String {
        let texts = lines.map { line in
            line.split(separator: ",", maxSplits: 8, omittingEmptySubsequences: false).last ?? ""
        }
        let head = lines[0].split(separator: ",", maxSplits: 8, omittingEmptySubsequences: false).prefix(8)
        return (head + [texts.joined(separator: "{\\r}\\N")[...]]).joined(separator: ",")
    }
}
