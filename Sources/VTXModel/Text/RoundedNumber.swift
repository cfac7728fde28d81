// Numbers as they are reported.

extension Double {
    /// To that many decimal places: more digits would be noise in JSON.
    package func rounded(places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { power, _ in power * 10 }
        return (self * scale).rounded() / scale
    }
}
