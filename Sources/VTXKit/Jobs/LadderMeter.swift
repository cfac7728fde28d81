// From what the stages of a ladder have done to progress.

package import VTXModel
package import VTXPipeline

/// Turns the states of renditions into progress.
///
/// Progress is the part of the pixels that are encoded, of all that have to be. Chunks that have to be encoded again for
/// the sake of the maximum bit rate are more work, which is counted as soon as it can be foreseen; what was done never
/// becomes less.
package struct LadderMeter {
    private let plan: LadderPlan
    private let isResumed: Bool
    /// Where the work of the source is; `nil`: the same everywhere.
    private let curve: WorkCurve?
    /// Where the slowest rendition was when the run began, and how many frames were done.
    private var begun: (position: MediaTime, frames: Int)?
    /// How far the fastest rendition reaches.
    package private(set) var reached = MediaTime.zero
    private var position = MediaTime.zero
    private var part = 0.0
    /// The largest fraction of each rendition so far.
    private var fractions: [String: Double] = [:]
    /// Decoding and scaling a frame once more costs about this part of encoding it for all rungs.
    private static let decodingCost = 0.25

    /// - Parameters:
    ///   - isResumed: whether chunks of an interrupted run are used.
    ///   - curve: where the work of the source is; `nil`: the same everywhere.
    package init(plan: LadderPlan, isResumed: Bool, curve: WorkCurve? = nil) {
        self.curve = curve
        self.plan = plan
        self.isResumed = isResumed
    }

    /// - Parameters:
    ///   - states: what each rendition has done, those of an interrupted run among it.
    ///   - elapsed: seconds since the run began.
    package mutating func progress(
        _ states: [(name: String, state: RenditionProgress)], elapsed: Double
    ) -> JobProgress {
        let expected = plan.expectedDuration
        let renditions = states.map { item in
            JobProgress.Rendition(
                name: item.name, done: item.state.packets, bytes: item.state.bytes, fraction: fraction(of: item))
        }
        let positions = states.map(\.state.position)
        position = max(position, positions.min() ?? .zero)
        let frames = states.filter { rung($0.name) != nil }.map { $0.state.packets + $0.state.dropped }.max() ?? 0
        let start = begun ?? (isResumed ? (position, frames) : (.zero, 0))
        begun = start
        reached = max(reached, positions.max() ?? .zero)
        let effort = effort(states)
        part = max(part, effort.map { $0.done / $0.due } ?? 0)
        var progress = JobProgress(
            phase: .encode, position: position, begun: start.position, expected: expected,
            frames: frames - start.frames, bytes: renditions.reduce(0) { $0 + $1.bytes }, elapsed: elapsed,
            work: effort == nil ? nil : part, renditions: renditions)
        progress.effort = effort
        return progress
    }

    private mutating func fraction(of item: (name: String, state: RenditionProgress)) -> Double? {
        guard let expected = plan.expectedDuration else { return nil }
        guard expected.ticks > 0 else { return 0 }
        let state = item.state
        // Of a chunk that is encoded twice, both count.
        let more = state.packets > 0 ? state.position.seconds / Double(state.packets) : 0
        let done = state.position.seconds + more * Double(state.dropped)
        let fraction = min(1, done / (expected.seconds + more * Double(state.dropped + state.foreseen)))
        fractions[item.name] = max(fractions[item.name] ?? 0, fraction)
        return fractions[item.name]
    }

    /// The work that is done and all there is, where 1 is to encode every frame once; `nil` if it is not known how much
    /// there is.
    private func effort(_ states: [(name: String, state: RenditionProgress)]) -> JobProgress.Effort? {
        guard let frames = plan.expectedFrames, frames > 0, let rungs = plan.video?.rungs, !rungs.isEmpty else {
            return nil
        }
        let again = Self.decodingCost * rungs.reduce(0) { $0 + Double($1.encode.size.area) }
        var (done, due, once) = (0.0, 0.0, 0.0)
        var audio = 1.0
        for (name, state) in states {
            guard let rung = rung(name) else {
                if let expected = plan.expectedDuration?.seconds, expected > 0 {
                    audio = min(audio, state.isDone ? 1 : state.position.seconds / expected)
                }
                continue
            }
            let area = Double(rung.encode.size.area)
            let total = max(Int(frames) / max(1, rung.frameDivisor), state.packets)
            let received = JobProgress.receivedShare * Double(state.pending)
            let encoded = weighted(min(Double(total), Double(state.packets) + received), of: Double(total))
            done += area * (encoded + Double(state.dropped)) + again * Double(state.redone)
            once += area * Double(total)
            due +=
                area * Double(total + state.dropped + state.foreseen) + again * Double(state.dropped + state.foreseen)
        }
        // The slowest track of audio may be what the job waits for.
        return once > 0 ? .init(done: min(done / once, audio * due / once), due: due / once) : nil
    }

    /// Frames with the weight that they have in the source. Chunks are begun in order.
    private func weighted(_ frames: Double, of total: Double) -> Double {
        guard let curve, total > 0 else { return frames }
        return total * curve.work(at: frames / total)
    }

    private func rung(_ name: String) -> RungPlan? { plan.video?.rungs.first { $0.name == name } }
}
