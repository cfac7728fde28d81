// What is known about a source that is encoded in chunks: from the journal of earlier runs, and from this one. Pure.

import VTXModel

/// All that passes have found out, by the records of a journal.
struct ChunkHistory: Sendable {
    var claims: ChunkClaims
    var proofs = BoundaryProofs()
    var retries = ChunkRetries()
    /// `nil` while no pass has seen the end.
    var end: EndOfSource?
    /// By number of the pass.
    var counts: [Int: DecoderCounts] = [:]

    /// - Parameter maySeek: whether the source can be entered midway.
    init(maySeek: Bool, records: [ChunkRecord] = []) {
        claims = ChunkClaims(maySeek: maySeek)
        for record in records { restore(record) }
    }

    private mutating func restore(_ record: ChunkRecord) {
        switch record {
        case .boundary(let chunk, let frame): proofs.restore(chunk, frame)
        case .retry(let stream, let chunk, let retry): retries[stream, chunk] = retry
        case .end(let end): self.end = end
        case .mismatch(let chunk): forget(from: chunk)
        case .pass(let number, let counts):
            claims.passes = max(claims.passes, number + 1)
            self.counts[number] = counts
        }
    }

    /// Forgets what is doubtful once passes have disagreed at a chunk; from now on the source is read straight.
    mutating func forget(from chunk: Int) {
        claims.maySeek = false
        claims.reset()
        end = nil
        proofs.forget(from: chunk)
        retries.forget(from: chunk)
    }
}
