// What is planned for an output, in short.

/// A plan in short.
package struct PlanFacts: Hashable, Codable, Sendable {
    /// One line for people.
    package var summary: String
    /// Columns of the (largest) video; `nil` without video.
    package var width: Int?
    /// Rows, as `width`.
    package var height: Int?
    /// Name of the video codec.
    package var codec: String?
    /// Seconds.
    package var duration: Double?
    /// Bytes; a guess for video unless its bit rate was asked for.
    package var estimatedSize: Int64?
}
