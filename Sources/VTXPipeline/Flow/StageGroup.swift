// The threads of one job: one named thread per stage, and one error for all of them.
//
// Blocking libav calls never run on the Swift concurrency pool: four blocking stages as tasks hung on two
// cores (design section 4, "Stages are threads").

import Glibc
package import LibAV

/// Runs stages on threads of their own, keeps the first error, and stops all stages for it.
package final class StageGroup: @unchecked Sendable {
    // @unchecked: everything below is guarded by `lock`.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var running = 0
    private var rootCause: (any Error)?
    private var cancellations: [@Sendable () -> Void] = []
    private let interrupt: Interrupt
    private var threads: [pthread_t] = []
    private let parent: StageGroup?

    /// - Parameters:
    ///   - interrupt: when set by somebody, the job ends with `Aborted`; set by the group to free stages that block
    ///     inside libav.
    ///   - parent: the group that one of whose stages waits for this one; the two share `interrupt`.
    package init(interrupt: Interrupt, parent: StageGroup? = nil) {
        self.interrupt = interrupt
        self.parent = parent
        pthread_mutex_init(lock, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// A channel that is aborted with the group.
    package func channel<Element: ~Copyable>(
        of: Element.Type = Element.self, capacity: Int, producers: Int = 1
    ) -> Channel<Element> {
        let channel = Channel<Element>(capacity: capacity, producers: producers)
        locked { cancellations.append { channel.abort() } }
        return channel
    }

    /// Calls `action` when the job ends before its time.
    package func onAbort(_ action: @escaping @Sendable () -> Void) {
        locked { cancellations.append(action) }
    }

    /// Starts a stage.
    ///
    /// - Parameters:
    ///   - name: shown by debuggers and `top -H`; 15 bytes at most are kept by the system.
    ///   - yields: whether the other stages come first where there are more stages than cores.
    package func start(
        _ name: String, yields: Bool = false, _ body: @escaping @Sendable () throws -> Void
    ) {
        let stage = Stage(name: name, yields: yields, group: self, body: body)
        locked { running += 1 }
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { raw in
                let stage = Unmanaged<Stage>.fromOpaque(raw!).takeRetainedValue()
                nameThisThread(stage.name)
                // Of this thread alone (Linux; setpriority(2), "C library/kernel differences"). No harm if it fails.
                if stage.yields { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
                stage.run()
                return nil
            }, Unmanaged.passRetained(stage).toOpaque())
        precondition(code == 0, "cannot start a thread")
        threads.append(thread)
    }

    /// Waits until every stage has returned.
    ///
    /// - Parameters:
    ///   - interval: seconds between two calls of `tick`.
    ///   - tick: called on this thread while stages run; it may look at progress.
    /// - Throws: the first error of any stage; `Aborted` if the job was interrupted.
    package func wait(every interval: Double, tick: () -> Void) throws {
        pthread_mutex_lock(lock)
        while running > 0 {
            var deadline = timespec()
            clock_gettime(CLOCK_REALTIME, &deadline)
            let nanoseconds = deadline.tv_nsec + Int(interval * 1e9)
            deadline.tv_sec += nanoseconds / 1_000_000_000
            deadline.tv_nsec = nanoseconds % 1_000_000_000
            let timedOut = pthread_cond_timedwait(changed, lock, &deadline) == ETIMEDOUT
            if timedOut || interrupt.isSet {
                pthread_mutex_unlock(lock)
                if interrupt.isSet { abort(Aborted()) } else { tick() }
                pthread_mutex_lock(lock)
            }
        }
        let error = rootCause
        pthread_mutex_unlock(lock)
        for thread in threads { pthread_join(thread, nil) }
        threads = []
        if let error { throw error }
    }

    /// Ends all stages because of `error`, unless they are already ending because of another.
    package func abort(_ error: any Error) {
        // First of all: once the flag is set, the parent would take it for an interruption from outside.
        if !(error is Aborted) { parent?.abort(error) }
        let actions: [@Sendable () -> Void] = locked {
            if rootCause == nil { rootCause = error }
            defer { cancellations = [] }
            return cancellations
        }
        interrupt.set()
        for action in actions { action() }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body()
    }

    private final class Stage {
        let name: String
        let yields: Bool
        let group: StageGroup
        let body: @Sendable () throws -> Void

        init(name: String, yields: Bool, group: StageGroup, body: @escaping @Sendable () throws -> Void) {
            self.name = name
            self.yields = yields
            self.group = group
            self.body = body
        }

        func run() {
            do { try body() } catch { group.abort(error) }
            pthread_mutex_lock(group.lock)
            group.running -= 1
            pthread_cond_signal(group.changed)
            pthread_mutex_unlock(group.lock)
        }
    }
}

/// A value that several stages touch, rarely.
package final class Guarded<Value>: @unchecked Sendable {
    // @unchecked: guarded by `lock`.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    package init(_ value: Value) {
        self.value = value
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    package func with<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}
