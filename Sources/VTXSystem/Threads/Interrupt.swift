// The flag that asks work to stop.

/// A flag that stops blocking reads and writes; may be set from any thread, and from a signal handler.
package final class Interrupt: @unchecked Sendable {
    // @unchecked: one aligned 32-bit word, only ever set, read with relaxed atomics in C.
    /// 0 until the flag is set; valid as long as this object lives.
    package let flag = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    /// A flag that is not set.
    package init() { flag.initialize(to: 0) }
    deinit { flag.deallocate() }

    /// Sets the flag, for good.
    package func set() { flag.pointee = 1 }

    /// Whether the work should stop.
    package var isSet: Bool { flag.pointee != 0 }
}
