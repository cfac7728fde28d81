import Testing
import VTXModel

@testable import VTXServe

@Suite("Throttles")
struct ThrottleTests {
    @Test("Connections of one client wait for each other, other clients do not")
    func clients() async throws {
        let throttles = ClientThrottles(try #require(ThrottleProfile("80M:86400s,8M")))
        let clock = ContinuousClock()
        let began = clock.now
        // 0.4 MB at 10 MB/s for each client: 40 ms, of two connections 80.
        try await withThrowingTaskGroup { group in
            for client in ["a", "a", "b"] { group.addTask { try await throttles.pass(400_000, for: client) } }
            try await group.waitForAll()
        }
        // Never sooner; how much later is the machine's business.
        #expect(clock.now - began >= .milliseconds(80))
        #expect(throttles.piece(for: "a") == 64 << 10)
    }
}
