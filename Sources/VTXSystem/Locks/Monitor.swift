// A value behind a mutex that threads can wait for.
//
// A wait takes its condition as a closure: an `inout` value that lived on through the wait would let the compiler keep
// parts of it in registers, and miss what other threads change.

import Glibc

/// A value that threads change one at a time, and whose changes others wait for.
///
/// Waiting threads stand in queues, so that a change wakes only those it may concern.
package final class Monitor<State: ~Copyable>: @unchecked Sendable {
    // @unchecked: `state` is guarded by `lock`.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let queues: UnsafeMutableBufferPointer<pthread_cond_t>
    private var state: State

    /// Who is woken by a change.
    package enum Wake {
        case nobody
        /// One thread of a queue.
        case one(Int)
        /// All threads of a queue.
        case all(Int)
        /// Every thread that waits.
        case everybody
    }

    /// - Parameters:
    ///   - state: the value at first.
    ///   - queues: how many queues there are to wait in, numbered from 0.
    package init(_ state: consuming State, queues count: Int = 1) {
        self.state = state
        queues = .allocate(capacity: count)
        pthread_mutex_init(lock, nil)
        for queue in queues.indices { pthread_cond_init(queues.baseAddress! + queue, nil) }
    }

    deinit {
        for queue in queues.indices { pthread_cond_destroy(queues.baseAddress! + queue) }
        pthread_mutex_destroy(lock)
        queues.deallocate()
        lock.deallocate()
    }

    /// Calls `body` with the value while no other thread can touch it, then wakes others.
    package func with<Result: ~Copyable, Failure: Error>(
        waking wake: Wake = .nobody, _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let result = try body(&state)
        notify(wake)
        return result
    }

    /// Waits until `isReady` holds, and calls `body` before that can change.
    ///
    /// - Parameters:
    ///   - queue: where to wait.
    ///   - wake: who is woken afterwards; nobody if `body` throws.
    ///   - isReady: asked at once, and whenever a thread of that queue is woken; changes nothing.
    package func wait<Result: ~Copyable, Failure: Error>(
        in queue: Int = 0, waking wake: Wake = .nobody, until isReady: (inout State) -> Bool,
        then body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while !isReady(&state) { pthread_cond_wait(queues.baseAddress! + queue, lock) }
        let result = try body(&state)
        notify(wake)
        return result
    }

    /// Waits until `isReady` holds or a time is over.
    ///
    /// - Parameters:
    ///   - seconds: how long to wait at most.
    ///   - queue: where to wait.
    /// - Returns: whether `isReady` holds.
    package func wait(atMost seconds: Double, in queue: Int = 0, until isReady: (inout State) -> Bool) -> Bool {
        var deadline = timespec()
        // The clock that condition variables use unless told otherwise.
        clock_gettime(CLOCK_REALTIME, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(seconds * 1e9)
        deadline.tv_sec += nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while !isReady(&state) {
            if pthread_cond_timedwait(queues.baseAddress! + queue, lock, &deadline) == ETIMEDOUT {
                return isReady(&state)
            }
        }
        return true
    }

    private func notify(_ wake: Wake) {
        switch wake {
        case .nobody: break
        case .one(let queue): pthread_cond_signal(queues.baseAddress! + queue)
        case .all(let queue): pthread_cond_broadcast(queues.baseAddress! + queue)
        case .everybody: for queue in queues.indices { pthread_cond_broadcast(queues.baseAddress! + queue) }
        }
    }
}
