// Signals as events of the reactor.

import CLinux
import Glibc
import VTXModel

/// Blocks signals, and hears of them on a reactor instead.
final class SignalSource {
    /// - Parameter hear: called for each signal.
    /// - Throws: `.internal` if the system refuses.
    init(_ signals: [Int32], on reactor: Reactor, hear: @escaping (Int32) -> Void) throws(VTXError) {
        let file = vtx_signal_descriptor(signals, Int32(signals.count))
        guard file >= 0 else {
            throw VTXError(.internal, "cannot listen to signals", cause: String(cString: strerror(-file)))
        }
        reactor.watch(file) {
            while case let number = vtx_next_signal(file), number != 0 { hear(number) }
        }
    }
}
