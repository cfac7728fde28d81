// How long items take, learned from those that are finished or under way, and how long the rest of a batch will.

/// What is known about the pace of a batch: an item takes the time to start a worker, and time for its work.
///
/// Both are fitted to what items took. Small files take most of their time to start; a mean of work per second, which
/// the largest files come first to set, would promise far too much for them.
package struct BatchPace: Sendable {
    /// An item that is being made.
    package struct Running: Hashable, Sendable {
        /// As in `ItemCost`.
        package var work: Double
        /// Seconds since it was started.
        package var elapsed: Double
        /// Seconds until its first progress; `nil` if there was none yet.
        package var start: Double?
        /// 0 to 1; `nil` if not known.
        package var fraction: Double?

        /// An item that is being made.
        package init(work: Double, elapsed: Double, start: Double?, fraction: Double?) {
            self.work = work
            self.elapsed = elapsed
            self.start = start
            self.fraction = fraction
        }

        /// Seconds that it takes in all, as its own progress tells; `nil` while that tells little.
        var total: Double? {
            guard let start, let fraction, fraction >= 0.05, elapsed > start else { return nil }
            return start + (elapsed - start) / min(1, fraction)
        }
    }

    // Sums of the fit, each item with the inverse square of its time: what counts is how far off in parts of it.
    private var (count, work, square, time, product) = (0.0, 0.0, 0.0, 0.0, 0.0)

    /// What workers took to start, as their first progress tells.
    private var starts = (count: 0.0, seconds: 0.0)
    private var shortest = Double.infinity

    /// A worker that never tells progress mostly starts: this part of the shortest time is taken to be its start.
    private static let startShare = 0.6
    /// How far the start of a worker may be off, in parts of it.
    private static let doubt = 0.5
    /// More waiting items than this are not assigned one by one.
    private static let mostAssigned = 2000

    /// Nothing is known.
    package init() {}

    /// Whether anything is known.
    package var isKnown: Bool { square > 0 }

    /// Takes what an item took.
    ///
    /// - Parameters:
    ///   - seconds: all of it, from its start to its end.
    ///   - start: seconds until its first progress, if it told any.
    ///   - weight: less than 1 for an item that is not finished.
    package mutating func add(work amount: Double, seconds: Double, start: Double? = nil, weight: Double = 1) {
        if let start { starts = (starts.count + 1, starts.seconds + start) }
        guard seconds > 0.01, amount > 0, weight > 0 else { return }
        shortest = min(shortest, seconds)
        let scale = weight / (seconds * seconds)
        count += scale
        work += amount * scale
        square += amount * amount * scale
        time += seconds * scale
        product += amount * seconds * scale
    }

    /// Seconds that an item takes.
    package func seconds(of amount: Double) -> Double {
        let (start, pace) = fit
        return start + pace * amount
    }

    private var fit: (start: Double, pace: Double) {
        guard square > 0 else { return (0, 0) }
        let usual = max(0.01, starts.count > 0 ? starts.seconds / starts.count : Self.startShare * shortest)
        let certainty = 1 / (Self.doubt * usual * Self.doubt * usual)
        let (one, both) = (count + certainty, time + certainty * usual)
        let determinant = one * square - work * work
        let start = determinant > 0 ? (both * square - work * product) / determinant : usual
        let pace = (product - max(0, start) * work) / square
        if start < 0 { return (0, product / square) }
        return pace < 0 ? (both / one, 0) : (start, pace)
    }

    /// Seconds until everything is done; `nil` if nothing is known.
    ///
    /// - Parameters:
    ///   - waiting: work of the items that wait, in their order.
    ///   - slots: items at a time.
    package func remaining(running: [Running], waiting: [Double], slots: Int) -> Double? {
        var pace = self
        for item in running {
            pace.add(work: item.work, seconds: item.total ?? 0, start: item.start, weight: item.fraction ?? 0)
        }
        guard pace.isKnown else { return nil }
        var ends = running.map { pace.left($0) }
        while ends.count < max(1, slots) { ends.append(0) }
        guard waiting.count <= Self.mostAssigned else {
            let all = ends.reduce(0, +) + waiting.reduce(0) { $0 + pace.seconds(of: $1) }
            return all / Double(ends.count)
        }
        for amount in waiting {
            let next = ends.indices.min { ends[$0] < ends[$1] } ?? 0
            ends[next] += pace.seconds(of: amount)
        }
        return ends.max() ?? 0
    }

    /// Seconds that a running item still takes.
    private func left(_ item: Running) -> Double {
        var expected = seconds(of: item.work)
        if let total = item.total {
            // From a fifth on, an item's own progress tells all.
            let share = min(1, 5 * (item.fraction ?? 0))
            expected = share * total + (1 - share) * expected
        }
        return max(expected / 20, expected - item.elapsed)
    }
}
