// What a batch tells while it runs.

package import VTXModel

/// Something that happened in a batch.
package enum BatchEvent: Sendable {
    /// The tree was walked: files to look at, what was skipped, and folders that cannot be read.
    case found(items: Int, skipped: SkipCounts, unreadable: [String])
    /// A dry run has planned an item.
    case planned(PlannedItem)
    /// A worker has begun with an item; relative paths.
    case started(source: String, output: String)
    /// How far the batch is; at most five times a second.
    case progress(BatchProgress)
    /// A file has a result.
    case finished(BatchRow)
    /// Something a person should know.
    case warning(Message)
    /// With `--watch`: nothing is left to do for now.
    case idle
}
