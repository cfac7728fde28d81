// What became of the packets of a copied track.

/// Counts of packets of one copied track.
package struct CopyOutcome: Hashable, Sendable {
    /// All packets of the file.
    package var read = 0
    /// Packets before the first frame that can be decoded, or after the end of the video.
    package var leftOut = 0
    /// Packets written.
    package var written = 0
    /// Frames of silence.
    package var filled = 0
    /// Decoding timestamps that had to be moved to keep the order.
    package var repaired = 0
}
