// Numbers with `k`, `M`, `G`, and perhaps a unit behind.

/// Reads `2.5M`, `800k`, `2GB`, `1500 kb/s`; `nil` if it is no such number.
///
/// - Parameters:
///   - units: what may stand at the end, in lower case; the longest first.
///   - letters: in lower case, the smallest first.
///   - step: how much more each letter is than the one before: 1000 or 1024.
private func scaledNumber(_ text: String, units: [String], letters: [String], step: Double) -> Double? {
    var rest = text.lowercased()
    if let unit = units.first(where: { rest.hasSuffix($0) }) { rest.removeLast(unit.count) }
    while rest.last == " " { rest.removeLast() }
    var factor = 1.0
    if let letter = rest.last, let power = letters.firstIndex(of: String(letter)) {
        for _ in 0...power { factor *= step }
        rest.removeLast()
        while rest.last == " " { rest.removeLast() }
    }
    guard rest.first?.isNumber == true || rest.first == ".",
        rest.allSatisfy({ $0.isASCII && ($0.isNumber || ".e+-".contains($0)) }),
        let number = Double(rest), number.isFinite
    else { return nil }
    return number * factor
}

/// Bits per second; rates of a gigabit are slips.
package func parsedBitRate(_ text: String) -> Double? {
    scaledNumber(text, units: bitRateUnits, letters: ["k", "m"], step: 1000)
}

/// Bytes.
///
/// - Parameter step: how much `k` is.
package func parsedByteCount(_ text: String, step: Double) -> Double? {
    scaledNumber(text, units: ["ib", "b"], letters: ["k", "m", "g", "t"], step: step)
}

/// What a bit rate may end with. A rate in bytes is not meant by any of them: all rates of vtx are in bits.
private let bitRateUnits = ["bits/s", "bit/s", "bps", "b/s", "bit", "b"]
