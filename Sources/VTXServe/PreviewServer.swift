// `vtx serve`: the server as a whole.

import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization
package import VTXModel
import VTXSystem

/// Serves packages until it is stopped.
package final class PreviewServer: Sendable {
    private let options: ServeOptions
    private let responder: Responder
    private let group = Mutex<ServiceGroup?>(nil)

    /// Seconds after which a connection ends on which nothing is asked, or nothing is taken.
    private static let patience = 60
    /// Seconds for responses on their way when the server is stopped.
    private static let farewell = 1

    /// - Throws: `.noInput` if there is no such directory, `.cannotCreate` if the log cannot be written.
    package init(_ options: ServeOptions) throws(VTXError) {
        self.options = options
        let log: SessionLog? = if let path = options.log { try SessionLog(path) } else { nil }
        responder = Responder(
            tree: try ServedTree(options.directory), options: options,
            signer: options.secret.map { PathSigner(secret: $0) },
            throttles: options.throttle.map { ClientThrottles($0) }, log: log)
    }

    /// Serves until `stop`, or until the task is cancelled.
    ///
    /// - Parameter started: called once, when requests are accepted.
    /// - Throws: `.unavailable` if the address cannot be had.
    package func run(started: @escaping @Sendable (ServeAddress) -> Void) async throws(VTXError) {
        // What a library logs is not for users; what matters comes as an error.
        let logger = Logger(label: "vtx") { _ in SwiftLogNoOpLogHandler() }
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(patience: .seconds(Int64(Self.patience)))],
            idleTimeout: .seconds(Int64(Self.patience)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
        let responder = responder
        let address = self.address
        do {
            let server = try HTTPServerBuilder.http1(configuration: configuration).buildServer(
                configuration: .init(address: .hostname(options.host, port: options.port), backlog: 1024),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
                responder: { request, writer, channel in
                    let response = await responder.respond(to: request, of: Connection(channel: channel))
                    do {
                        try await writer.write(response: response.head, body: response.body)
                    } catch is HTTPParserError {
                        // It would be answered, in the middle of this answer.
                        throw CancellationError()
                    }
                },
                onServerRunning: { channel in started(address(channel.localAddress?.port)) })
            var services = ServiceGroupConfiguration(services: [server], logger: logger)
            services.maximumGracefulShutdownDuration = .seconds(Self.farewell)
            let group = ServiceGroup(configuration: services)
            self.group.withLock { $0 = group }
            try await group.run()
        } catch let error as IOError {
            throw VTXError(
                .unavailable, "cannot listen on \(options.host), port \(options.port)",
                cause: String(cString: strerror(error.errnoCode)),
                remedy: "choose another with \(.port); \(.port) 0 takes any that is free")
        } catch {
            throw VTXError(.unavailable, "cannot serve on \(options.host), port \(options.port)", cause: "\(error)")
        }
    }

    /// Takes no more connections, lets responses on their way end for a second, and ends `run`.
    package func stop() {
        guard let group = group.withLock({ $0 }) else { return }
        Task { await group.triggerGracefulShutdown() }
    }

    /// What to open, for a port.
    private func address(_ port: Int?) -> ServeAddress {
        let port = port ?? options.port
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        let path = responder.signer?.sign("/", expires: Int(wallTime()) + options.lifetime) ?? "/"
        return ServeAddress(url: "http://\(host):\(port)\(path)", host: options.host, port: port)
    }
}
