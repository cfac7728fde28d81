// Where the timeline of MPEG transport streams begins.

package import VTXModel

/// Presentation time of the first frame in transport streams: ten seconds, so that no timestamp is negative
/// and players see that zero is not assumed.
package let transportOrigin = Rational(10)
