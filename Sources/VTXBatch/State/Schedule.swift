// Which item next, with how many threads, and whether there is room for it: one budget of CPU and memory for all.

/// What an item will cost, as far as that can be told before.
package struct ItemCost: Hashable, Sendable {
    /// Pixels to decode and encode; only its proportion to that of other items means something.
    package var work: Double
    /// Bytes of memory that the worker will take at most.
    package var memory: Int64

    package init(work: Double, memory: Int64) {
        self.work = work
        self.memory = memory
    }

    /// - Parameters:
    ///   - bytes: size of the source, for files that do not say how long they are.
    ///   - target: packages are no larger than 1080p.
    package init(_ facts: MediaFacts?, bytes: Int64, target: BatchTarget) {
        // Starting a worker costs about as much as two million pixels.
        let start = 2e6
        // Files without a length: as if they had 2 Mb/s.
        let seconds = facts?.duration ?? Double(bytes) / 250_000
        let rate = facts?.pixels ?? 0 > 0 ? min(240, facts?.frameRate ?? 25) : 0
        // A second of audio costs about as much as half a million pixels.
        let audio = 5e5 * Double(facts?.audioTracks ?? 0)
        work = start + seconds * ((facts?.pixels ?? 0) * rate + audio)
        memory = Self.memory(facts, target: target)
    }

    /// Fitted from above to the peaks of twelve real files, 240p to 2160p, with x264's medium and default options: 80 MB,
    /// and 125 frames of 8 bits (x264 looks 40 frames ahead; most of the rest waits in channels and references), a third
    /// more of 10 bits. A package has no rendition above 1080p; of larger pictures it holds twenty decoded frames.
    private static func memory(_ facts: MediaFacts?, target: BatchTarget) -> Int64 {
        let depth: Double = (facts?.bitDepth ?? 8) > 8 ? 1.33 : 1
        let pixels = facts?.pixels ?? 0
        let encoded = target == .hls ? min(pixels, 1920 * 1080) : pixels
        return 80_000_000 + Int64(1.5 * depth * (encoded * 125 + (pixels - encoded) * 20))
    }
}

/// How many cores an item's worker is given: its share of the whole batch, so that one long source among short ones does
/// not keep one core busy when all others are idle.
///
/// It depends on nothing that changes from run to run: outputs of a batch that was killed and went on are the same.
/// Encoders on one thread each waste least.
package func threadShare(_ work: Double, of total: Double, cores: Int) -> Int {
    guard total > 0 else { return 1 }
    let share = work / total * Double(cores)
    return share <= 1 ? 1 : min(cores, Int(share.rounded(.up)))
}

/// What runs at once.
package struct Budget: Hashable, Sendable {
    /// Items at a time at most.
    package var jobs: Int
    /// Bytes for all workers together.
    package var memory: Int64

    package init(jobs: Int, memory: Int64) {
        self.jobs = jobs
        self.memory = memory
    }
}

/// Items that wait, the one with the most work first.
package struct Queue<Item: Sendable>: Sendable {
    private struct Entry {
        var item: Item
        var cost: ItemCost
        /// Decides between equals.
        var name: String
        /// How often others went before it because it did not fit.
        var passed = 0
    }

    /// Last is first.
    private var entries: [Entry] = []
    /// So often may others pass; then the item waits alone, for memory to become free.
    private static var patience: Int { 16 }

    package init() {}

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    package var work: Double { entries.reduce(0) { $0 + $1.cost.work } }

    package mutating func add(_ item: Item, cost: ItemCost, name: String) {
        let entry = Entry(item: item, cost: cost, name: name)
        // Halving: a batch may have a hundred thousand items.
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let other = entries[middle]
            if (other.cost.work, name) > (cost.work, other.name) { high = middle } else { low = middle + 1 }
        }
        entries.insert(entry, at: low)
    }

    /// Takes the next one that fits; with nothing running any fits.
    package mutating func next(within budget: Budget, running: Int, memory used: Int64) -> (item: Item, cost: ItemCost)?
    {
        guard running < budget.jobs else { return nil }
        for index in entries.indices.reversed() {
            if running == 0 || used + entries[index].cost.memory <= budget.memory {
                for other in entries.indices.reversed() where other > index { entries[other].passed += 1 }
                let entry = entries.remove(at: index)
                return (entry.item, entry.cost)
            }
            if entries[index].passed >= Self.patience { return nil }
        }
        return nil
    }

    /// - Returns: those that were taken out.
    package mutating func remove(where holds: (Item) -> Bool) -> [Item] {
        let removed = entries.filter { holds($0.item) }.map(\.item)
        if !removed.isEmpty { entries.removeAll { holds($0.item) } }
        return removed
    }

    /// Empties the queue.
    package mutating func removeAll() { entries = [] }
}

/// How long the rest will take, from what has been measured in this run; `nil` until there is anything to go by.
///
/// - Parameters:
///   - done: work that is finished, with that part of the running items that is.
///   - left: work that is not.
///   - elapsed: seconds since the first item was started.
package func remainingTime(done: Double, left: Double, elapsed: Double) -> Double? {
    done > 0 && elapsed > 0 ? left / (done / elapsed) : nil
}
