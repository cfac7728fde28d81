// Lengths of what is played faster or slower.

extension MediaTime {
    /// How long it lasts at `speed` times the speed, in the same unit.
    public func played(at speed: Rational) -> MediaTime {
        speed == Rational(1) ? self : MediaTime(rescale(ticks, from: base / speed, to: base), base)
    }

    /// How much of the source is played in this time at `speed` times the speed.
    public func unplayed(at speed: Rational) -> MediaTime { played(at: speed.inverse) }
}
