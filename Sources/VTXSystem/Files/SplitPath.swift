// A path cut into its parts, as text: nothing is looked up.

import Glibc
import VTXModel

/// A path, cut after its last slash.
package struct SplitPath: Hashable, Sendable {
    /// Empty, or ends with the slash.
    package let prefix: String
    /// What follows the last slash.
    package let name: String

    /// Cuts a path.
    package init(_ path: String) {
        // By bytes: to Swift a slash and a combining mark after it are one character, and no slash.
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.startIndex
        prefix = String(path[..<start])
        name = String(path[start...])
    }

    /// The directory, for system calls: `.` for a name alone.
    package var directory: String { prefix.isEmpty ? "." : prefix }

    /// The directory without the slash at its end; empty for a name alone, and for what stands right below the root.
    package var folder: String { String(prefix.dropLast()) }

    /// The name without its extension; a dot at the beginning begins no extension.
    package var stem: String { dot.map { String(name[..<$0]) } ?? name }

    /// The extension without its dot; empty if there is none.
    package var fileExtension: String { dot.map { String(name[name.index(after: $0)...]) } ?? "" }

    private var dot: String.Index? { name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 } }
}

/// The absolute path without links that a path leads to; `nil`, with errno set, if nothing is there.
package func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cName: real)
}
