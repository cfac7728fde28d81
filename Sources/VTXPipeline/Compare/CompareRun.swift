// Compares the frames of several files with those of a reference: one thread for each file, and one that measures.
//
// Frames are paired by their number, never by their timestamps: containers round those, and a pair that is one frame off
// costs more than any compression.

package import LibAV
package import VTXModel
import VTXQuality
package import VTXSystem

/// One comparison.
package final class CompareRun: @unchecked Sendable {
    // @unchecked: what changes belongs to the thread that measures, or is guarded.

    /// How far it is.
    package struct State: Sendable {
        /// Pairs of frames with the reference's that were measured.
        package var frames = 0
        /// Where the reference is.
        package var position = MediaTime.zero
    }

    private let plan: ComparePlan
    private let group: StageGroup
    private let reference: (channel: Channel<Frame>, result: Guarded<CompareReading>, base: Rational)
    private let others: [ComparedSide]
    private let onFrame: @Sendable (MeasuredFrame) throws -> Void
    private let state = Guarded(State())

    /// - Parameters:
    ///   - reference: at its beginning; it is used up.
    ///   - others: one for each of the plan, likewise.
    ///   - threads: of all decoders together.
    ///   - onFrame: called on the thread that measures.
    package init(
        _ plan: ComparePlan, reference: Demuxer, others: [Demuxer], threads: Int, interrupt: Interrupt,
        onFrame: @escaping @Sendable (MeasuredFrame) throws -> Void
    ) throws {
        self.plan = plan
        self.onFrame = onFrame
        let group = StageGroup(interrupt: interrupt)
        self.group = group
        let share = max(1, min(8, threads / (others.count + 1)))
        func start(_ demuxer: Demuxer, _ side: CompareSide, _ name: String) throws -> (
            Channel<Frame>, Guarded<CompareReading>, Rational
        ) {
            let channel = group.channel(of: Frame.self, capacity: 1)
            let result = Guarded(CompareReading())
            let base = demuxer.timeBase(of: side.stream)
            let stage = try CompareSideStage(
                demuxer, side, of: plan, threads: share, to: channel, result: result, interrupt: interrupt)
            starts.append { group.start(name) { try stage.run() } }
            return (channel, result, base)
        }
        var starts: [() -> Void] = []
        self.reference = try start(reference, plan.reference, "reference")
        self.others = try zip(others, plan.distorted).enumerated().map { index, pair in
            let (channel, result, base) = try start(pair.0, pair.1, "distorted \(index + 1)")
            return ComparedSide(index: index, channel: channel, result: result, base: base, plan: plan)
        }
        for start in starts { start() }
    }

    /// Measures all frames.
    ///
    /// - Parameters:
    ///   - interval: seconds between two calls of `tick`.
    ///   - tick: called on this thread.
    /// - Returns: what came of the reference and of each of the others.
    /// - Throws: `Aborted` if the job was stopped.
    package func run(
        every interval: Double, tick: (State) -> Void
    ) throws -> (reference: CompareReading, others: [CompareOutcome]) {
        group.start("measure") { [self] in try measure() }
        try group.wait(every: interval) { tick(state.with { $0 }) }
        return (reference.result.with { $0 }, others.map(\.outcome))
    }

    private func measure() throws {
        let depth = plan.bitDepth
        let weigher = BlockWeigher(
            SampleFormat(width: plan.size.width, height: plan.size.height, depth: depth),
            frameRate: plan.frameRate.value)
        let isWeighted = plan.metrics.contains(.xpsnr)
        let channel = reference.channel
        var window = ReferenceWindow {
            guard let frame = try channel.receive() else { return nil }
            return try SharedFrame(frame, depth: depth)
        }
        for side in others { try side.skip(max(0, plan.shift)) }
        var number = max(0, -plan.shift)
        // Frames before the first pair are passed over, but the first pair has them before it.
        for skipped in 0..<number where try window.frame(skipped) == nil { break }
        var start: Int64?
        while let (frame, previous, second) = try window.frame(number) {
            start = start ?? frame.time
            let time = MediaTime(frame.time - (start ?? 0), reference.base)
            var weights: BlockWeights?
            for side in others {
                guard
                    let values = try side.measure(
                        frame, number, at: time,
                        weights: {
                            if weights == nil, isWeighted {
                                weights = weigher.weights(of: frame.image, after: previous.image, second.image)
                            }
                            return weights
                        })
                else { continue }
                try onFrame(MeasuredFrame(index: side.index, frame: number, time: time, values: values))
            }
            number += 1
            state.with { $0 = State(frames: number, position: time) }
        }
        for side in others { try side.finish() }
    }
}
