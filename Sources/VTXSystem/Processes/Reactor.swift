// A poll(2) loop on one thread: waits for several descriptors at once.

import Glibc

/// Calls back when a descriptor can be read. Used on one thread only.
package final class Reactor {
    private var handlers: [Int32: () -> Void] = [:]

    /// A loop that waits for nothing yet.
    package init() {}

    /// Has a handler called in each turn in which the descriptor can be read or its other end is closed; replaces an
    /// earlier handler.
    package func watch(_ descriptor: Int32, _ handler: @escaping () -> Void) { handlers[descriptor] = handler }

    /// Stops waiting for a descriptor; to be called before it is closed.
    package func forget(_ descriptor: Int32) { handlers[descriptor] = nil }

    /// Waits until a descriptor can be read or the time is over, and calls the handlers of those that can be read.
    ///
    /// - Parameter seconds: an hour at most; 0 does not wait. A signal may end the turn early.
    package func turn(_ seconds: Double) {
        var polled = handlers.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let code = poll(&polled, nfds_t(polled.count), Int32(max(0, min(seconds, 3600)) * 1000))
        guard code > 0 else { return }
        for entry in polled where entry.revents != 0 { handlers[entry.fd]?() }
    }
}
