// Numbers as they are reported.

extension Double {
    /// To that many decimal places: more digits would be noise in JSON.
    package func rounded(places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { power, _ in power * 10 }
        return (self * scale).rounded() / scale
    }
}

/// `21`, `21.5`: without a decimal point that says nothing.
package func decimalText(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
}
