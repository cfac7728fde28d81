// Who encodes which chunk of a source, and whether passes agree where they meet.
//
// A pass begins at a chunk, by seeking, and goes on from chunk to chunk until it comes to one that is done or
// in somebody else's hands. What it shows first in each chunk is noted. Passes that meet at a chunk must show the
// same frame there: so a seek that went wrong is found out, and the source is then read straight from its beginning.

package import VTXModel
import VTXSystem

/// What is shown at a moment: a frame's time in the source, in ticks, and the checksum of its picture.
package struct FrameIdentity: Hashable, Sendable {
    package var time: Int64
    package var checksum: UInt32
}

/// How frames are divided into chunks.
package struct ChunkLayout: Hashable, Sendable {
    /// Frames of the grid in each chunk but the last.
    package var frames: Int64

    /// The chunk of frame `number`.
    package func chunk(of number: Int64) -> Int { Int(number / frames) }

    package func start(of chunk: Int) -> Int64 { Int64(chunk) * frames }

    /// How many chunks a source of so many frames has.
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

/// The work of a job's picture. Used from many threads.
package final class ChunkSchedule: @unchecked Sendable {
    // @unchecked: all that changes is in `state`.
    package let layout: ChunkLayout
    private let store: ChunkStore
    private let expected: Int
    private let state: Guarded<State>

    private struct State {
        var claimed: Set<Int> = []
        /// By chunk, the pass that encodes it, until that has ended.
        var owners: [Int: Int] = [:]
        /// By stream and chunk.
        var retries: [String: [Int: ChunkRetry]] = [:]
        /// Chunks with streams to encode again, when the passes that encode the others have ended.
        var dropped: Set<Int> = []
        var seams: [Int: FrameIdentity] = [:]
        var source: Int64?
        var videoEnd: MediaTime?
        /// Passes may begin anywhere but at the beginning of the file.
        var maySeek: Bool
        /// Where passes disagreed.
        var mismatch: Int?
        var passes = 0
        var counts: [Int: DecoderCounts] = [:]
    }

    /// - Parameters:
    ///   - store: tells what earlier runs have done.
    ///   - expected: frames that the source should have, if anybody knows.
    ///   - maySeek: whether the source can be entered midway.
    package init(store: ChunkStore, layout: ChunkLayout, expected: Int64?, maySeek: Bool) {
        self.store = store
        self.layout = layout
        self.expected = max(1, layout.count(of: expected ?? 1))
        var state = State(maySeek: maySeek)
        for note in store.notes {
            if note.first == "retry", note.count == 5, let chunk = Int(note[2]), let fill = Int(note[3]) {
                state.retries[String(note[1]), default: [:]][chunk] = ChunkRetry(fill: fill, isLast: note[4] == "1")
                continue
            }
            let numbers = note.dropFirst().map { Int64($0) ?? 0 }
            switch (note.first, numbers.count) {
            case ("seam", 3):
                state.seams[Int(numbers[0])] = FrameIdentity(
                    time: numbers[1], checksum: UInt32(truncatingIfNeeded: numbers[2]))
            case ("end", 4) where numbers[2] > 0 && numbers[3] > 0:
                state.source = numbers[0]
                state.videoEnd = MediaTime(numbers[1], Rational(numbers[2], numbers[3]))
            case ("mismatch", 1): Self.forget(from: Int(numbers[0]), &state)
            case ("pass", 7):
                state.passes = max(state.passes, Int(numbers[0]) + 1)
                var counts = DecoderCounts(
                    packets: Int(numbers[1]), frames: Int(numbers[2]), failures: Int(numbers[3]))
                (counts.untimed, counts.moved, counts.changes) = (Int(numbers[4]), Int(numbers[5]), Int(numbers[6]))
                state.counts[Int(numbers[0])] = counts
            default: break
            }
        }
        self.state = Guarded(state)
    }

    private static func forget(from chunk: Int, _ state: inout State) {
        state.maySeek = false
        (state.source, state.videoEnd) = (nil, nil)
        state.seams = state.seams.filter { $0.key < chunk }
        state.retries = state.retries.mapValues { $0.filter { $0.key < chunk } }
    }

    /// One pass over a part of the source.
    package struct Pass: Hashable, Sendable {
        package var number: Int
        /// Its first chunk.
        package var chunk: Int
        /// Whether the source is entered near that chunk, not at its beginning.
        package var seeks: Bool
    }

    /// Hands out a place to begin; `nil` if there is nothing left to begin.
    package func begin() -> Pass? {
        let finished = store.finished
        return state.with { state in
            guard state.mismatch == nil else { return nil }
            let horizon = state.source.map(layout.count) ?? max(expected, (finished.max() ?? -1) + 2)
            let free = (0..<max(0, horizon)).filter { !finished.contains($0) && !state.claimed.contains($0) }
            let chunk: Int
            if state.maySeek {
                guard let found = start(in: free, active: state.claimed.subtracting(finished)) else { return nil }
                chunk = found
            } else {
                guard let first = free.first, state.claimed.isSubset(of: finished) else { return nil }
                chunk = first
            }
            state.claimed.insert(chunk)
            state.owners[chunk] = state.passes
            state.passes += 1
            return Pass(number: state.passes - 1, chunk: chunk, seeks: state.maySeek && chunk > 0)
        }
    }

    /// The beginning of the longest run of free chunks, or its middle if a pass is about to walk into it.
    private func start(in free: [Int], active: Set<Int>) -> Int? {
        var longest: Range<Int>?
        var run: Range<Int>?
        for chunk in free {
            run = run?.upperBound == chunk ? run!.lowerBound..<chunk + 1 : chunk..<chunk + 1
            if run!.count > longest?.count ?? 0 { longest = run }
        }
        guard let longest else { return nil }
        return active.contains(longest.lowerBound - 1) ? longest.lowerBound + longest.count / 2 : longest.lowerBound
    }

    /// Tells what a pass shows first in `chunk`.
    ///
    /// - Returns: whether the pass goes on into it.
    func enter(_ chunk: Int, _ pass: Pass, showing frame: FrameIdentity) throws -> Bool {
        let finished = store.finished
        let (isNew, goesOn) = state.with { state -> (Bool, Bool) in
            guard state.mismatch == nil else { return (false, false) }
            if let known = state.seams[chunk] {
                guard known == frame else {
                    state.mismatch = chunk
                    return (false, false)
                }
            }
            let isNew = state.seams.updateValue(frame, forKey: chunk) == nil
            if chunk == pass.chunk { return (isNew, true) }
            if pass.seeks || state.maySeek {
                guard !finished.contains(chunk), !state.claimed.contains(chunk) else { return (isNew, false) }
            } else if let source = state.source {
                // Chunks that are done are passed over; the source is not read again for each gap.
                guard (chunk..<layout.count(of: source)).contains(where: { !finished.contains($0) }) else {
                    return (isNew, false)
                }
            }
            state.claimed.insert(chunk)
            state.owners[chunk] = pass.number
            return (isNew, true)
        }
        if isNew { try store.note("seam", "\(chunk)", "\(frame.time)", "\(frame.checksum)") }
        return goesOn
    }

    /// Has one stream of a chunk encoded again.
    func drop(_ stream: String, _ chunk: Int, _ retry: ChunkRetry) throws {
        // While other streams of it are being encoded, it stays with the pass that does that: no two write one file.
        let isWhole = store.finished.contains(chunk)
        state.with { $0.retries[stream, default: [:]][chunk] = retry }
        store.remove(stream, chunk)
        try store.note("retry", stream, "\(chunk)", "\(retry.fill)", retry.isLast ? "1" : "0")
        state.with { state in
            if !isWhole, state.owners[chunk] != nil {
                state.dropped.insert(chunk)
            } else {
                state.claimed.remove(chunk)
            }
        }
    }

    /// How that chunk is encoded again; `nil` if it is not.
    func retry(of stream: String, _ chunk: Int) -> ChunkRetry? { state.with { $0.retries[stream]?[chunk] } }

    /// Tells that a pass has come to its end.
    func leave(_ pass: Pass) {
        state.with { state in
            let left = state.owners.filter { $0.value == pass.number }.keys
            state.claimed.subtract(state.dropped.intersection(left))
            state.dropped.subtract(left)
            for chunk in left { state.owners[chunk] = nil }
        }
    }

    /// Whether `pass` encodes that chunk, and does not only look into it.
    func isOwner(_ pass: Pass, of chunk: Int) -> Bool { state.with { $0.owners[chunk] == pass.number } }

    /// A seek landed behind the chunk that was wanted.
    func missed(_ chunk: Int) { state.with { $0.mismatch = $0.mismatch ?? chunk } }

    /// Tells how long the source is.
    ///
    /// - Parameters:
    ///   - frames: of the grid, until picture and audio have ended.
    ///   - picture: where the source's picture ends.
    ///   - isCertain: whether the source was read without an error; if not, a later run has to see it too.
    func end(frames: Int64, picture: MediaTime, isCertain: Bool) throws {
        let isNew = state.with { state in
            defer { (state.source, state.videoEnd) = (frames, picture) }
            return state.source != frames
        }
        guard isNew, isCertain else { return }
        try store.note(
            "end", "\(frames)", "\(picture.ticks)", "\(picture.base.numerator)", "\(picture.base.denominator)")
    }

    /// Where the source's picture ends, if a pass has seen it.
    package var videoEnd: MediaTime? { state.with { $0.videoEnd } }

    /// Frames of the source; `nil` while nobody has seen its end.
    package var source: Int64? { state.with { $0.source } }

    /// Takes what a pass has decoded so far.
    func note(_ counts: DecoderCounts, of pass: Pass) throws {
        state.with { $0.counts[pass.number] = counts }
        let numbers = [
            pass.number, counts.packets, counts.frames, counts.failures, counts.untimed, counts.moved, counts.changes,
        ]
        try store.note(["pass"] + numbers.map(String.init))
    }

    /// What all passes together have decoded, those of earlier runs among them.
    package var counts: DecoderCounts {
        state.with { state in
            state.counts.values.reduce(into: DecoderCounts()) { $0.add($1) }
        }
    }

    /// After passes have disagreed: forgets what is doubtful.
    ///
    /// - Returns: whether there was anything to forget, so that the source has to be read again.
    func startOverAfterMismatch() throws -> Bool {
        guard let chunk = state.with({ $0.mismatch }) else { return false }
        store.remove(from: chunk)
        try store.note("mismatch", "\(chunk)")
        state.with { state in
            Self.forget(from: chunk, &state)
            state.mismatch = nil
            (state.claimed, state.dropped) = ([], [])
        }
        return true
    }

    /// Whether passes have disagreed: nothing that was encoded may be used until it is known where.
    var isInDoubt: Bool { state.with { $0.mismatch != nil } }
}
