import Foundation
import Testing

/// Tests that do not run beside each other: from fork to exec, a child has the locks of its parent too.
@Suite("one by one", .serialized)
enum OneByOne {}

/// Calls `body` with the path of an empty directory, which is removed afterwards.
func withDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/vtx-system-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

/// Names in a directory, sorted.
func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
}
