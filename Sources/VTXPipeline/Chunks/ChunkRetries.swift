// Chunks that are encoded again, and how.

/// How chunks are encoded again, by stream and chunk.
struct ChunkRetries: Hashable, Sendable {
    private var all: [String: [Int: ChunkRetry]] = [:]

    /// How that chunk is encoded again; `nil` if it is not.
    subscript(stream: String, chunk: Int) -> ChunkRetry? {
        get { all[stream]?[chunk] }
        set { all[stream, default: [:]][chunk] = newValue }
    }

    /// Forgets that chunk and all later ones.
    mutating func forget(from chunk: Int) { all = all.mapValues { $0.filter { $0.key < chunk } } }
}
