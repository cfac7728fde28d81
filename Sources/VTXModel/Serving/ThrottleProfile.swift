// Networks that are slower than loopback: how fast bytes may leave, over time.

/// Bandwidth in steps; the last one stays.
package struct ThrottleProfile: Hashable, Sendable {
    private struct Step: Hashable, Sendable {
        /// Bits per second; 0: nothing passes.
        var rate: Double
        /// Seconds; infinite for the last step.
        var duration: Double
    }

    private let steps: [Step]

    /// `800k`, or `5M:20s,800k:20s,3M`.
    ///
    /// - Returns: `nil` if it is written otherwise, or if the last rate is 0.
    package init?(_ text: String) {
        var steps: [Step] = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let fields = part.split(separator: ":", omittingEmptySubsequences: false)
            guard let rate = Self.rate(fields[0]) else { return nil }
            let isLast = index == parts.count - 1
            guard fields.count == (isLast ? 1 : 2), !isLast || rate > 0 else { return nil }
            var duration = Double.infinity
            if !isLast {
                let text = fields[1].hasSuffix("s") ? fields[1].dropLast() : fields[1]
                guard let seconds = decimal(text), seconds > 0, seconds <= 86_400 else { return nil }
                duration = seconds
            }
            steps.append(Step(rate: rate, duration: duration))
        }
        self.steps = steps
    }

    /// Bits per second: 0, or from 1000 to 100 G.
    private static func rate(_ text: Substring) -> Double? {
        let factor: Double =
            switch text.last {
            case "k", "K": 1e3
            case "m", "M": 1e6
            case "g", "G": 1e9
            default: 1
            }
        guard let number = decimal(factor == 1 ? text : text.dropLast()) else { return nil }
        let rate = number * factor
        return rate == 0 || (1000...1e11).contains(rate) ? rate : nil
    }

    /// Bits per second at a time in seconds since the profile began.
    package func rate(at time: Double) -> Double {
        var end = 0.0
        for step in steps {
            end += step.duration
            if time < end { return step.rate }
        }
        return steps.last?.rate ?? 0
    }

    /// When the bytes have passed whose first one passes at `time`; both in seconds since the profile began.
    package func end(of bytes: Int, from time: Double) -> Double {
        var left = Double(bytes) * 8
        var now = time
        var end = 0.0
        for step in steps {
            end += step.duration
            guard now < end else { continue }
            if step.rate * (end - now) >= left { return now + left / step.rate }
            left -= step.rate * (end - now)
            now = end
        }
        return now
    }
}

/// Digits, and at most one point among them.
private func decimal(_ text: Substring) -> Double? {
    guard let first = text.utf8.first, (0x30...0x39).contains(first),
        text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    return Double(text)
}
