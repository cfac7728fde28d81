// What a batch's state asks to be done.

package import VTXModel

/// An action; carried out in order. Those that answer do so by the event that is named.
package enum BatchAction: Sendable {
    /// Read the first bytes of a file → `sniffed`.
    case sniff(Candidate)
    /// Hash plans and look at outputs → `inspected`.
    case inspect([Item])
    /// Make the folder of a task's output → `prepared`, `notPrepared`.
    case prepare(TaskID, Item)
    /// Write the record, if there is one, then start a process → `started`, `said`, `ended`. A record that cannot be
    /// written is answered by `journalFailed` and `ended`.
    case start(TaskID, BatchTask, recording: JournalRecord?)
    /// Bring an output to the disk and measure it → `measured`.
    case measure(Item)
    /// Append to the journal; `isLasting`: it has to be on disk. A failure is answered by `journalFailed`.
    case record(JournalRecord, isLasting: Bool)
    /// Send a signal to processes of tasks.
    case send(Int32, to: [TaskID])
    /// Remove unfinished files of an output, of one process or of any.
    case removeLeftovers(output: String, process: Int32?)
    /// Remove folders below the output directory as far as they are empty.
    case removeEmptyFolders([String])
    /// Look at a file until it has stopped changing → `complete`.
    case expect(String)
    /// See which thumbnails exist → `foundThumbnails`.
    case findThumbnails([Thumbnail])
    /// Tell people and programs.
    case tell(BatchEvent)
    /// The batch is over. Nothing follows.
    case end(BatchEnd)
}

/// How a batch ends.
package enum BatchEnd: Sendable {
    /// With a report.
    case report
    /// A dry run, with an estimate.
    case estimate(BatchEstimate)
    /// Early: by a signal, or because nothing can be done.
    case failure(VTXError)
}
