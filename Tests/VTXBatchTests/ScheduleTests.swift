// Order, room and threads.

import Testing

@testable import VTXBatch

private func cost(_ work: Double, memory: Int64 = 1) -> ItemCost { ItemCost(work: work, memory: memory) }

@Suite("schedule")
struct ScheduleTests {
    private func drain(_ queue: Queue<String>, _ budget: Budget) -> [String] {
        var queue = queue
        var order: [String] = []
        while let next = queue.next(within: budget, running: 0, memory: 0) { order.append(next.item) }
        return order
    }

    @Test("The item with the most work comes first, equals by name")
    func order() {
        var queue = Queue<String>()
        for (name, work) in [("b", 1.0), ("big", 9), ("a", 1), ("middle", 5), ("c", 1)] {
            queue.add(name, cost: cost(work), name: name)
        }
        #expect(drain(queue, Budget(jobs: 1, memory: 10)) == ["big", "middle", "a", "b", "c"])
        #expect(queue.work == 17)
    }

    @Test("No more run at once than there are jobs and memory for; alone, anything runs")
    func room() {
        var queue = Queue<String>()
        queue.add("big", cost: cost(9, memory: 8), name: "big")
        queue.add("small", cost: cost(1, memory: 2), name: "small")
        let budget = Budget(jobs: 2, memory: 10)
        #expect(queue.next(within: budget, running: 2, memory: 0) == nil)
        // Something with 5 runs: the big one does not fit, the small one does.
        #expect(queue.next(within: budget, running: 1, memory: 5)?.item == "small")
        #expect(queue.next(within: budget, running: 1, memory: 5) == nil)
        #expect(queue.next(within: Budget(jobs: 2, memory: 1), running: 0, memory: 0)?.item == "big")
    }

    @Test("What does not fit is not passed for ever")
    func patience() {
        var queue = Queue<Int>()
        queue.add(-1, cost: cost(1000, memory: 8), name: "big")
        for number in 0..<100 { queue.add(number, cost: cost(1, memory: 1), name: "\(number)") }
        let budget = Budget(jobs: 2, memory: 10)
        var passed = 0
        while queue.next(within: budget, running: 1, memory: 5) != nil { passed += 1 }
        #expect(passed == 16)
        #expect(queue.next(within: budget, running: 0, memory: 0)?.item == -1)
    }

    @Test(
        "An item gets the cores that its share of the work is worth, and at least one",
        arguments: [
            (1.0, 1.0, 8, 8), (1, 100, 8, 1), (50, 100, 8, 4), (51, 100, 8, 5), (0, 0, 8, 1), (50, 100, 2, 1),
            (60, 100, 2, 2), (100, 100, 2, 2),
        ])
    func threads(work: Double, total: Double, cores: Int, expected: Int) {
        #expect(threadShare(work, of: total, cores: cores) == expected)
    }

    @Test("Items can be taken out of the queue; the others keep their order")
    func removal() {
        var queue = Queue<String>()
        for (name, work) in [("a", 3.0), ("b", 1), ("c", 2), ("d", 2)] {
            queue.add(name, cost: ItemCost(work: work, memory: 1), name: name)
        }
        #expect(queue.remove { $0 == "c" || $0 == "x" } == ["c"])
        #expect(queue.work == 6)
        var rest: [String] = []
        let budget = Budget(jobs: 1, memory: 9)
        while let next = queue.next(within: budget, running: 0, memory: 0) { rest.append(next.item) }
        #expect(rest == ["a", "d", "b"])
    }

    @Test("Longer, larger and faster is more work")
    func costs() {
        func facts(_ duration: Double?, _ width: Int, rate: Double = 25) -> MediaFacts {
            MediaFacts(format: "mp4", duration: duration, width: width, height: width, frameRate: rate)
        }
        func work(_ facts: MediaFacts?, bytes: Int64 = 1000) -> Double {
            ItemCost(facts, bytes: bytes, target: .mp4).work
        }
        #expect(work(facts(10, 100)) < work(facts(20, 100)))
        #expect(work(facts(10, 100)) < work(facts(10, 200)))
        #expect(work(facts(10, 100)) < work(facts(10, 100, rate: 50)))
        // Without a length, the size tells.
        #expect(work(facts(nil, 100), bytes: 1000) < work(facts(nil, 100), bytes: 1_000_000))
    }

    @Test(
        "Memory is estimated no lower than was measured, and not much higher",
        arguments: [
            (1920, 1080, 8, BatchTarget.mp4, 464), (3840, 2160, 10, .mp4, 2098), (720, 1280, 8, .mp4, 237),
            (1920, 1080, 10, .mp4, 557), (1920, 1080, 8, .hls, 453), (3840, 2160, 10, .hls, 657),
            (848, 480, 8, .hls, 127),
        ])
    func memory(width: Int, height: Int, depth: Int, target: BatchTarget, megabytes: Int) {
        let facts = MediaFacts(format: "mp4", width: width, height: height, bitDepth: depth, videoCodec: "h264")
        let estimate = Double(ItemCost(facts, bytes: 1, target: target).memory) / 1e6
        #expect(estimate >= Double(megabytes) && estimate < Double(megabytes) * 1.4, "\(estimate)")
    }
}
