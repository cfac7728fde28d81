// The search for the bit rate whose output has a size; pure.

import Glibc
package import VTXModel

/// What came out at which bit rates, and which one is next.
///
/// Sizes grow with bit rates, but seldom in proportion: encoders miss short outputs, and have a best quality. The slope
/// between two outcomes, both in powers, says what another rate will bring.
package struct SizeSearch: Hashable, Sendable {
    /// One encode.
    package struct Outcome: Hashable, Sendable {
        /// Bits per second that were asked for.
        package var rate: Double
        /// Bytes of what the rate is asked for: video or, without video, audio.
        package var payload: Double
        /// Bytes of the output.
        package var size: Int64

        package init(rate: Double, payload: Double, size: Int64) {
            self.rate = rate
            self.payload = payload
            self.size = size
        }
    }

    private let target: TargetSize
    /// Bits per second that are of use at most.
    private let highest: Double
    package private(set) var outcomes: [Outcome] = []
    /// Encodes at most.
    package static let most = 4
    /// A raised rate that brings less than this power of it has reached the best quality.
    private static let leastSlope = 0.3

    package init(_ target: TargetSize, highest: Double) {
        self.target = target
        self.highest = highest
    }

    package mutating func add(_ outcome: Outcome) { outcomes.append(outcome) }

    /// The rate to try next; `nil` if the last size is as it should be, or no rate brings more.
    package var next: Double? {
        guard let last = outcomes.last, !target.isMet(by: last.size), outcomes.count < Self.most, last.payload > 0
        else { return nil }
        // The last encode should rather be smaller than larger.
        let part = TargetSize.aimedPart - (outcomes.count == Self.most - 1 ? 0.005 : 0)
        let wanted = Double(target.bytes) * part - (Double(last.size) - last.payload)
        guard wanted > 0 else { return nil }
        var power = 1.0
        if let slope {
            if slope < Self.leastSlope, last.payload < wanted { return nil }
            power = 1 / min(max(slope, 0.4), 2.5)
        }
        let factor = min(max(pow(wanted / last.payload, power), 0.1), 8)
        let rate = min(bracketed(last.rate * factor), highest)
        guard rate >= 1000, !outcomes.contains(where: { abs($0.rate - rate) < rate * 0.001 }) else { return nil }
        return rate
    }

    /// By which power of the rate the payload has grown between the last two encodes.
    private var slope: Double? {
        guard outcomes.count > 1 else { return nil }
        let (first, second) = (outcomes[outcomes.count - 2], outcomes[outcomes.count - 1])
        guard first.rate != second.rate, first.payload > 0 else { return nil }
        return log(second.payload / first.payload) / log(second.rate / first.rate)
    }

    /// Between a rate that was too low and one that was too high.
    private func bracketed(_ rate: Double) -> Double {
        let low = outcomes.filter { $0.size <= target.bytes }.map(\.rate).max() ?? 0
        let high = outcomes.filter { $0.size > target.bytes }.map(\.rate).min() ?? .infinity
        guard low < high else { return rate }
        return high == .infinity || (rate > low && rate < high) ? rate : (low + high) / 2
    }
}
