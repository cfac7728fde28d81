// Ends a running job from anywhere.

import LibAV
import VTXSystem

/// Ends a running job. May be used from any thread, a signal handler's among them.
public final class StopSwitch: Sendable {
    let interrupt = Interrupt()

    /// A switch that has not been used.
    public init() {}

    /// Asks the job to stop. It ends as soon as its encoders let go, with `.interrupted`, and removes unfinished outputs.
    public func stop() { interrupt.set() }
}
