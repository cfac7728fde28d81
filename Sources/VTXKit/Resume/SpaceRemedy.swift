// What to try when the disk is full.

import Glibc
import VTXModel
import VTXSystem

/// How much space a job needs, if that is what it lacks.
///
/// - Parameters:
///   - fraction: how much of the work was done when it failed, from 0 to 1.
///   - bytes: of outputs so far.
func spaceRemedy(_ failure: VTXError, workspace: Workspace?, fraction: Double?, bytes: Int64?) -> Remedy? {
    guard failure.cause?.description == SystemFailure("", errno: ENOSPC).words else { return nil }
    let resumes = workspace?.hasWork ?? false ? "; then run the same command again to resume" : ""
    guard let bytes, let fraction, fraction > 0.02 else {
        return "free space on that disk, or choose another output\(resumes)"
    }
    let whole = Int64(Double(bytes) / fraction)
    guard let store = workspace?.store else { return "needs about \(megabytes(whole)) free" }
    // Chunks and output stand beside each other until the end; the output of this run is gone by then.
    let needed = max(0, whole - store.bytes) + whole
    return "needs about \(megabytes(needed)) free for chunks and output together\(resumes)"
}

private func megabytes(_ bytes: Int64) -> String { "\((bytes + 999_999) / 1_000_000) MB" }
