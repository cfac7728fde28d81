// Patterns of file names: `--include` and `--exclude`.

import Glibc

/// A shell pattern. One without `/` is compared with names, any other with paths below the source directory, where
/// `*` matches `/` too.
public struct Glob: Hashable, Sendable {
    public let pattern: String

    public init(_ pattern: String) { self.pattern = pattern }

    /// - Parameter path: relative, without `./`.
    public func matches(_ path: String) -> Bool {
        let text =
            pattern.contains("/")
            ? path : String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
        return fnmatch(pattern, text, 0) == 0
    }
}
