// Serves the metrics over HTTP, for programs on this machine only.

import Dispatch
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization
package import VTXModel

/// Serves a text that changes.
package final class MetricsServer: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Path of the page.
    package static let path = "/metrics"

    /// A server that does not run yet.
    package init() {}

    /// Starts serving, and returns when the port is taken.
    ///
    /// - Parameter page: makes the text; called on other threads.
    /// - Throws: `.cannotCreate` if the port is taken.
    package func start(port: Int, page: @escaping @Sendable () -> String) throws(VTXError) {
        let outcome = Outcome()
        let serving = Task {
            do {
                let server = try HTTPServerBuilder.http1().buildServer(
                    configuration: .init(address: .hostname("127.0.0.1", port: port)),
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                    logger: Logger(label: "vtx") { _ in SwiftLogNoOpLogHandler() },
                    responder: { request, writer, _ in
                        let response = Self.respond(to: request, page: page)
                        try await writer.write(response: response.head, body: response.body)
                    },
                    onServerRunning: { _ in outcome.settle(nil) })
                try await server.run()
            } catch {
                outcome.settle("\(error)")
            }
        }
        task.withLock { $0 = serving }
        guard let problem = outcome.wait() else { return }
        throw VTXError(
            .cannotCreate, "cannot serve metrics on port \(port)", cause: problem,
            remedy: .check([.metricsPort]))
    }

    private static func respond(to request: Request, page: () -> String) -> Response {
        guard request.uri.path == path else { return Response(status: .notFound) }
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        let response = Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page())))
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Ends serving.
    package func stop() { task.withLock { $0?.cancel() } }
}

/// What became of starting; the first word counts.
private final class Outcome: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let state = Mutex<(isSettled: Bool, problem: String?)>((false, nil))

    func settle(_ problem: String?) {
        let isFirst = state.withLock { state in
            defer { state = state.isSettled ? state : (true, problem) }
            return !state.isSettled
        }
        if isFirst { semaphore.signal() }
    }

    func wait() -> String? {
        semaphore.wait()
        return state.withLock { $0.problem }
    }
}
