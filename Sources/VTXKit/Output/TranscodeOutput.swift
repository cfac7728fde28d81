// The output of a transcode: a file that appears when it is finished, or standard output.

import LibAV
import VTXModel

/// Where a transcode writes, and what it needs beside that.
protocol TranscodeOutput: AnyObject {
    /// Its name in messages.
    var name: String { get }
    /// What the muxer writes to.
    var target: OutputTarget { get }
    /// Bytes that were written.
    var size: Int64 { get }

    /// A name for a file of the job's own, removed with the job.
    func scratchFile(_ suffix: String) -> String
    /// Removes everything that has not been published.
    func discard()
    /// Gives a finished file its name.
    func publish() throws(VTXError)
}
