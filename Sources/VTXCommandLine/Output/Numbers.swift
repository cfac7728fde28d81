// Numbers as people read them.

import VTXModel

/// `value` with exactly `digits` decimals.
package func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "?" }
    var scale: Int64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int64((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled != 0 ? "-" : ""
    return digits == 0 ? "\(sign)\(scaled)" : "\(sign)\(scaled / scale).\(padded(scaled % scale, digits))"
}

/// `24`, `23.976`: at most three decimals, none that say nothing.
package func shortDecimal(_ value: Double) -> String {
    var text = decimal(value, 3)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
}

/// `1.2 MB`, in powers of 1000.
package func bytesText(_ bytes: Int64) -> String { sizeText(bytes) }

/// `384 kb/s`, `5.2 Mb/s`.
package func bitRateText(_ rate: Int64) -> String {
    rate < 1_000_000 ? "\(decimal(Double(rate) / 1e3, 0)) kb/s" : "\(decimal(Double(rate) / 1e6, 1)) Mb/s"
}

/// `0:01:23`.
package func clockText(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int64(max(0, seconds).rounded())
    return "\(whole / 3600):\(padded(whole / 60 % 60, 2)):\(padded(whole % 60, 2))"
}

/// Rows as columns of equal width, two spaces apart.
package func aligned(_ rows: [[String]]) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
        var line = ""
        for (column, cell) in row.enumerated() {
            line += cell + String(repeating: " ", count: column == row.count - 1 ? 0 : widths[column] - cell.count + 2)
        }
        return line
    }
}
