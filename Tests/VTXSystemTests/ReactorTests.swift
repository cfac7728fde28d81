// The loop that waits for descriptors.

import Glibc
import Testing

@testable import VTXSystem

/// Calls `body` with both ends of a pipe.
private func withPipe(_ body: (_ reading: Int32, _ writing: Int32) throws -> Void) throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    try body(ends[0], ends[1])
}

@Suite("reactor", .timeLimit(.minutes(5)))
struct ReactorTests {
    @Test("A turn without events takes the time it is given, and no time if that is 0", arguments: [0, 0.05, 0.2])
    func timeouts(seconds: Double) throws {
        try withPipe { reading, _ in
            let reactor = Reactor()
            reactor.watch(reading) { Issue.record("nothing was written") }
            let start = now()
            reactor.turn(seconds)
            // poll counts milliseconds.
            #expect(now() - start >= seconds - 0.002)
        }
    }

    @Test("A turn ends as soon as something can be read, and calls only whom it concerns")
    func readable() throws {
        try withPipe { quiet, _ in
            try withPipe { reading, writing in
                let reactor = Reactor()
                var calls = 0
                reactor.watch(quiet) { Issue.record("nothing was written here") }
                reactor.watch(reading) { calls += 1 }
                write(writing, "x", 1)
                let start = now()
                reactor.turn(60)
                #expect(calls == 1 && now() - start < 30)
                // It is still there to be read.
                reactor.turn(60)
                #expect(calls == 2)
                reactor.forget(reading)
                reactor.turn(0.01)
                #expect(calls == 2)
            }
        }
    }

    @Test("The other end's closing is an event")
    func closed() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let reactor = Reactor()
        var count: Int?
        reactor.watch(ends[0]) {
            var byte: UInt8 = 0
            count = read(ends[0], &byte, 1)
        }
        close(ends[1])
        reactor.turn(60)
        #expect(count == 0)
    }

    @Test("What a handler forgets is not called in the same turn")
    func forgetting() throws {
        try withPipe { one, toOne in
            try withPipe { other, toOther in
                let reactor = Reactor()
                var calls: [Int32] = []
                for (own, foreign) in [(one, other), (other, one)] {
                    reactor.watch(own) {
                        calls.append(own)
                        reactor.forget(foreign)
                    }
                }
                write(toOne, "x", 1)
                write(toOther, "x", 1)
                reactor.turn(60)
                #expect(calls.count == 1)
            }
        }
    }

    @Test("Signals are heard on the reactor in place of their usual effect")
    func signals() {
        let heard = Guarded<[Int32]>([])
        // In a thread that ends: its signals stay blocked.
        NamedThread("signals") {
            let reactor = Reactor()
            let source = try? SignalSource([SIGUSR1, SIGUSR2], on: reactor) { number in
                heard.with { $0.append(number) }
            }
            pthread_kill(pthread_self(), SIGUSR1)
            pthread_kill(pthread_self(), SIGUSR2)
            reactor.turn(60)
            withExtendedLifetime(source) {}
        }.join()
        #expect(heard.with { $0 } == [SIGUSR1, SIGUSR2])
    }
}
