// From what the stages of a ladder have done to progress.

import VTXModel
import VTXPipeline

/// Turns the states of renditions into progress.
struct LadderMeter {
    private let plan: LadderPlan
    private let isResumed: Bool
    /// Where the slowest rendition was when the run began, and how many frames were done.
    private var begun: (position: MediaTime, frames: Int)?
    /// How far the fastest rendition reaches.
    private(set) var reached = MediaTime.zero

    /// - Parameter isResumed: whether chunks of an interrupted run are used.
    init(plan: LadderPlan, isResumed: Bool) {
        self.plan = plan
        self.isResumed = isResumed
    }

    /// - Parameters:
    ///   - states: what each rendition has done, those of an interrupted run among it.
    ///   - elapsed: seconds since the run began.
    mutating func progress(
        _ states: [(name: String, state: RenditionProgress)], elapsed: Double
    ) -> JobProgress {
        let expected = plan.expectedDuration
        let positions = states.map(\.state.position)
        let renditions = zip(states, positions).map { item, reached in
            JobProgress.Rendition(
                name: item.name, done: item.state.packets, bytes: item.state.bytes,
                fraction: expected.map { $0.ticks > 0 ? min(1, reached.seconds / $0.seconds) : 0 })
        }
        let slowest = positions.min() ?? .zero
        let frames = states.filter { rung($0.name) != nil }.map(\.state.packets).max() ?? 0
        let start = begun ?? (isResumed ? (slowest, frames) : (.zero, 0))
        begun = start
        reached = positions.max() ?? .zero
        return JobProgress(
            phase: .encode, position: slowest, begun: start.position, expected: expected,
            frames: frames - start.frames, bytes: renditions.reduce(0) { $0 + $1.bytes }, elapsed: elapsed,
            renditions: renditions)
    }

    private func rung(_ name: String) -> RungPlan? { plan.video?.rungs.first { $0.name == name } }
}
