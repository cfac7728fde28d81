// What an interrupted run has left to the next one.

/// What a job found when it began.
public struct Resumption: Hashable, Codable, Sendable {
    /// Why what was found is not used, in words; `nil` if it is used.
    public var discarded: String?
    /// Bytes of finished chunks that are used.
    public var bytes: Int64
    /// How much of the work is done, from 0 to 1; `nil` if the duration of the source is not known.
    public var fraction: Double?
}
