// Failures of the output.

package import LibAV

/// A failure of writing, as opposed to reading.
package struct WriteFailure: Error {
    package let failure: AVFailure
}
