// Times with units, as people write them.

extension MediaTime {
    /// Reads `1h2m3.5s`, `1m30s`, `90s`, `500ms`: each unit once, the largest first.
    ///
    /// Returns `nil` for anything else, numbers without a unit among it.
    public init?(units text: String) {
        let isNegative = text.hasPrefix("-")
        var rest = text.lowercased().drop { $0 == "-" }
        guard !rest.isEmpty, text.count(where: { $0 == "-" }) == (isNegative ? 1 : 0) else { return nil }
        var micros = 0.0
        var lastUnit = Double.infinity
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let name = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let number = Double(digits), let unit = Self.units[String(name)], unit < lastUnit else { return nil }
            micros += number * unit
            lastUnit = unit
            rest = rest.dropFirst(digits.count + name.count)
        }
        guard micros < 1e15 else { return nil }
        self.init(Int64((isNegative ? -micros : micros).rounded()), Self.microsecond)
    }

    /// Microseconds.
    private static let units: [String: Double] = [
        "h": 3.6e9, "m": 6e7, "min": 6e7, "s": 1e6, "sec": 1e6, "ms": 1000,
    ]
}
