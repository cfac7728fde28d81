// Whether passes that meet at a chunk boundary have decoded the same frame there. Pure.

/// The first frames of chunks, as passes have shown them.
struct BoundaryProofs: Hashable, Sendable {
    private var known: [Int: FrameIdentity] = [:]
    /// Chunk at whose beginning passes disagreed; `nil` if they agree.
    private(set) var mismatch: Int?

    /// What a frame says about the boundary it was shown at.
    enum Verdict: Hashable, Sendable {
        /// The first that is known of this boundary.
        case new
        /// The same frame as before.
        case same
        /// Another frame than before, or passes disagreed elsewhere.
        case doubtful
    }

    /// Compares the first frame of a chunk with what another pass has shown there.
    mutating func check(_ chunk: Int, _ frame: FrameIdentity) -> Verdict {
        guard mismatch == nil else { return .doubtful }
        guard let before = known[chunk] else {
            known[chunk] = frame
            return .new
        }
        if before == frame { return .same }
        mismatch = chunk
        return .doubtful
    }

    /// Notes what an earlier run has shown.
    mutating func restore(_ chunk: Int, _ frame: FrameIdentity) { known[chunk] = frame }

    /// Notes that a seek landed behind a chunk.
    mutating func miss(_ chunk: Int) { mismatch = mismatch ?? chunk }

    /// Forgets that chunk, all later ones, and the mismatch.
    mutating func forget(from chunk: Int) {
        known = known.filter { $0.key < chunk }
        mismatch = nil
    }
}
