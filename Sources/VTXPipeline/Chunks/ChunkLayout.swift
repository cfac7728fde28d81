// How the frames of a source are divided into chunks.

/// How frames are divided into chunks.
package struct ChunkLayout: Hashable, Sendable {
    /// Frames of the grid in each chunk but the last.
    package var frames: Int64

    /// The chunk of frame `number`.
    package func chunk(of number: Int64) -> Int { Int(number / frames) }

    /// Number of the chunk's first frame.
    package func start(of chunk: Int) -> Int64 { Int64(chunk) * frames }

    /// How many chunks a source of `source` frames has.
    package func count(of source: Int64) -> Int { Int((source + frames - 1) / frames) }

    /// How many multiples of `step` are numbers of frames in a chunk.
    ///
    /// - Parameter source: frames of the whole source, if they are known.
    package func due(_ chunk: Int, every step: Int, source: Int64?) -> Int {
        let (first, step) = (start(of: chunk), Int64(step))
        let end = min(first + frames, max(source ?? .max, first))
        return Int((end + step - 1) / step - (first + step - 1) / step)
    }
}
