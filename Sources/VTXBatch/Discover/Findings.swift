// The result of a walk through a source directory.

/// What a walk has found.
package struct Findings: Sendable {
    /// Files, in the order of the walk.
    package var candidates: [Candidate] = []
    /// Folders that were looked into, the root as "".
    package var folders: [String] = []
    /// Job files, outer ones first.
    package var jobFiles: [String] = []
    /// Folders that cannot be read, with the reason.
    package var unreadable: [(path: String, reason: String)] = []
    /// What was skipped.
    package var skipped = SkipCounts()
}
