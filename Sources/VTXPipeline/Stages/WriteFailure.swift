// Failures of the output.

package import LibAV

/// A failure of writing, as opposed to reading.
package struct WriteFailure: Error {
    package let failure: AVFailure
    /// Number of the output's track whose packet has no presentation time, as the source gave it: it may be the cause.
    package var untimedTrack: Int?
}
