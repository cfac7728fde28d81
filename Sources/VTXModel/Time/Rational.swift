// Exact fractions: frame rates, time bases and pixel shapes.
//
// Always kept in lowest terms with a positive denominator, so equal values are equal bit for bit.

/// A fraction in lowest terms with a positive denominator.
public struct Rational: Hashable, Sendable {
    /// In lowest terms; carries the sign.
    public let numerator: Int64
    /// In lowest terms; above 0, but for values that are not a number.
    public let denominator: Int64

    /// - Parameters:
    ///   - numerator: any value.
    ///   - denominator: not zero; a negative one moves its sign to the numerator.
    public init(_ numerator: Int64, _ denominator: Int64 = 1) {
        precondition(denominator != 0, "a fraction needs a denominator")
        let divisor = Int64(gcd(numerator.magnitude, denominator.magnitude))
        let sign: Int64 = denominator < 0 ? -1 : 1
        self.numerator = sign * (numerator / divisor)
        self.denominator = sign * (denominator / divisor)
    }

    /// The value as a binary fraction, for printing and comparing with tolerances only.
    public var value: Double { Double(numerator) / Double(denominator) }

    /// Whether it is above 0.
    public var isPositive: Bool { numerator > 0 }

    /// `1 / self`. The value must not be zero.
    public var inverse: Rational { Rational(denominator, numerator) }

    /// The exact product.
    public static func * (a: Rational, b: Rational) -> Rational {
        // Cross-cancel first: products of frame rates and time bases stay inside 64 bits.
        let one = Rational(a.numerator, b.denominator)
        let two = Rational(b.numerator, a.denominator)
        return Rational(one.numerator * two.numerator, one.denominator * two.denominator)
    }

    /// The exact quotient.
    public static func / (a: Rational, b: Rational) -> Rational { a * b.inverse }
}

extension Rational: Comparable {
    /// Compares exactly, without rounding.
    public static func < (a: Rational, b: Rational) -> Bool {
        let left = a.numerator.multipliedFullWidth(by: b.denominator)
        let right = b.numerator.multipliedFullWidth(by: a.denominator)
        return (left.high, left.low) < (right.high, right.low)
    }
}

extension Rational: CustomStringConvertible, Codable {
    /// `30000/1001`; a whole number without its denominator.
    public var description: String {
        denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
    }

    /// Reads `24`, `30000/1001`, `16:9` and decimals such as `23.976`.
    ///
    /// The usual NTSC decimals (23.976, 29.97, 59.94, 119.88) mean the exact ratio N × 1000/1001.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(whereSeparator: { $0 == "/" || $0 == ":" })
        if parts.count == 2, let n = Int64(parts[0]), let d = Int64(parts[1]), d != 0 {
            self.init(n, d)
        } else if parts.count == 1, let whole = Int64(text) {
            self.init(whole)
        } else if parts.count == 1, let decimal = Double(text), decimal.isFinite, abs(decimal) < 1e9 {
            for base: Int64 in [24, 30, 48, 60, 120]
            where abs(decimal - Double(base) * 1000 / 1001) < 0.005 {
                self.init(base * 1000, 1001)
                return
            }
            self.init(Int64((decimal * 1000).rounded()), 1000)
        } else {
            return nil
        }
    }

    /// Reads the form that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Rational(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no fraction"))
        }
        self = value
    }

    /// Writes the form that `docs/json-output.md` or the preset file describes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func gcd(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
}
