// Timestamps of 33 bits (ISO/IEC 13818-1, 2.4.3.7), which start over after 26.5 hours.

package import VTXModel

/// Output time of a 33-bit timestamp, 13 hours on either side of `origin`.
package func presentationTime(ofPTS pts: Int64, origin: Int64, near expected: MediaTime? = nil) -> MediaTime {
    let clock = Rational(1, 90_000)
    let reference = origin &+ (expected?.rescaled(to: clock).ticks ?? 0)
    return MediaTime(unwrapPTS(pts, near: reference) &- origin, clock)
}

/// The time that `pts` stands for modulo 2³³ and that is nearest to `reference`.
func unwrapPTS(_ pts: Int64, near reference: Int64) -> Int64 {
    let period: Int64 = 1 << 33
    var difference = (pts &- reference) % period
    if difference >= period / 2 { difference -= period }
    if difference < -period / 2 { difference += period }
    return reference &+ difference
}
