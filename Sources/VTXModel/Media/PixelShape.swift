// Shapes of pixels: width over height.

extension Rational {
    /// Whether two shapes of pixels differ by less than half a percent, which nobody sees and scaling would blur.
    package func isSameShape(as other: Rational) -> Bool { abs(value / other.value - 1) < 0.005 }
}
