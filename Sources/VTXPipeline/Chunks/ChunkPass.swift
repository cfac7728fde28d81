// One reader of a source among several.

/// One pass over a part of the source: it begins at a chunk, and continues from chunk to chunk.
package struct ChunkPass: Hashable, Sendable {
    /// Counts all passes of a job, those of interrupted runs among them.
    package var number: Int
    /// Its first chunk.
    package var chunk: Int
    /// Whether the source is entered near that chunk, not at its beginning.
    package var seeks: Bool
}
