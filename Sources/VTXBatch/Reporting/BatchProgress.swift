// The progress of a running batch.

/// How far a batch is.
package struct BatchProgress: Hashable, Codable, Sendable {
    /// By source path.
    package var running: [RunningItem]
    /// Items in the queue.
    package var waiting: Int
    /// Items made by this run.
    package var done: Int
    /// Items that needed nothing.
    package var unchanged: Int
    /// Items without an output.
    package var failed: Int
    /// Seconds since the first item was started.
    package var elapsed: Double
    /// Part of the work of this run, 0 to 1.
    package var fraction: Double
    /// Seconds of media per second, all items together; `nil` before anything is done.
    package var speed: Double?
    /// Seconds; `nil` until an item is finished or well under way.
    package var eta: Double?
}

/// A running item.
package struct RunningItem: Hashable, Codable, Sendable {
    /// Relative to the source directory.
    package var source: String
    /// 0 to 1; `nil` if not known.
    package var fraction: Double?
    /// Seconds of media per second.
    package var speed: Double?
    /// Seconds since it was started.
    package var elapsed: Double
}
