// What can happen to a batch, from the view of its state.

package import VTXModel
package import VTXSystem

/// An event; sources of events are discovery, workers, the watcher, signals, and actions that have been carried out.
package enum BatchStateEvent: Sendable {
    /// The batch begins.
    case began
    /// The source directory was walked. Files that may still be on their way are not among the candidates.
    case found(Findings, SettingsTree)
    /// The first bytes of a file were read: whether they are those of media.
    case sniffed(Candidate, isLikeMedia: Bool)
    /// Plans were hashed and outputs looked at.
    case inspected([Inspection])
    /// An output's folder is there, and this is what has its name now.
    case prepared(TaskID, present: FileIdentity?)
    /// An output's folder cannot be made.
    case notPrepared(TaskID, VTXError)
    /// A task's process runs.
    case started(TaskID)
    /// A task's process said something.
    case said(TaskID, TaskAnswer)
    /// A task's process ended, after all that it said.
    case ended(TaskID, TaskEnd)
    /// A finished output is on disk: its bytes, and what has its name.
    case measured(output: String, size: Int64, made: FileIdentity?)
    /// Thumbnails that exist, by output, and those that have to be made.
    case foundThumbnails(existing: [ExactName: String], missing: [ThumbnailTask])
    /// The journal cannot be written.
    case journalFailed(VTXError)
    /// SIGINT, SIGTERM or SIGHUP.
    case signal(Int32)
    /// The watcher: the whole tree was walked again.
    case walked([Candidate])
    /// The watcher: files that have become complete.
    case complete([Candidate])
    /// The watcher: all files that are changing now.
    case changing(Set<ExactName>)
    /// Time has passed.
    case tick
}
