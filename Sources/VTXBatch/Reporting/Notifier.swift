// Posts signed messages to a web address, and tries again if they are not taken.

import Dispatch
#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif
import Glibc
import Synchronization
import VTXKit
package import VTXModel
import VTXSystem

/// Sends messages one after another, on a thread of its own.
package final class Notifier: Sendable {
    private let url: String
    private let secret: [UInt8]
    private let queue = DispatchQueue(label: "vtx-notify")
    private let sent = DispatchGroup()
    private let waiting = Atomic(0)
    private let hasGivenUp = Atomic(false)
    private let tell: @Sendable (Outcome) -> Void

    /// What became of a message.
    package enum Outcome: Sendable {
        /// The address has taken it.
        case delivered
        /// It is lost, with the reason.
        case failed(String)
    }

    /// Seconds before each further try.
    private static let pauses: [UInt32] = [1, 2, 4, 8]
    /// Messages that wait at most; any more are dropped, with a warning.
    private static let mostWaiting = 1000
    /// Seconds for one try.
    private static let timeout = 10

    /// Sends to an address.
    ///
    /// - Parameters:
    ///   - secret: signing key.
    ///   - tell: called for each message, on another thread.
    /// - Throws: `.usage` for an invalid address, `.unavailable` without libcurl.
    package init(url: String, secret: String, tell: @escaping @Sendable (Outcome) -> Void) throws(VTXError) {
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), url.count > 8 else {
            throw VTXError(
                .usage, "invalid address '\(url)' for \(.notification)",
                remedy: "it must begin with https:// or http://")
        }
        guard HTTPPost.isAvailable else {
            throw VTXError(.unavailable, "\(.notification) needs libcurl", remedy: "install libcurl4")
        }
        self.url = url
        self.secret = Array(secret.utf8)
        self.tell = tell
    }

    /// The signature of a message: HMAC-SHA256 of the time, a dot and the body, in hexadecimal digits.
    private static func signature(of body: Data, at time: Int, key: [UInt8]) -> String {
        Digest.hmacSHA256(Array("\(time).".utf8) + body, key: key)
    }

    /// Sends a message as soon as those before it are through.
    package func send(_ body: Data) {
        guard waiting.load(ordering: .relaxed) < Self.mostWaiting else {
            return tell(.failed("\(Self.mostWaiting) messages are waiting; this one is dropped"))
        }
        waiting.add(1, ordering: .relaxed)
        let name = String(UInt64.random(in: .min ... .max), radix: 16)
        queue.async(group: sent) { [self] in
            tell(deliver(body, name: name))
            waiting.subtract(1, ordering: .relaxed)
        }
    }

    private func deliver(_ body: Data, name: String) -> Outcome {
        var reason = ""
        for attempt in 0...Self.pauses.count {
            if hasGivenUp.load(ordering: .relaxed) { return .failed("the batch has ended") }
            if attempt > 0 { sleep(Self.pauses[attempt - 1]) }
            let (status, problem) = post(body, name: name)
            if (200..<300).contains(status) { return .delivered }
            reason = status > 0 ? "status \(status)" : problem
            // Trying again does not help a request that is wrong.
            if (300..<500).contains(status), status != 408, status != 429 { break }
        }
        return .failed(reason)
    }

    private func post(_ body: Data, name: String) -> (status: Int, problem: String) {
        let time = Int(wallTime())
        let headers = [
            "Content-Type: application/json", "X-Vtx-Timestamp: \(time)", "X-Vtx-Delivery: \(name)",
            "X-Vtx-Signature: sha256=\(Self.signature(of: body, at: time, key: secret))",
            // libcurl would ask first whether a body is welcome.
            "Expect:",
        ]
        let request = HTTPPost(url: url, headers: headers, timeout: Self.timeout)
        return body.withUnsafeBytes { request.send($0) }
    }

    /// Waits until all messages are through, or so many seconds; the rest is given up.
    ///
    /// - Returns: how many were not sent.
    package func finish(within seconds: Double) -> Int {
        if sent.wait(timeout: .now() + seconds) == .success { return 0 }
        hasGivenUp.store(true, ordering: .relaxed)
        return waiting.load(ordering: .relaxed)
    }
}
