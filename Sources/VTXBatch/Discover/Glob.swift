// Patterns of file names: `--include` and `--exclude`.

import Glibc
import VTXKit
import VTXSystem

/// A shell pattern. One without `/` is compared with names, any other with paths below the source directory, where
/// `*` matches `/` too.
package struct Glob: Hashable, Sendable {
    package let pattern: String

    package init(_ pattern: String) { self.pattern = pattern }

    /// - Parameter path: relative, without `./`.
    package func matches(_ path: String) -> Bool {
        fnmatch(pattern, pattern.contains("/") ? path : SplitPath(path).name, 0) == 0
    }
}
