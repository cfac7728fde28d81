// What killed workers leave beside an output.

import Foundation
import Testing
import VTXSystem

@testable import VTXBatch

@Suite("leftovers")
final class LeftoverTests {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("leftovers-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    @Test(
        "Only unfinished files of that output go, of that worker if it is given",
        arguments: ["source.mp4", String(repeating: "ä", count: 120) + ".mp4"])
    func remove(name: String) throws {
        let own = unfinishedName(of: path(name))
        let other = own.replacingOccurrences(of: ".\(getpid()).", with: ".1.")
        let folder = other + "-files"
        let kept = [path(name), path(".another.mp4.1.vtx-partial"), path(".source.mp4.x.vtx-partial")]
        for file in [own, other] + kept { try Data([1]).write(to: URL(fileURLWithPath: file)) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)

        removeLeftovers(of: path(name), process: 1)
        #expect(names == Set(([own] + kept).map(nameOf)))
        removeLeftovers(of: path(name))
        #expect(names == Set(kept.map(nameOf)))
    }

    private var names: Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
    }

    private func nameOf(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
}
