// Who encodes which chunk of a source, and whether passes agree where they meet.
//
// A pass begins at a chunk, by seeking, and continues from chunk to chunk until it comes to one that is finished or
// claimed by another pass. What it shows first in each chunk is noted. Passes that meet at a chunk boundary must show
// the same frame there: so a seek that went wrong is found out, and the source is then read straight from its beginning.

package import VTXModel
import VTXSystem

/// The chunks of a job's video. Used from many threads.
package final class ChunkSchedule: Sendable {
    package let layout: ChunkLayout
    private let store: ChunkStore
    /// Chunks that the source should have.
    private let expected: Int
    private let state: Guarded<ChunkHistory>

    /// - Parameters:
    ///   - store: tells what earlier runs have done.
    ///   - expected: frames that the source should have, if that is known.
    ///   - maySeek: whether the source can be entered midway.
    package init(store: ChunkStore, layout: ChunkLayout, expected: Int64?, maySeek: Bool) {
        self.store = store
        self.layout = layout
        self.expected = max(1, layout.count(of: expected ?? 1))
        state = Guarded(ChunkHistory(maySeek: maySeek, records: store.journal.records))
    }

    /// Hands out a place to begin; `nil` if there is nothing left to begin.
    package func begin() -> ChunkPass? {
        let finished = store.finished
        return state.with { state in
            guard state.proofs.mismatch == nil else { return nil }
            let count =
                state.end.map { layout.count(of: $0.frames) } ?? max(expected, (finished.max() ?? -1) + 2)
            return state.claims.begin(count: count, finished: finished)
        }
    }

    /// Tells what a pass shows first in `chunk`.
    ///
    /// - Returns: whether the pass continues into it.
    func enter(_ chunk: Int, _ pass: ChunkPass, showing frame: FrameIdentity) throws -> Bool {
        let finished = store.finished
        let (verdict, continues) = state.with { state -> (BoundaryProofs.Verdict, Bool) in
            let verdict = state.proofs.check(chunk, frame)
            if verdict == .doubtful { return (verdict, false) }
            let count = state.end.map { layout.count(of: $0.frames) }
            return (verdict, state.claims.enter(chunk, pass, finished: finished, count: count))
        }
        if verdict == .new { try store.journal.add(.boundary(chunk: chunk, frame: frame)) }
        return continues
    }

    /// Has one stream of a chunk encoded again.
    func drop(_ stream: String, _ chunk: Int, _ retry: ChunkRetry) throws {
        let isWhole = store.finished.contains(chunk)
        state.with { $0.retries[stream, chunk] = retry }
        store.remove(stream, chunk)
        try store.journal.add(.retry(stream: stream, chunk: chunk, retry: retry))
        state.with { $0.claims.drop(chunk, isWhole: isWhole) }
    }

    /// How that chunk is encoded again; `nil` if it is not.
    func retry(of stream: String, _ chunk: Int) -> ChunkRetry? {
        state.with { $0.retries[stream, chunk] }
    }

    /// Tells that a pass has come to its end.
    func leave(_ pass: ChunkPass) { state.with { $0.claims.leave(pass) } }

    /// Whether `pass` encodes that chunk, and does not only look into it.
    func isOwner(_ pass: ChunkPass, of chunk: Int) -> Bool {
        state.with { $0.claims.isOwner(pass, of: chunk) }
    }

    /// Tells that a seek landed behind the chunk that was wanted.
    func missed(_ chunk: Int) { state.with { $0.proofs.miss(chunk) } }

    /// Tells how long the source is.
    ///
    /// - Parameters:
    ///   - frames: of the grid, until video and audio have ended.
    ///   - video: where the source's video ends.
    ///   - isCertain: whether the source was read without an error; if not, a later run has to see it too.
    func end(frames: Int64, video: MediaTime, isCertain: Bool) throws {
        let end = EndOfSource(frames: frames, video: video)
        let isNew = state.with { state in
            defer { state.end = end }
            return state.end?.frames != frames
        }
        if isNew, isCertain { try store.journal.add(.end(end)) }
    }

    /// Where the source's video ends, if a pass has seen it.
    package var videoEnd: MediaTime? { state.with { $0.end?.video } }

    /// Frames of the source; `nil` while no pass has seen its end.
    package var source: Int64? { state.with { $0.end?.frames } }

    /// Takes what a pass has decoded so far.
    func note(_ counts: DecoderCounts, of pass: ChunkPass) throws {
        state.with { $0.counts[pass.number] = counts }
        try store.journal.add(.pass(number: pass.number, counts: counts))
    }

    /// What all passes together have decoded, those of earlier runs among them.
    package var counts: DecoderCounts {
        state.with { $0.counts.values.reduce(into: DecoderCounts()) { $0.add($1) } }
    }

    /// Forgets what is doubtful after passes have disagreed.
    ///
    /// - Returns: whether there was anything to forget, so that the source has to be read again.
    func startOverAfterMismatch() throws -> Bool {
        guard let chunk = state.with({ $0.proofs.mismatch }) else { return false }
        store.remove(from: chunk)
        try store.journal.add(.mismatch(chunk: chunk))
        state.with { $0.forget(from: chunk) }
        return true
    }

    /// Whether passes have disagreed: nothing that was encoded may be used until it is known where.
    var isInDoubt: Bool { state.with { $0.proofs.mismatch != nil } }
}
