// The names of outputs until they are complete: `.NAME.PID.vtx-partial`, made and read here alone.

import Glibc

private let unfinishedSuffix = ".vtx-partial"

/// Where this process writes an output until it is complete: hidden, in the same folder, so that renaming is one step.
package func unfinishedName(of path: String) -> String {
    hiddenName(beside: path, ".NAME.\(getpid())" + unfinishedSuffix)
}

/// A hidden name beside a file or directory.
///
/// - Parameter pattern: what it is called; `NAME` stands for the name of what is at `path`, shortened if need be.
package func hiddenName(beside path: String, _ pattern: String) -> String {
    let place = SplitPath(path)
    let parts = pattern.split(separator: "NAME", omittingEmptySubsequences: false)
    return place.prefix + parts.joined(separator: shortened(place.name))
}

/// Unfinished outputs beside an output, with the files that jobs keep under such a name and more, and the processes
/// that made them.
package func unfinishedOutputs(beside path: String) -> [(path: String, process: Int32)] {
    let beginning = SplitPath(hiddenName(beside: path, ".NAME."))
    return entries(of: beginning.directory).compactMap { name in
        guard let process = maker(ofUnfinished: name), name.hasPrefix("\(beginning.name)\(process)\(unfinishedSuffix)")
        else { return nil }
        return (beginning.prefix + name, process)
    }
}

/// The process that made an unfinished output, or a file of its own with more after that name.
///
/// - Returns: `nil` if it is no such name.
package func maker(ofUnfinished name: String) -> Int32? {
    guard let mark = name.ranges(of: unfinishedSuffix).last,
        let dot = name[..<mark.lowerBound].lastIndex(of: "."), dot > name.startIndex
    else { return nil }
    return Int32(name[name.index(after: dot)..<mark.lowerBound])
}

/// A name that leaves room for more: systems take 255 bytes. The end tells names apart best.
private func shortened(_ name: String) -> String {
    var end = name[...]
    while end.utf8.count > 200 { end.removeFirst() }
    return String(end)
}
