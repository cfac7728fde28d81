// A file that a batch has found.

package import VTXSystem

/// A file that may be media.
package struct Candidate: Hashable, Sendable {
    /// Relative to the source directory.
    package var path: String
    /// Size and time when it was found.
    package var identity: FileIdentity

    /// A file of a source directory.
    package init(path: String, identity: FileIdentity) {
        self.path = path
        self.identity = identity
    }
}
