// Serves the metrics of a batch over HTTP, for programs on this machine only.

import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import VTXSystem

/// Serves a text that changes.
package struct MetricsServer: Sendable {
    private let port: Int
    private let page: @Sendable () -> String

    /// Path of the page.
    package static let path = "/metrics"

    /// - Parameter page: makes the text; called on other threads.
    package init(port: Int, page: @escaping @Sendable () -> String) {
        self.port = port
        self.page = page
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter onReady: called when the port is taken.
    /// - Throws: `SystemFailure` if the port cannot be taken.
    package func run(onReady: @escaping @Sendable () -> Void) async throws {
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "vtx") { _ in SwiftLogNoOpLogHandler() },
            responder: { request, writer, _ in
                let response = respond(to: request)
                try await writer.write(response: response.head, body: response.body)
            },
            onServerRunning: { _ in onReady() })
        do { try await server.run() } catch let error as IOError {
            throw SystemFailure("serve metrics", errno: error.errnoCode)
        }
    }

    private func respond(to request: Request) -> Response {
        guard request.uri.path == Self.path else { return Response(status: .notFound) }
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        let response = Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page())))
        return request.method == .head ? response.createHeadResponse() : response
    }
}
