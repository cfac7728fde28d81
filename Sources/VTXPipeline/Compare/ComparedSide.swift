// One of the files of a comparison, on the thread that measures.

import LibAV
import VTXModel
import VTXQuality
import VTXSystem

/// Takes the frames of one file and what they are worth.
final class ComparedSide {
    let index: Int
    private let channel: Channel<Frame>
    private let result: Guarded<CompareReading>
    private let base: Rational
    private let plan: ComparePlan
    private let meter: FrameMeter
    private var pools: [QualityMetric: QualityPool] = [:]
    private var search = ShiftSearch()
    private var compared = 0
    private var firstApart: Int?
    private var start: Int64?
    private var isAtEnd = false

    init(
        index: Int, channel: Channel<Frame>, result: Guarded<CompareReading>, base: Rational, plan: ComparePlan
    ) {
        self.index = index
        self.channel = channel
        self.result = result
        self.base = base
        self.plan = plan
        meter = FrameMeter(Set(plan.metrics))
    }

    /// Passes over frames that have no counterpart.
    func skip(_ count: Int) throws {
        for _ in 0..<count where try receive() == nil { return }
    }

    /// Reads what is left, so that all frames are counted.
    func finish() throws {
        while try receive() != nil {}
    }

    private func receive() throws -> SharedFrame? {
        guard !isAtEnd, let frame = try channel.receive() else {
            isAtEnd = true
            return nil
        }
        return try SharedFrame(frame, depth: plan.bitDepth)
    }

    /// Measures the next frame.
    ///
    /// - Parameters:
    ///   - reference: its counterpart.
    ///   - number: of that.
    ///   - weights: makes the weights of its blocks.
    /// - Returns: `nil` if there is none.
    func measure(
        _ reference: SharedFrame, _ number: Int, at time: MediaTime, weights: () -> BlockWeights?
    ) throws -> [FrameQuality]? {
        guard let frame = try receive() else { return nil }
        compared += 1
        start = start ?? frame.time
        let own = MediaTime(frame.time - (start ?? 0), base)
        if firstApart == nil, abs(own.seconds - time.seconds) * plan.frameRate.value > 0.6 { firstApart = number }
        if search.wantsMore { search.add(grayImage(of: reference.image), grayImage(of: frame.image)) }
        let values = meter.measure(reference.image, frame.image, weights: weights())
        for value in values { add(value, reference.image, number, time) }
        return values
    }

    private func add(_ value: FrameQuality, _ image: SampleImage, _ number: Int, _ time: MediaTime) {
        pools[
            value.metric,
            default: QualityPool(
                value.metric,
                format: SampleFormat(width: plan.size.width, height: plan.size.height, depth: plan.bitDepth),
                samples: image.planes.map { $0.width * $0.height })
        ].add(value, frame: number, time: time)
    }

    var outcome: CompareOutcome {
        CompareOutcome(
            reading: result.with { $0 }, compared: compared, scores: plan.metrics.compactMap { pools[$0]?.score },
            shift: search.shift, firstApart: firstApart)
    }
}
