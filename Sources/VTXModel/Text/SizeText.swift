// Sizes of files in text.

/// `1.2 MB`, in powers of 1000.
package func sizeText(_ bytes: Int64) -> String {
    switch bytes {
    case ..<1000: "\(bytes) B"
    case ..<1_000_000: "\(fixed(bytes, of: 1000, digits: 1)) kB"
    case ..<1_000_000_000: "\(fixed(bytes, of: 1_000_000, digits: 1)) MB"
    default: "\(fixed(bytes, of: 1_000_000_000, digits: 2)) GB"
    }
}

/// `value / unit` with exactly `digits` decimals.
private func fixed(_ value: Int64, of unit: Int64, digits: Int) -> String {
    let scale: Int64 = digits == 1 ? 10 : 100
    let scaled = Int64((Double(value) / Double(unit) * Double(scale)).rounded())
    return "\(scaled / scale).\(padded(scaled % scale, digits))"
}
