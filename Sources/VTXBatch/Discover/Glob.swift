// Patterns of file names.

import Glibc
import VTXSystem

/// A shell pattern. One without `/` is compared with names, any other with paths below the source directory, where
/// `*` matches `/` too.
package struct Glob: Hashable, Sendable {
    /// As it was written.
    package let pattern: String

    /// A pattern as of fnmatch(3).
    package init(_ pattern: String) { self.pattern = pattern }

    /// Whether a file or folder matches.
    ///
    /// - Parameter path: relative, without `./`.
    package func matches(_ path: String) -> Bool {
        fnmatch(pattern, pattern.contains("/") ? path : SplitPath(path).name, 0) == 0
    }
}
