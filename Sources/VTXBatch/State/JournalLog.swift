// The journal of a batch on disk.

package import VTXModel
package import VTXSystem

/// Opens the journal of a batch; the caller holds the batch's lock.
///
/// - Parameter isReadOnly: nothing is written.
/// - Throws: `.inputOutput` or `.cannotCreate` if it cannot be written.
package func openJournal(_ path: String, isReadOnly: Bool = false) throws(VTXError) -> RecordLog<JournalRecord> {
    try RecordLog(path, isReadOnly: isReadOnly) { JournalState($0).records }
}
