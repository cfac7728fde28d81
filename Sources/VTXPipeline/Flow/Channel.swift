// A bounded queue between two stages. Backpressure is the channel being full, shutdown is its closing.

import LibAV
import VTXSystem

/// Thrown out of a blocked stage when the job is over for another reason; never the root cause.
package struct Aborted: Error {
    package init() {}
}

/// First in, first out, at most `capacity` elements, one consumer and a fixed number of producers.
package final class Channel<Element: ~Copyable>: Sendable {
    private let state: Monitor<Ring<Element>>

    /// Queues of the monitor: producers wait for room, the consumer for elements.
    private static var room: Int { 0 }
    private static var elements: Int { 1 }

    /// - Parameter producers: how many call `close`.
    package init(capacity: Int, producers: Int = 1) {
        state = Monitor(Ring(capacity: capacity, producers: producers), queues: 2)
    }

    /// Waits for room and adds an element.
    ///
    /// - Returns: whether the consumer still wants any; if not, the element is gone and so are later ones.
    /// - Throws: `Aborted` once the job is over.
    package func send(_ element: consuming Element) throws(Aborted) -> Bool {
        // A closure cannot consume what it captures, but it can take it out of an optional.
        var element: Element? = element
        return try state.wait(
            in: Self.room, waking: .one(Self.elements), until: { !$0.isFull || $0.isAborted || $0.isRefusing }
        ) { ring throws(Aborted) in
            if ring.isAborted { throw Aborted() }
            if ring.isRefusing { return false }
            ring.append(element.take()!)
            return true
        }
    }

    /// Waits for an element; `nil` when all producers have closed and nothing is left.
    ///
    /// - Throws: `Aborted` once the job is over.
    package func receive() throws(Aborted) -> Element? {
        try state.wait(
            in: Self.elements, waking: .one(Self.room), until: { $0.count > 0 || $0.producers == 0 || $0.isAborted }
        ) { ring throws(Aborted) in
            if ring.isAborted { throw Aborted() }
            return ring.count > 0 ? ring.removeFirst() : nil
        }
    }

    /// Called once by each producer when it has nothing more. A producer that fails does not call it: what has
    /// come so far must not be taken for all there is.
    package func close() { state.with(waking: .all(Self.elements)) { $0.producers -= 1 } }

    /// Called by the consumer when it needs nothing more: producers go on, to no effect.
    package func refuse() { state.with(waking: .all(Self.room)) { $0.isRefusing = true } }

    /// Wakes everybody up for good.
    package func abort() { state.with(waking: .everybody) { $0.isAborted = true } }
}

/// The elements of a channel, and what its ends have said.
private struct Ring<Element: ~Copyable>: ~Copyable {
    private let elements: UnsafeMutablePointer<Element>
    private let capacity: Int
    private var first = 0
    private(set) var count = 0
    var producers: Int
    var isAborted = false
    var isRefusing = false

    init(capacity: Int, producers: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
        self.producers = producers
        elements = .allocate(capacity: capacity)
    }

    deinit {
        for index in 0..<count { (elements + (first + index) % capacity).deinitialize(count: 1) }
        elements.deallocate()
    }

    var isFull: Bool { count == capacity }

    mutating func append(_ element: consuming Element) {
        (elements + (first + count) % capacity).initialize(to: element)
        count += 1
    }

    mutating func removeFirst() -> Element {
        defer {
            first = (first + 1) % capacity
            count -= 1
        }
        return (elements + first).move()
    }
}

extension [Channel<Frame>] {
    /// Gives a frame to each of several consumers that refuse nothing.
    func send(_ frame: consuming Frame) throws {
        for channel in dropLast() { _ = try channel.send(try frame.copy()) }
        if let last { _ = try last.send(frame) }
    }
}
