// A bounded queue between two stages. Backpressure is the channel being full, shutdown is its closing.

import Glibc
import LibAV

/// Thrown out of a blocked stage when the job is over for another reason; never the root cause.
package struct Aborted: Error {
    package init() {}
}

/// First in, first out, at most `capacity` elements, one consumer and a fixed number of producers.
package final class Channel<Element: ~Copyable>: @unchecked Sendable {
    // @unchecked: everything below is guarded by `lock`.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let hasRoom = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let hasElements = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let ring: UnsafeMutablePointer<Element>
    private let capacity: Int
    private var first = 0
    private var count = 0
    private var producers: Int
    private var isAborted = false
    private var isRefusing = false

    package init(capacity: Int, producers: Int = 1) {
        precondition(capacity > 0)
        self.capacity = capacity
        self.producers = producers
        ring = .allocate(capacity: capacity)
        pthread_mutex_init(lock, nil)
        pthread_cond_init(hasRoom, nil)
        pthread_cond_init(hasElements, nil)
    }

    deinit {
        while count > 0 { _ = removeFirst() }
        ring.deallocate()
        pthread_cond_destroy(hasElements)
        pthread_cond_destroy(hasRoom)
        pthread_mutex_destroy(lock)
        hasElements.deallocate()
        hasRoom.deallocate()
        lock.deallocate()
    }

    /// Waits for room and adds an element.
    ///
    /// - Returns: whether the consumer still wants any; if not, the element is gone and so are later ones.
    /// - Throws: `Aborted` once the job is over.
    package func send(_ element: consuming Element) throws(Aborted) -> Bool {
        pthread_mutex_lock(lock)
        while count == capacity, !isAborted, !isRefusing { pthread_cond_wait(hasRoom, lock) }
        if isAborted || isRefusing {
            let aborted = isAborted
            pthread_mutex_unlock(lock)
            if aborted { throw Aborted() }
            return false
        }
        (ring + (first + count) % capacity).initialize(to: element)
        count += 1
        pthread_cond_signal(hasElements)
        pthread_mutex_unlock(lock)
        return true
    }

    /// Waits for an element; `nil` when all producers have closed and nothing is left.
    ///
    /// - Throws: `Aborted` once the job is over.
    package func receive() throws(Aborted) -> Element? {
        pthread_mutex_lock(lock)
        while count == 0, producers > 0, !isAborted { pthread_cond_wait(hasElements, lock) }
        if isAborted {
            pthread_mutex_unlock(lock)
            throw Aborted()
        }
        guard count > 0 else {
            pthread_mutex_unlock(lock)
            return nil
        }
        let element = removeFirst()
        pthread_cond_signal(hasRoom)
        pthread_mutex_unlock(lock)
        return element
    }

    /// Called once by each producer when it has nothing more. A producer that fails does not call it: what has
    /// come so far must not be taken for all there is.
    package func close() {
        pthread_mutex_lock(lock)
        producers -= 1
        pthread_cond_broadcast(hasElements)
        pthread_mutex_unlock(lock)
    }

    /// Called by the consumer when it needs nothing more: producers go on, to no effect.
    package func refuse() {
        pthread_mutex_lock(lock)
        isRefusing = true
        pthread_cond_broadcast(hasRoom)
        pthread_mutex_unlock(lock)
    }

    /// Wakes everybody up for good.
    package func abort() {
        pthread_mutex_lock(lock)
        isAborted = true
        pthread_cond_broadcast(hasRoom)
        pthread_cond_broadcast(hasElements)
        pthread_mutex_unlock(lock)
    }

    private func removeFirst() -> Element {
        let element = (ring + first).move()
        first = (first + 1) % capacity
        count -= 1
        return element
    }
}

extension [Channel<Frame>] {
    /// Gives a frame to each of several consumers that refuse nothing.
    func send(_ frame: consuming Frame) throws {
        for channel in dropLast() { _ = try channel.send(try frame.copy()) }
        if let last { _ = try last.send(frame) }
    }
}
