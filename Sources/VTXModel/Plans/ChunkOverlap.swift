// How far the encoder of a chunk looks beyond its chunk.

/// Frames that the encoder of a chunk sees besides its own, so that nobody sees where chunks meet.
public struct ChunkOverlap: Hashable, Codable, Sendable {
    /// First frames of the chunk, which are encoded twice.
    public var before: Int
    /// First frames of the next chunk.
    public var after: Int

    /// The value made of its parts; what is left out is as its declaration says.
    public init(before: Int = 0, after: Int = 0) {
        self.before = before
        self.after = after
    }

    /// How many frames wait until a chunk begins.
    public var held: Int { max(before, after) }
}
