// The journal of a batch on disk.

package import VTXModel
package import VTXSystem

/// Opens the journal of a batch; the caller holds the batch's lock.
///
/// - Parameter isReadOnly: nothing is written.
/// - Throws: `.inputOutput` if it cannot be written: the directory is the batch's already, so the disk is to blame.
package func openJournal(_ path: String, isReadOnly: Bool = false) throws(VTXError) -> RecordLog<JournalRecord> {
    do throws(VTXError) {
        return try RecordLog(path, isReadOnly: isReadOnly) { JournalState($0).records }
    } catch {
        let kind = error.kind == .cannotCreate ? .inputOutput : error.kind
        throw VTXError(kind, error.message, cause: error.cause, remedy: error.remedy)
    }
}
