// How long the rest of a batch takes, checked against simulated batches.

import Testing

@testable import VTXBatch

@Suite("batch pace")
struct PaceTests {
    /// Items that take `start` seconds and `pace` seconds for a unit of work each, largest first, `slots` at a time.
    struct Simulated: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var works: [Double]
        var slots: Int
        var start: Double
        var pace: Double
        /// Whether workers say how far they are.
        var tells = true
    }

    static let batches = [
        Simulated(
            testDescription: "nine small files", works: [9, 8, 7, 6, 5, 4, 3, 2, 1], slots: 2, start: 2, pace: 0.2),
        Simulated(
            testDescription: "nine small files, silent", works: [9, 8, 7, 6, 5, 4, 3, 2, 1], slots: 2, start: 2,
            pace: 0.2,
            tells: false),
        Simulated(
            testDescription: "one large, many small", works: [200] + Array(repeating: 1.0, count: 40), slots: 4,
            start: 0.8,
            pace: 0.5),
        Simulated(
            testDescription: "equal files", works: Array(repeating: 10.0, count: 30), slots: 3, start: 0.3, pace: 1),
        Simulated(testDescription: "one at a time", works: [50, 40, 30, 20, 10], slots: 1, start: 1, pace: 0.3),
    ]

    @Test(
        "At 30, 60 and 90 % an estimate is within a quarter of the truth, at 10 % if anything is known",
        arguments: batches)
    func estimates(batch: Simulated) throws {
        var waiting = batch.works[...]
        var running: [(work: Double, began: Double)] = []
        var pace = BatchPace()
        var history: [(time: Double, estimate: Double?)] = []
        var time = 0.0
        func length(_ work: Double) -> Double { batch.start + batch.pace * work }
        while !waiting.isEmpty || !running.isEmpty {
            for item in running where time - item.began >= length(item.work) {
                pace.add(work: item.work, seconds: time - item.began, start: batch.tells ? batch.start : nil)
            }
            running.removeAll { time - $0.began >= length($0.work) }
            while running.count < batch.slots, let work = waiting.popFirst() { running.append((work, time)) }
            let now = running.map { item in
                let elapsed = time - item.began
                // Nothing is told while a worker starts.
                let part = max(0, elapsed - batch.start) / (batch.pace * item.work)
                let tells = batch.tells && elapsed > batch.start
                return BatchPace.Running(
                    work: item.work, elapsed: elapsed, start: tells ? batch.start : nil, fraction: tells ? part : nil)
            }
            history.append((time, pace.remaining(running: now, waiting: Array(waiting), slots: batch.slots)))
            time += 0.1
        }
        for mark in [0.1, 0.3, 0.6, 0.9] {
            let moment = try #require(history.first { $0.time >= mark * time })
            guard let estimate = moment.estimate else {
                #expect(mark < 0.3 || !batch.tells, "nothing is known at \(mark)")
                continue
            }
            let truth = time - moment.time
            #expect(abs(estimate - truth) <= max(0.25 * truth, 0.6), "at \(mark): \(estimate) for \(truth)")
        }
    }

    @Test("Nothing is known before anything has been measured")
    func unknown() {
        let pace = BatchPace()
        #expect(!pace.isKnown)
        let running = [BatchPace.Running(work: 1, elapsed: 5, start: nil, fraction: nil)]
        #expect(pace.remaining(running: running, waiting: [1, 1], slots: 2) == nil)
    }

    @Test("Items of one size say what the next one takes")
    func equal() {
        var pace = BatchPace()
        for _ in 0..<5 { pace.add(work: 10, seconds: 4) }
        #expect(abs(pace.seconds(of: 10) - 4) < 0.2)
    }

    @Test("A hundred thousand waiting files are summed up")
    func many() throws {
        var pace = BatchPace()
        for _ in 0..<5 { pace.add(work: 10, seconds: 4) }
        let seconds = try #require(
            pace.remaining(running: [], waiting: Array(repeating: 10, count: 100_000), slots: 4))
        #expect(abs(seconds / 100_000 - 1) < 0.1)
    }
}
