// What a job in chunks has learnt, as lines of its journal.

/// One record of a chunk journal.
enum ChunkRecord: Hashable, Codable, Sendable {
    /// The first frame of a chunk.
    case boundary(chunk: Int, frame: FrameIdentity)
    /// One stream of a chunk has to be encoded again.
    case retry(stream: String, chunk: Int, retry: ChunkRetry)
    /// The source has been read to its end.
    case end(EndOfSource)
    /// Passes disagreed at the beginning of a chunk: what is known of it and of later ones is void.
    case mismatch(chunk: Int)
    /// What a pass has decoded so far; later records of the same pass replace earlier ones.
    case pass(number: Int, counts: DecoderCounts)
}
