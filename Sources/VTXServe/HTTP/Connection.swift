// What a connection may not do: send headers without end, or take forever to read.

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// The client of a request.
struct Connection {
    let channel: any Channel

    /// Its address, without the port; connections of one client have it in common.
    var address: String { channel.remoteAddress?.ipAddress ?? "" }
}

/// Answers headers that are too large with 431, and closes connections whose reader stands still.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a piece of a response may wait for its reader.
    private let patience: TimeAmount
    private var waiting = 0
    private var progress = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(patience: TimeAmount) { self.patience = patience }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, error == .headerOverflow else {
            context.fireErrorCaught(error)
            return
        }
        let fields: HTTPFields = [.connection: "close", .contentLength: "0"]
        let head = HTTPResponse(status: .requestHeaderFieldsTooLarge, headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        if waiting == 0 { progress = .now() }
        waiting += 1
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.waiting -= 1
            self.progress = .now()
        }
        context.write(data, promise: promise)
        if timer == nil { watch(context, after: patience) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    private func watch(_ context: ChannelHandlerContext, after delay: TimeAmount) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            self.timer = nil
            guard self.waiting > 0 else { return }
            let idle = NIODeadline.now() - self.progress
            if idle >= self.patience {
                context.close(promise: nil)
            } else {
                self.watch(context, after: self.patience - idle)
            }
        }
    }
}
