// What is in a finished chunk.

/// What is in a chunk of one stream.
package struct ChunkSummary: Hashable, Sendable {
    /// Frames of video, or samples for thumbnails.
    package var packets = 0
    /// Bytes of the packets.
    package var bytes: Int64 = 0
    /// Empty without a maximum bit rate.
    package var use = BufferUse()
}
