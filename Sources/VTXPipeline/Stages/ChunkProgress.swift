// How far an encoder is that works ahead of the muxer, in chunks.

package import VTXModel

/// How far an encoder is that works in chunks.
package struct ChunkProgress: Sendable {
    /// Up to where chunks are encoded, those of an earlier run among them.
    package var position: MediaTime
    /// Frames out of the encoder in this run.
    package var frames = 0
    /// Bytes that the output lacks yet.
    package var bytes: Int64 = 0
}
