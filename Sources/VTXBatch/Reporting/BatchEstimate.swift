// What a dry run estimates for a whole batch.

/// The totals of a dry run.
package struct BatchEstimate: Hashable, Codable, Sendable {
    /// Items to run.
    package var items: Int
    /// Items that cannot be made, or failed before.
    package var failures: Int
    /// Bytes of the sources.
    package var sourceBytes: Int64
    /// Bytes; a guess for video whose bit rate was not asked for.
    package var outputBytes: Int64
    /// Seconds of media.
    package var duration: Double
    /// Seconds that it will take at the speed of this directory's earlier items; `nil` if there are none.
    package var elapsed: Double?
}
