// Signals as events of a reactor, by a descriptor in place of handlers.

import CLinux
import Glibc
package import VTXModel

/// Blocks signals for this thread and those it starts later, and has them heard on a reactor instead. They stay blocked.
package final class SignalSource {
    private let descriptor: Int32
    private let reactor: Reactor

    /// - Parameter hear: called for each signal, on the reactor's thread.
    /// - Throws: `.internal` if the system refuses.
    package init(_ signals: [Int32], on reactor: Reactor, hear: @escaping (Int32) -> Void) throws(VTXError) {
        let file = vtx_signal_descriptor(signals, Int32(signals.count))
        guard file >= 0 else {
            throw VTXError(
                .internal, "cannot listen to signals", cause: SystemFailure("listen", errno: -file).words)
        }
        descriptor = file
        self.reactor = reactor
        reactor.watch(file) {
            while case let number = vtx_next_signal(file), number != 0 { hear(number) }
        }
    }

    deinit {
        reactor.forget(descriptor)
        close(descriptor)
    }
}
