// Tells audio that drifts against its timestamps from jitter and from gaps.
//
// Drift is a straight line: timestamps leave the number of samples at the same pace all the time. Jitter goes to and
// fro, and a gap is a step.

/// Follows by how much timestamps deviate from the samples before them, and says when that is drift.
///
/// Memory does not grow: means of short, longer and long intervals are kept, sixteen of each, so that drift of a
/// percent is seen within a second, and of a thousandth of that in an hour.
struct DriftDetector {
    /// Seconds of deviation from which drift matters. Gaps are filled from 20 ms on, so no source is stretched that
    /// would not have had a gap soon.
    static let threshold = 0.015
    /// Seconds by which the deviation has to grow along the line.
    private static let growth = 0.008
    /// How much of the deviation's variance the line has to explain; a step explains 0.9 at most.
    private static let fit = 0.95
    /// More is no drift, but audio of another length.
    static let mostShare = 0.05

    private struct Point {
        var time: Double
        var deviation: Double
        var duration: Double
    }

    /// Means of one interval's length.
    private struct Scale {
        let interval: Double
        var points: [Point] = []
        private var sum = Point(time: 0, deviation: 0, duration: 0)

        init(interval: Double) { self.interval = interval }

        /// - Returns: the mean, once there is enough for one.
        mutating func add(_ point: Point) -> Point? {
            sum.time += point.time * point.duration
            sum.deviation += point.deviation * point.duration
            sum.duration += point.duration
            guard sum.duration >= interval else { return nil }
            let mean = Point(
                time: sum.time / sum.duration, deviation: sum.deviation / sum.duration, duration: sum.duration)
            sum = Point(time: 0, deviation: 0, duration: 0)
            if points.count == 16 { points.removeFirst() }
            points.append(mean)
            return mean
        }
    }

    private var scales = [0.05, 0.2, 0.8, 3.2, 12.8, 51.2, 204.8].map { Scale(interval: $0) }
    private var time = 0.0

    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - deviation: seconds by which the frame's timestamp is later than the samples before it end.
    ///   - duration: seconds.
    /// - Returns: how much longer the timestamps are than the audio, as a share of it, if that is drift which has
    ///   gone far enough to matter.
    mutating func add(deviation: Double, duration: Double) -> Double? {
        var mean: Point? = Point(time: time, deviation: deviation, duration: duration)
        time += duration
        for index in scales.indices {
            guard let point = mean else { break }
            mean = scales[index].add(point)
        }
        guard abs(deviation) >= Self.threshold else { return nil }
        for scale in scales {
            if let share = slope(of: scale), (share > 0) == (deviation > 0) { return share }
        }
        return nil
    }

    /// The slope of what the points end with, if that is a line: all of the first few points, or the last ten of many
    /// at least, since drift may begin at any time.
    private func slope(of scale: Scale) -> Double? {
        let points = scale.points
        guard points.count >= 10 else { return points.count >= 5 ? slope(of: points[...]) : nil }
        return (10...points.count).lazy.compactMap { slope(of: points.suffix($0)) }.first
    }

    /// The slope of the line through the points, if they are on a line that is steep and long enough.
    private func slope(of points: ArraySlice<Point>) -> Double? {
        guard let first = points.first, let last = points.last else { return nil }
        let count = Double(points.count)
        let time = points.reduce(0) { $0 + $1.time } / count
        let deviation = points.reduce(0) { $0 + $1.deviation } / count
        var (times, deviations, both) = (0.0, 0.0, 0.0)
        for point in points {
            times += (point.time - time) * (point.time - time)
            deviations += (point.deviation - deviation) * (point.deviation - deviation)
            both += (point.time - time) * (point.deviation - deviation)
        }
        guard times > 0, deviations > 0, both * both >= Self.fit * times * deviations else { return nil }
        let slope = both / times
        guard abs(slope) <= Self.mostShare, abs(slope) * (last.time - first.time) >= Self.growth else { return nil }
        return slope
    }
}

/// By how much to stretch audio that drifts, so that it comes to its timestamps and stays there.
struct DriftControl {
    /// Seconds in which a deviation is made up: slowly, so that nobody hears it.
    private static let catchUp = 2.0
    /// Seconds over which deviations are averaged, since timestamps are rounded.
    private static let smoothing = 0.5

    /// What goes on being needed.
    private(set) var trend: Double
    private var deviation: Double

    /// - Parameters:
    ///   - trend: what the detector has found.
    ///   - deviation: seconds, now.
    init(trend: Double, deviation: Double) {
        self.trend = trend
        self.deviation = deviation
    }

    /// Takes the next frame's deviation and duration, in seconds.
    ///
    /// - Returns: the share by which it is to be longer.
    mutating func next(deviation new: Double, duration: Double) -> Double {
        let most = DriftDetector.mostShare
        deviation += (new - deviation) * min(1, duration / Self.smoothing)
        trend += deviation * duration / (4 * Self.catchUp * Self.catchUp)
        trend = min(most, max(-most, trend))
        return trend + deviation / Self.catchUp
    }
}
