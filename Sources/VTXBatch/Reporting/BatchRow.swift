// One row of the table that a batch ends with.

/// The result of one file.
package struct BatchRow: Hashable, Codable, Sendable {
    /// What became of a file.
    package enum Result: String, Hashable, Codable, Sendable, CaseIterable {
        /// Made by this run.
        case done
        /// Made before; source and plan are the same.
        case unchanged
        /// Failed in this run.
        case failed
        /// Failed before and was not tried again.
        case failedBefore = "failed_before"

        /// Whether there is no output.
        package var isFailure: Bool { self == .failed || self == .failedBefore }
    }

    /// Relative to the source directory.
    package var source: String
    /// Relative to the output directory; `nil` if it has no name.
    package var output: String?
    /// What became of it.
    package var result: Result
    /// Why it failed.
    package var failure: BatchFailure?
    /// Bytes of the source.
    package var sourceSize: Int64
    /// What was measured of the output.
    package var outcome: BatchOutcome?
    /// Seconds of the source.
    package var duration: Double?
}
