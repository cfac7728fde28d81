// A moment or a length of time as a whole number of ticks: what every layer passes on instead of seconds.

/// `ticks × base` seconds.
public struct MediaTime: Hashable, Sendable {
    /// Number of units of `base`.
    public let ticks: Int64
    /// The length of one tick in seconds.
    public let base: Rational

    /// `ticks` units of `base` seconds.
    public init(_ ticks: Int64, _ base: Rational) {
        self.ticks = ticks
        self.base = base
    }

    /// A microsecond, the unit libav uses for whole files.
    public static let microsecond = Rational(1, 1_000_000)
    /// Zero seconds.
    public static let zero = MediaTime(0, microsecond)

    /// The nearest microsecond to `seconds`; for values that people typed.
    public init(seconds: Double) {
        self.init(Int64((seconds * 1_000_000).rounded()), Self.microsecond)
    }

    /// For printing and for comparing with tolerances.
    public var seconds: Double { Double(ticks) * base.value }

    /// `seconds`, to the microsecond: as it is written.
    package var roundedSeconds: Double { (seconds * 1e6).rounded() / 1e6 }

    /// The same time in another unit, rounded to the nearest tick, halves away from zero.
    public func rescaled(to other: Rational) -> MediaTime {
        MediaTime(rescale(ticks, from: base, to: other), other)
    }

    /// Sum in the unit of the left side, saturating.
    public static func + (a: MediaTime, b: MediaTime) -> MediaTime {
        let other = b.rescaled(to: a.base).ticks
        let (sum, overflows) = a.ticks.addingReportingOverflow(other)
        return MediaTime(overflows ? (other < 0 ? .min : .max) : sum, a.base)
    }

    /// Difference in the unit of the left side, saturating.
    public static func - (a: MediaTime, b: MediaTime) -> MediaTime {
        let other = b.rescaled(to: a.base).ticks
        let (difference, overflows) = a.ticks.subtractingReportingOverflow(other)
        return MediaTime(overflows ? (other < 0 ? .max : .min) : difference, a.base)
    }
}

/// `ticks` of `from` as ticks of `to`, rounded to nearest with halves away from zero, saturating at the
/// ends of the 64-bit range.
public func rescale(_ ticks: Int64, from: Rational, to: Rational) -> Int64 {
    if from == to { return ticks }
    let factor = from / to
    let magnitude = ticks.magnitude
    let product = magnitude.multipliedFullWidth(by: factor.numerator.magnitude)
    let divisor = UInt64(factor.denominator)
    guard product.high < divisor else { return ticks < 0 ? .min : .max }
    var (quotient, remainder) = divisor.dividingFullWidth(product)
    if remainder >= divisor - remainder { quotient += 1 }
    let clamped = Int64(clamping: quotient)
    return (ticks < 0) != (factor.numerator < 0) ? -clamped : clamped
}

extension MediaTime: Comparable {
    /// Exact, whatever the two units are.
    public static func < (a: MediaTime, b: MediaTime) -> Bool {
        if a.base == b.base { return a.ticks < b.ticks }
        let ratio = a.base / b.base
        let left = a.ticks.multipliedFullWidth(by: ratio.numerator)
        let right = b.ticks.multipliedFullWidth(by: ratio.denominator)
        return (left.high, left.low) < (right.high, right.low)
    }
}

extension MediaTime: CustomStringConvertible, Codable {
    /// `1:02:03.500`, always with milliseconds.
    public var description: String {
        let total = Int64((abs(seconds) * 1000).rounded())
        let (hours, minutes) = (total / 3_600_000, total / 60_000 % 60)
        let (whole, milliseconds) = (total / 1000 % 60, total % 1000)
        let sign = seconds < 0 && total > 0 ? "-" : ""
        return "\(sign)\(hours):\(padded(minutes, 2)):\(padded(whole, 2)).\(padded(milliseconds, 3))"
    }

    /// Reads seconds (`90`, `90.5`) or clock time (`1:30`, `1:02:03.5`), to the microsecond.
    public init?(clock text: String) {
        let negative = text.hasPrefix("-")
        let fields = (negative ? text.dropFirst() : text[...])
            .split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(fields.count), let last = fields.last else { return nil }
        var whole: Int64 = 0
        for field in fields.dropLast() {
            guard field.count <= 6, let value = Int64(field), value >= 0 else { return nil }
            whole = whole * 60 + value
        }
        let digits = last.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard digits[0].count <= 9, let seconds = Int64(digits[0]), seconds >= 0 else { return nil }
        var micros: Int64 = 0
        if digits.count == 2 {
            let fraction = digits[1].prefix(6)
            guard !fraction.isEmpty, digits[1].allSatisfy(\.isNumber), let value = Int64(fraction) else {
                return nil
            }
            micros = value
            for _ in fraction.count..<6 { micros *= 10 }
        }
        let total = (whole * 60 + seconds) * 1_000_000 + micros
        self.init(negative ? -total : total, Self.microsecond)
    }

    /// JSON lines are written and read with snake case (`time_base`); a key spelt so here could not be read again.
    private enum Key: String, CodingKey { case ticks, base = "timeBase", seconds }

    /// Reads the form that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            try container.decode(Int64.self, forKey: .ticks),
            try container.decode(Rational.self, forKey: .base))
    }

    /// Writes the form that `docs/json-output.md` or the preset file describes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(ticks, forKey: .ticks)
        try container.encode(base, forKey: .base)
        try container.encode(roundedSeconds, forKey: .seconds)
    }
}

/// `value` in decimal, with zeros in front up to `width` digits.
public func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
