// The threads of one job: one named thread per stage, and one error for all of them.
//
// Blocking libav calls never run on the Swift concurrency pool: four blocking stages as tasks hung on two
// cores (design section 4, "Stages are threads").

package import VTXSystem

/// Runs stages on threads of their own, keeps the first error, and stops all stages for it.
package final class StageGroup: @unchecked Sendable {
    // @unchecked: `threads` belongs to the thread that starts stages and waits for them.
    private struct State {
        var running = 0
        var rootCause: (any Error)?
        var cancellations: [@Sendable () -> Void] = []
    }

    private let state = Monitor(State())
    private let interrupt: Interrupt
    private var threads: [NamedThread] = []
    private let parent: StageGroup?

    /// - Parameters:
    ///   - interrupt: when set by somebody, the job ends with `Aborted`; set by the group to free stages that block
    ///     inside libav.
    ///   - parent: the group that one of whose stages waits for this one; the two share `interrupt`.
    package init(interrupt: Interrupt, parent: StageGroup? = nil) {
        self.interrupt = interrupt
        self.parent = parent
    }

    /// A channel that is aborted with the group.
    package func channel<Element: ~Copyable>(
        of: Element.Type = Element.self, capacity: Int, producers: Int = 1
    ) -> Channel<Element> {
        let channel = Channel<Element>(capacity: capacity, producers: producers)
        onAbort { channel.abort() }
        return channel
    }

    /// Calls `action` when the job ends before its time.
    package func onAbort(_ action: @escaping @Sendable () -> Void) { state.with { $0.cancellations.append(action) } }

    /// Starts a stage.
    ///
    /// - Parameters:
    ///   - name: shown by debuggers and `top -H`; 15 bytes at most are kept by the system.
    ///   - yields: whether the other stages come first where there are more stages than cores.
    package func start(_ name: String, yields: Bool = false, _ body: @escaping @Sendable () throws -> Void) {
        state.with { $0.running += 1 }
        threads.append(
            NamedThread(name, niceness: yields ? 10 : 0) { [self] in
                do { try body() } catch { abort(error) }
                state.with(waking: .everybody) { $0.running -= 1 }
            })
    }

    /// Waits until every stage has returned.
    ///
    /// - Parameters:
    ///   - interval: seconds between two calls of `tick`.
    ///   - tick: called on this thread while stages run; it may look at progress.
    /// - Throws: the first error of any stage; `Aborted` if the job was interrupted.
    package func wait(every interval: Double, tick: () -> Void) throws {
        while !state.wait(atMost: interval, until: { $0.running == 0 || interrupt.isSet }) { tick() }
        if interrupt.isSet {
            // Again and again: a stage may still make channels.
            repeat { abort(Aborted()) } while !state.wait(atMost: interval, until: { $0.running == 0 })
        }
        for thread in threads { thread.join() }
        threads = []
        if let error = state.with({ $0.rootCause }) { throw error }
    }

    /// Ends all stages because of `error`, unless they are already ending because of another.
    package func abort(_ error: any Error) {
        // First of all: once the flag is set, the parent would take it for an interruption from outside.
        if !(error is Aborted) { parent?.abort(error) }
        let actions = state.with { state in
            if state.rootCause == nil { state.rootCause = error }
            defer { state.cancellations = [] }
            return state.cancellations
        }
        interrupt.set()
        for action in actions { action() }
    }
}
