// The values of all frames together, in memory that does not grow with their number.

package import VTXModel

/// Collects what one metric says about the frames of a video.
package struct QualityPool: Sendable {
    private let metric: QualityMetric
    private let model: String?
    private let format: SampleFormat
    /// Samples of each plane.
    private let samples: [Int]
    private var count = 0
    private var sums: [Double] = []
    private var planeSums: [Double] = []
    private var identical = 0
    private var minimum = Double.infinity
    private var minimumFrame: Int?
    private var minimumTime: MediaTime?
    /// How many frames have which value.
    package private(set) var histogram: QualityHistogram

    /// - Parameter samples: of each plane.
    package init(_ metric: QualityMetric, model: String? = nil, format: SampleFormat, samples: [Int]) {
        self.metric = metric
        self.model = model
        self.format = format
        self.samples = samples
        histogram = QualityHistogram(metric)
    }

    /// Adds a pair of frames, of which the reference is shown at `time`.
    package mutating func add(_ quality: FrameQuality, frame: Int, time: MediaTime) {
        if sums.isEmpty {
            sums = quality.terms.map { _ in 0 }
            planeSums = quality.planes.map { _ in 0 }
        }
        count += 1
        for index in sums.indices { sums[index] += quality.terms[index] }
        for index in planeSums.indices { planeSums[index] += quality.planes[index] }
        if metric.isIdentical(quality.value) { identical += 1 }
        histogram.add(quality.value)
        guard quality.value < minimum else { return }
        (minimum, minimumFrame, minimumTime) = (quality.value, frame, time)
    }

    /// What the frames so far come to.
    package var score: QualityScore {
        guard count > 0 else { return QualityScore(metric, model: model) }
        let (mean, planes) = means
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0.rounded(places: 6) : nil } }
        let isVMAF = metric == .vmaf
        return QualityScore(
            metric, model: model, mean: finite(mean), percentile5: finite(histogram.percentile(5)),
            minimum: finite(minimum), minimumFrame: minimumFrame, minimumTime: minimumTime,
            y: isVMAF ? nil : finite(planes.first), u: planes.count == 3 ? finite(planes[1]) : nil,
            v: planes.count == 3 ? finite(planes[2]) : nil, identicalFrames: identical)
    }

    private var means: (all: Double, planes: [Double]) {
        let averages = sums.map { $0 / Double(count) }
        let peak = Double((1 << format.depth) - 1)
        switch metric {
        case .xpsnr:
            // Where errors are so few that the mean of their roots is below 1, the decibels themselves are averaged.
            let planes = averages.enumerated().map { index, mean in
                mean < 1
                    ? planeSums[index] / Double(count)
                    : decibels(samples: samples[index], peak: peak, error: mean * mean)
            }
            return (weighted(planes), planes)
        case .psnr:
            let values = averages.map { decibels(samples: 1, peak: peak, error: $0) }
            return (values[values.count - 1], values.dropLast())
        case .ssim, .vmaf:
            return (averages[averages.count - 1], averages.dropLast())
        }
    }
}

extension QualityMetric {
    /// Whether it is the value of frames without any difference.
    fileprivate func isIdentical(_ value: Double) -> Bool {
        switch self {
        case .xpsnr, .psnr: value == .infinity
        case .ssim: value == 1
        case .vmaf: false
        }
    }
}

/// How many frames have which value, in steps of a hundredth of a decibel or point, or a ten-thousandth of SSIM.
package struct QualityHistogram: Hashable, Sendable {
    /// Between one step and the next.
    package let step: Double
    /// From 0 on; the last one also has what is above, infinite values among it.
    package private(set) var counts: [Int]
    private var total = 0

    init(_ metric: QualityMetric) {
        step = metric == .ssim ? 0.0001 : 0.01
        counts = [Int](repeating: 0, count: metric == .ssim ? 10_001 : 12_001)
    }

    mutating func add(_ value: Double) {
        total += 1
        counts[value.isFinite ? min(counts.count - 1, max(0, Int((value / step).rounded()))) : counts.count - 1] += 1
    }

    /// The value that all but `percent` of the frames reach: that of the frame at this place among all, in their order.
    package func percentile(_ percent: Int) -> Double {
        var rest = max(1, (total * percent + 99) / 100)
        for (index, count) in counts.enumerated() {
            rest -= count
            if rest <= 0 { return index == counts.count - 1 && step == 0.01 ? .infinity : Double(index) * step }
        }
        return .infinity
    }
}
