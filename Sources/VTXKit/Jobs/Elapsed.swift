// Seconds as they are reported.

/// A number to the nearest thousandth: more digits would be noise in JSON.
func thousandths(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
