// The limits of what runs at once.

/// How much may run at once.
package struct Budget: Hashable, Sendable {
    /// Items at a time at most.
    package var jobs: Int
    /// Bytes for all workers together.
    package var memory: Int64

    /// Limits for all workers.
    package init(jobs: Int, memory: Int64) {
        self.jobs = jobs
        self.memory = memory
    }
}
