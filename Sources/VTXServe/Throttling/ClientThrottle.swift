// One throttle a client: its connections share the bandwidth, as they would behind one wire.

import Synchronization
import VTXModel

/// The profile's clock and the queue of every client.
final class ClientThrottles: Sendable {
    private let profile: ThrottleProfile
    private let clients = Mutex<[String: Client]>([:])

    private struct Client {
        var began: ContinuousClock.Instant
        /// When what is on its way will have passed, in seconds since `began`.
        var free = 0.0
    }

    /// Clients remembered at most; the ones that began first are forgotten.
    private static let limit = 10_000
    /// Seconds that a piece of a response takes to pass.
    private static let pieceDuration = 0.05

    init(_ profile: ThrottleProfile) { self.profile = profile }

    /// Restarts the profile: the client opens a package.
    func restart(_ client: String) {
        clients.withLock { $0[client] = Client(began: .now) }
    }

    /// Bytes to send next, so that a change of the rate is felt soon.
    func piece(for client: String) -> Int {
        let rate = clients.withLock { profile.rate(at: seconds(since: $0[client]?.began)) }
        return min(64 << 10, max(1 << 10, Int(rate / 8 * Self.pieceDuration)))
    }

    /// Waits until that number of bytes has passed.
    func pass(_ bytes: Int, for client: String) async throws {
        let until = clients.withLock { clients in
            if clients[client] == nil, clients.count >= Self.limit,
                let oldest = clients.min(by: { $0.value.began < $1.value.began })
            {
                clients[oldest.key] = nil
            }
            var state = clients[client] ?? Client(began: .now)
            state.free = profile.end(of: bytes, from: max(state.free, seconds(since: state.began)))
            clients[client] = state
            return state.began.advanced(by: .seconds(state.free))
        }
        try await Task.sleep(until: until, tolerance: .milliseconds(2))
    }

    private func seconds(since time: ContinuousClock.Instant?) -> Double {
        guard let time else { return 0 }
        return time.duration(to: .now) / .seconds(1)
    }
}
