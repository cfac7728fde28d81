// The channel between two stages: order, backpressure, and every way it can end.

import Glibc
import LibAV
import Testing
import VTXPipeline
import VTXSystem

/// Runs `body` on a thread of its own; blocking calls stay off the concurrency pool.
private func onThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { raw in
            Unmanaged<Box>.fromOpaque(raw!).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    precondition(code == 0)
    return thread
}

/// Waits until `condition` holds, for ten seconds at most.
private func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<10_000 {
        if condition() { return true }
        usleep(1000)
    }
    return false
}

@Suite("channel", .timeLimit(.minutes(60)))
struct ChannelTests {
    @Test("Elements come out in the order they went in", arguments: [1, 2, 7, 64])
    func order(capacity: Int) throws {
        let channel = Channel<Int>(capacity: capacity)
        let producer = onThread {
            for number in 0..<1000 { _ = try? channel.send(number) }
            channel.close()
        }
        var received: [Int] = []
        while let number = try channel.receive() { received.append(number) }
        pthread_join(producer, nil)
        #expect(received == Array(0..<1000))
        #expect(try channel.receive() == nil)
    }

    @Test("A full channel holds its producer back")
    func backpressure() throws {
        let channel = Channel<Int>(capacity: 3)
        let sent = Guarded(0)
        let producer = onThread {
            for number in 0..<10 {
                _ = try? channel.send(number)
                sent.with { $0 += 1 }
            }
            channel.close()
        }
        #expect(eventually { sent.with { $0 } == 3 })
        usleep(50_000)
        #expect(sent.with { $0 } == 3)
        #expect(try channel.receive() == 0)
        #expect(eventually { sent.with { $0 } == 4 })
        while try channel.receive() != nil {}
        pthread_join(producer, nil)
        #expect(sent.with { $0 } == 10)
    }

    @Test("The end comes when the last of several producers has closed, and nothing is lost")
    func producers() throws {
        let channel = Channel<Int>(capacity: 4, producers: 3)
        let threads = (0..<3).map { producer in
            onThread {
                for number in 0..<100 { _ = try? channel.send(producer * 1000 + number) }
                channel.close()
            }
        }
        var received: [Int] = []
        while let number = try channel.receive() { received.append(number) }
        for thread in threads { pthread_join(thread, nil) }
        #expect(received.count == 300)
        for producer in 0..<3 {
            // Each producer's own order is kept.
            #expect(received.filter { $0 / 1000 == producer } == (0..<100).map { producer * 1000 + $0 })
        }
    }

    @Test("Closing wakes up a waiting consumer")
    func closing() {
        let channel = Channel<Int>(capacity: 1)
        let ended = Guarded(false)
        let consumer = onThread {
            let value = (try? channel.receive()) ?? nil
            ended.with { $0 = value == nil }
        }
        usleep(20_000)
        channel.close()
        pthread_join(consumer, nil)
        #expect(ended.with { $0 })
    }

    @Test("Aborting wakes up and throws on both sides, now and later")
    func aborting() throws {
        let channel = Channel<Int>(capacity: 1)
        #expect(try channel.send(1))
        let thrown = Guarded(false)
        let producer = onThread {
            do { _ = try channel.send(2) } catch { thrown.with { $0 = true } }
        }
        usleep(20_000)
        channel.abort()
        pthread_join(producer, nil)
        #expect(thrown.with { $0 })
        #expect(throws: Aborted.self) { try channel.receive() }
        #expect(throws: Aborted.self) { try channel.send(3) }
    }

    @Test("A consumer that refuses lets its producer run on to no effect")
    func refusing() throws {
        let channel = Channel<Int>(capacity: 1)
        #expect(try channel.send(1))
        let answers = Guarded<[Bool]>([])
        let producer = onThread {
            for number in 2..<5 {
                if let isWanted = try? channel.send(number) { answers.with { $0.append(isWanted) } }
            }
            channel.close()
        }
        usleep(20_000)
        channel.refuse()
        pthread_join(producer, nil)
        #expect(answers.with { $0 } == [false, false, false])
        // What was there before is still handed out.
        #expect(try channel.receive() == 1)
        #expect(try channel.receive() == nil)
    }

    @Test("What is left in a channel is freed with it")
    func leftovers() throws {
        final class Thing: Sendable {}
        weak var witness: Thing?
        do {
            let channel = Channel<Thing>(capacity: 4)
            let thing = Thing()
            witness = thing
            #expect(try channel.send(thing))
        }
        #expect(witness == nil)
    }
}

@Suite("stage group", .timeLimit(.minutes(60)))
struct StageGroupTests {
    struct Failure: Error, Equatable { var name: String }

    @Test("All stages run to their end")
    func runs() throws {
        let group = StageGroup(interrupt: Interrupt())
        let channel: Channel<Int> = group.channel(capacity: 2)
        let sum = Guarded(0)
        group.start("producer") {
            defer { channel.close() }
            for number in 1...100 { _ = try channel.send(number) }
        }
        group.start("consumer") { while let number = try channel.receive() { sum.with { $0 += number } } }
        try group.wait(every: 0.01) {}
        #expect(sum.with { $0 } == 5050)
    }

    @Test("The root cause wins over its consequences")
    func rootCause() {
        let group = StageGroup(interrupt: Interrupt())
        let channel: Channel<Int> = group.channel(capacity: 1)
        group.start("producer") {
            defer { channel.close() }
            while true { _ = try channel.send(1) }
        }
        group.start("consumer") {
            _ = try channel.receive()
            throw Failure(name: "consumer")
        }
        #expect(throws: Failure(name: "consumer")) { try group.wait(every: 0.01) {} }
    }

    @Test("A failing stage frees stages that wait for something else")
    func freesOthers() {
        let group = StageGroup(interrupt: Interrupt())
        let forever: Channel<Int> = group.channel(capacity: 1)
        for number in 0..<4 { group.start("waits \(number)") { _ = try forever.receive() } }
        group.start("fails") { throw Failure(name: "fails") }
        #expect(throws: Failure(name: "fails")) { try group.wait(every: 0.01) {} }
    }

    @Test("An interrupt from outside ends everything as aborted")
    func interrupt() {
        let interrupt = Interrupt()
        let group = StageGroup(interrupt: interrupt)
        let forever: Channel<Int> = group.channel(capacity: 1)
        group.start("waits") { _ = try forever.receive() }
        let ticks = Guarded(0)
        #expect(throws: Aborted.self) {
            try group.wait(every: 0.01) {
                ticks.with { $0 += 1 }
                if ticks.with({ $0 }) == 3 { interrupt.set() }
            }
        }
        #expect(ticks.with { $0 } == 3)
    }

    @Test("Ticks go on while stages work, and stop with them")
    func ticks() throws {
        let group = StageGroup(interrupt: Interrupt())
        group.start("sleeps") { usleep(200_000) }
        var count = 0
        try group.wait(every: 0.02) { count += 1 }
        #expect(count >= 2)
    }
}
