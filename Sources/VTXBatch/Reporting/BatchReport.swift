// What a batch ends with.

package import VTXModel

/// The results of a batch.
package struct BatchReport: Sendable {
    /// By source path.
    package var rows: [BatchRow]
    /// What was skipped.
    package var skipped: SkipCounts
    /// Folders that cannot be read, with the reason.
    package var unreadable: [String] = []
    /// Seconds.
    package var elapsed: Double
    /// Paths of JPEG thumbnails, by output.
    package var thumbnails: [ExactName: String] = [:]
    /// Whether `--fail-fast` ended it early.
    package var wasCutShort = false

    /// How many files have a result.
    package func count(_ result: BatchRow.Result) -> Int { rows.count { $0.result == result } }
    /// Whether any file has no output, or may have none since its folder cannot be read.
    package var hasFailures: Bool { !unreadable.isEmpty || rows.contains { $0.result.isFailure } }
}
