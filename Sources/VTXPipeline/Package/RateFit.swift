// Whether frames lie on the grid of a frame rate.

import VTXModel

/// Whether all frames lie on the grid of a rate, within a tick of the file's clock.
struct RateFit {
    let rate: Rational
    private(set) var fits = true
    /// Frames of the grid up to the last one that is taken.
    private(set) var places = 0
    private let base: Rational

    /// `nil` if the clock is too coarse to tell.
    init?(_ rate: Rational, base: Rational) {
        guard rate.isPositive, rescale(1, from: rate.inverse, to: base) >= 8 else { return nil }
        self.rate = rate
        self.base = base
    }

    mutating func note(_ time: Int64) {
        guard fits else { return }
        fits = Self.isOnGrid(time, rate, base: base)
        places = max(places, Int(rescale(time, from: base, to: rate.inverse)) + 1)
    }

    /// Whether a timestamp is that of a frame at `rate`, within a tick of `base`.
    static func isOnGrid(_ time: Int64, _ rate: Rational, base: Rational) -> Bool {
        let place = rescale(time, from: base, to: rate.inverse)
        return abs(rescale(place, from: rate.inverse, to: base) - time) <= 1
    }
}
