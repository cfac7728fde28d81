// What was measured of a finished output.

/// The measured output of an item.
package struct BatchOutcome: Hashable, Codable, Sendable {
    /// Bytes of the output; of a package, of all its files.
    package var size: Int64
    /// Seconds of media; `nil` if the worker ended after the output was made and before it said so.
    package var duration: Double?
    /// Seconds of wall time.
    package var elapsed: Double?
    /// Seconds of CPU.
    package var cpu: Double?
    /// Bytes of memory that the worker took at most.
    package var memory: Int64?
    /// What the worker warned of.
    package var warnings: [String]

    /// An output of which at least the size is known.
    package init(
        size: Int64, duration: Double? = nil, elapsed: Double? = nil, cpu: Double? = nil, memory: Int64? = nil,
        warnings: [String] = []
    ) {
        self.size = size
        self.duration = duration
        self.elapsed = elapsed
        self.cpu = cpu
        self.memory = memory
        self.warnings = warnings
    }

    /// Seconds of media per second; `nil` if it was not measured.
    package var speed: Double? {
        guard let duration, let elapsed, elapsed > 0 else { return nil }
        return duration / elapsed
    }
}
