// The times of an event.

/// The times of an event.
package struct Moment: Hashable, Sendable {
    /// Seconds on a clock that only goes forward.
    package var steady: Double
    /// Seconds since 1970.
    package var wall: Double

    /// A moment on both clocks.
    package init(steady: Double, wall: Double) {
        self.steady = steady
        self.wall = wall
    }
}
