// What a dry run says of a file.

/// An item of a dry run.
package struct PlannedItem: Hashable, Codable, Sendable {
    /// Relative to the source directory.
    package var source: String
    /// Relative to the output directory; `nil` if it has no name.
    package var output: String?
    /// What would be made.
    package var target: BatchTarget
    /// Bytes of the source.
    package var sourceSize: Int64
    /// Seconds of the source.
    package var duration: Double?
    /// What would be done about it.
    package var standing: Standing
    /// The plan of the output.
    package var plan: PlanFacts?
    /// Why it cannot be made, or why it failed before.
    package var failure: BatchFailure?

    /// `due`, `unchanged`, `failed_before`, or `failed`: it cannot be planned.
    package enum Standing: String, Hashable, Codable, Sendable {
        case due, unchanged, failed
        case failedBefore = "failed_before"
    }
}
