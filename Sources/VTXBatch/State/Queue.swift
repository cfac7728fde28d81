// The order of items: the most work first, as far as memory allows.

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

    /// The next one is last.
    private var entries: [Entry] = []
    /// Others may pass this often; then the item blocks the queue until there is enough memory.
    private static var patience: Int { 16 }

    /// An empty queue.
    package init() {}

    /// Items that wait.
    package var count: Int { entries.count }
    /// Whether nothing waits.
    package var isEmpty: Bool { entries.isEmpty }
    /// Work of each that waits, the next one first.
    package var works: [Double] { entries.reversed().map(\.cost.work) }
    /// Work of all that wait, as in `ItemCost`.
    package var work: Double { entries.reduce(0) { $0 + $1.cost.work } }

    /// Adds an item.
    ///
    /// - Parameter name: decides between items with the same work.
    package mutating func add(_ item: Item, cost: ItemCost, name: String) {
        let entry = Entry(item: item, cost: cost, name: name)
        // Binary search: a batch may have a hundred thousand items.
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let other = entries[middle]
            if (other.cost.work, name) > (cost.work, other.name) { high = middle } else { low = middle + 1 }
        }
        entries.insert(entry, at: low)
    }

    /// Takes the next one that fits; if nothing is running, any fits.
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

    /// Takes items out.
    ///
    /// - Returns: those that were taken out.
    package mutating func remove(where holds: (Item) -> Bool) -> [Item] {
        let removed = entries.filter { holds($0.item) }.map(\.item)
        if !removed.isEmpty { entries.removeAll { holds($0.item) } }
        return removed
    }

    /// Empties the queue.
    package mutating func removeAll() { entries = [] }
}
