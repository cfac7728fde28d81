// At which rate frames come, from their timestamps.
//
// Containers round: 30 frames a second are 33, 33 and 34 ms in Matroska. So each run of frames tells a range in which
// the length of a frame lies, and the rate is the usual one, or else the plainest one, that all ranges contain.

package import VTXModel

/// What the timestamps of some frames say about the frame rate.
package struct FrameTiming: Hashable, Sendable {
    /// Whether frames have different lengths.
    package var isVariable: Bool
    /// The rate of all frames; of most of them, if it varies.
    package var rate: Rational
    /// Frames over time.
    package var average: Rational

    package init(isVariable: Bool, rate: Rational, average: Rational) {
        self.isVariable = isVariable
        self.rate = rate
        self.average = average
    }

    /// Rates that sources are made with.
    static let usual =
        [12, 24, 30, 15, 48, 60, 120].map { Rational($0 * 1000, 1001) }
        + [10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 100, 120].map { Rational($0) } + [Rational(25, 2)]

    /// - Parameters:
    ///   - places: presentation times of frames that follow one another, from one or more places of a stream, in ticks.
    ///   - base: the ticks.
    ///   - hint: the rate that the file itself names.
    /// - Returns: `nil` if the frames are too few.
    package init?(_ places: [[Int64]], base: Rational, hint: Rational?) {
        // Times that no clock reaches would overflow.
        let believed = -(Int64(1) << 60)...(Int64(1) << 60)
        let places = places.map { $0.filter(believed.contains).sorted().withoutRepeats }.filter { $0.count > 1 }
        let spacings = places.flatMap { times in zip(times.dropFirst(), times).map { $0 - $1 } }
        guard spacings.count >= 2 else { return nil }
        let sorted = spacings.sorted()
        let usual = sorted[sorted.count / 2]
        let isRegular = Self.regular(around: usual)
        let irregular = spacings.count { !isRegular($0) }
        let total = places.reduce(0.0) { $0 + Double($1.last! - $1.first!) }
        average = Self.fraction(Double(spacings.count) / (total * base.value))

        let length = Self.frameLength(in: places, where: isRegular)
        // One frame that is held, or an edit, does not make a rate variable.
        let mayDiffer = spacings.count >= 24 ? max(1, spacings.count / 100) : 0
        if let length, irregular <= mayDiffer {
            isVariable = false
            rate = Self.rate(of: length, base: base, hint: hint)
            return
        }
        isVariable = true
        if irregular * 5 <= spacings.count {
            rate = Self.rate(of: length ?? Double(usual) - 0.5...Double(usual) + 0.5, base: base, hint: hint)
        } else if let film = Self.film(spacings, base: base) {
            rate = film
        } else {
            rate = Self.least(keeping: places, base: base, from: average, hint: hint)
        }
    }

    /// Whether a spacing is that of most frames, give or take a tenth; two ticks are rounding, if ticks are fine.
    private static func regular(around usual: Int64) -> (Int64) -> Bool {
        let tolerance = max(usual >= 8 ? 2 : usual >= 3 ? 1 : 0, usual / 10)
        return { abs($0 - usual) <= tolerance }
    }

    /// In which range the length of a frame lies, in ticks; `nil` if no length suits all places.
    private static func frameLength(
        in places: [[Int64]], where isRegular: (Int64) -> Bool
    ) -> ClosedRange<Double>? {
        var runs: [(span: Int64, frames: Int)] = []
        var spread: (least: Int64, most: Int64) = (.max, .min)
        for times in places {
            var run: (span: Int64, frames: Int) = (0, 0)
            for (next, time) in zip(times.dropFirst(), times) {
                if isRegular(next - time) {
                    run = (run.span + next - time, run.frames + 1)
                    spread = (min(spread.least, next - time), max(spread.most, next - time))
                } else {
                    runs.append(run)
                    run = (0, 0)
                }
            }
            runs.append(run)
        }
        let longest = runs.map(\.frames).max() ?? 0
        runs = runs.filter { $0.frames > 0 && $0.frames * 8 >= longest }
        guard !runs.isEmpty else { return nil }
        // Rounded times are off by half a tick each; where clocks tremble, by more.
        for error in [1, 1 + Double(spread.most - spread.least)] {
            let low = runs.map { (Double($0.span) - error) / Double($0.frames) }.max()!
            let high = runs.map { (Double($0.span) + error) / Double($0.frames) }.min()!
            if low <= high, high > 0 { return max(low, high / 4)...high }
        }
        return nil
    }

    private static func rate(of length: ClosedRange<Double>, base: Rational, hint: Rational?) -> Rational {
        let fastest = 1 / (length.lowerBound * base.value)
        let slowest = 1 / (length.upperBound * base.value)
        let slack = 1 + 1e-9
        func fits(_ rate: Rational) -> Bool { rate.value * slack >= slowest && rate.value <= fastest * slack }
        let middle = hint.flatMap { fits($0) ? $0.value : nil } ?? 2 / (1 / fastest + 1 / slowest)
        if let known = usual.filter(fits).min(by: { abs($0.value - middle) < abs($1.value - middle) }) {
            return known
        }
        if let hint, fits(hint) { return hint }
        return plainest(in: slowest...fastest)
    }

    /// The fraction with the smallest denominator in a range.
    static func plainest(in range: ClosedRange<Double>) -> Rational {
        for denominator in 1...1001 {
            let numerator = (range.lowerBound * Double(denominator) * (1 - 1e-12)).rounded(.up)
            if numerator >= 1, numerator <= range.upperBound * Double(denominator) * (1 + 1e-12) {
                return Rational(Int64(numerator), Int64(denominator))
            }
        }
        return fraction((range.lowerBound + range.upperBound) / 2)
    }

    private static func fraction(_ rate: Double) -> Rational {
        guard rate.isFinite, rate > 0, rate < 1e9 else { return Rational(1) }
        if let known = usual.first(where: { abs($0.value / rate - 1) < 1e-5 }) { return known }
        guard rate >= 0.1 else { return rate > 1e-9 ? Rational(1, Int64((1 / rate).rounded())) : Rational(0, 1) }
        return Rational(Int64((rate * 1000).rounded()), 1000)
    }

    /// The rate of film that is shown for two and three fields in turn.
    private static func film(_ spacings: [Int64], base: Rational) -> Rational? {
        let short = spacings.min()!
        let tolerance = max(1, short / 20)
        let two = spacings.filter { abs($0 - short) <= tolerance }
        // The shortest one is rounded down, so that three fields may be two ticks longer than it says.
        let three = spacings.filter { abs($0 * 2 - short * 3) <= tolerance * 2 + 1 }
        let count = Double(spacings.count)
        guard spacings.count >= 8, Double(two.count + three.count) >= 0.95 * count,
            abs(Double(two.count - three.count)) <= max(1, 0.2 * count)
        else { return nil }
        let mean = Double(two.reduce(0, +)) / Double(two.count) + Double(three.reduce(0, +)) / Double(three.count)
        let rate = 2 / (mean * base.value)
        return usual.min { abs($0.value - rate) < abs($1.value - rate) }
            .flatMap { abs($0.value / rate - 1) < 0.005 ? $0 : nil }
            ?? fraction(rate)
    }

    /// The lowest rate, not below the average, that keeps nine frames of ten.
    private static func least(
        keeping places: [[Int64]], base: Rational, from average: Rational, hint: Rational?
    ) -> Rational {
        let places = places.map { $0.withoutInstants(shorterThan: Int64(0.04 / base.value)) }
        let frames = places.reduce(0) { $0 + $1.count }
        let near = usual.min { abs($0.value - average.value) < abs($1.value - average.value) }!
        var rates = [abs(near.value / average.value - 1) < 0.003 ? near : average.value < 23 ? average : nil, hint]
            .compactMap { $0 }.filter { $0.value <= 2 * average.value }
        rates += usual.filter { $0 >= Rational(24000, 1001) }.sorted()
        for rate in rates where rate.value >= average.value * 0.98 {
            let kept = places.reduce(0) { sum, times in
                sum + Set(times.map { ((Double($0 - times[0]) * base.value * rate.value)).rounded() }).count
            }
            if kept * 10 >= frames * 9 { return rate }
        }
        return rates.last!
    }
}

extension [Int64] {
    /// Of a sorted list, without frames that are followed by another at once, where those before and after stand for long:
    /// one that slides begin with, or that is repeated.
    fileprivate func withoutInstants(shorterThan limit: Int64) -> [Int64] {
        indices.filter { index in
            guard index + 1 < count else { return true }
            let shown = self[index + 1] - self[index]
            let before = index > 0 ? self[index] - self[index - 1] : .max
            let after = index + 2 < count ? self[index + 2] - self[index + 1] : .max
            return shown >= limit || Swift.min(before, after) / 10 < shown
        }.map { self[$0] }
    }

    /// Of a sorted list, each value once.
    fileprivate var withoutRepeats: [Int64] {
        var result: [Int64] = []
        for value in self where value != result.last { result.append(value) }
        return result
    }
}
