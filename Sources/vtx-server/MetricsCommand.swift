// vtx-server metrics: what `vtx batch --metrics` starts.

import ArgumentParser
import Dispatch
import Glibc
import Synchronization
import VTXServe
import VTXSystem

/// Serves the last text that came as a datagram on descriptor 3, until its other end is closed.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "metrics", abstract: "Serve the metrics of a batch.")

    /// Bytes of a text at most.
    private static let longestText = 1 << 18

    @Argument var port: Int

    func run() throws {
        let text = Latest()
        let server = MetricsServer(port: port) { text.value.withLock { $0 } }
        Task {
            do {
                try await server.run { answer("ready") }
            } catch {
                answer((error as? SystemFailure)?.words ?? "\(error)")
                _exit(1)
            }
        }
        var buffer = [UInt8](repeating: 0, count: Self.longestText)
        while true {
            let count = recv(3, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            let latest = String(decoding: buffer[..<count], as: UTF8.self)
            text.value.withLock { $0 = latest }
        }
    }
}

/// A text that two threads share.
private final class Latest: Sendable {
    let value = Mutex("")
}

/// The one line that the batch waits for.
private func answer(_ line: String) {
    print(line.split(separator: "\n").joined(separator: " "))
    fflush(nil)
}
