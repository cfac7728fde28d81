// An output appears whole under its name, or not at all.

import Foundation
import Testing
import VTXModel

@testable import VTXKit
import VTXSystem

@Suite("output file", .timeLimit(.minutes(60)))
final class OutputFileTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vtx-kit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func file(_ name: String) -> String { folder.appendingPathComponent(name).path }
    private func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
    }

    @Test("It is written beside its destination and renamed")
    func publish() throws {
        let output = try OutputFile(file("out.mp4"), inputs: [file("in.mp4")], mayReplace: false, cleanup: Cleanup())
        #expect(URL(fileURLWithPath: output.temporary).deletingLastPathComponent().path == folder.path)
        #expect(URL(fileURLWithPath: output.temporary).lastPathComponent.hasPrefix("."))
        try write("whole", to: output.temporary)
        #expect(names.count == 1 && !names.contains("out.mp4"))
        try output.publish()
        #expect(names == ["out.mp4"])
        output.discard()
        #expect(names == ["out.mp4"], "what is published stays")
    }

    @Test("What is not published is removed, scratch files too")
    func discard() throws {
        do {
            let output = try OutputFile(
                file("out.mp4"), inputs: [file("in.mp4")], mayReplace: false, cleanup: Cleanup())
            try write("half", to: output.temporary)
            try write("statistics", to: output.scratchFile(".stats"))
            #expect(names.count == 2)
        }
        #expect(names.isEmpty)
    }

    @Test("Scratch files go even if the output is published")
    func scratch() throws {
        let output = try OutputFile(file("out.mp4"), inputs: [file("in.mp4")], mayReplace: false, cleanup: Cleanup())
        try write("whole", to: output.temporary)
        try write("statistics", to: output.scratchFile(".stats"))
        try output.publish()
        output.discard()
        #expect(names == ["out.mp4"])
    }

    @Test("A name that is taken meanwhile is not overwritten")
    func taken() throws {
        let output = try OutputFile(file("out.mp4"), inputs: [file("in.mp4")], mayReplace: false, cleanup: Cleanup())
        try write("new", to: output.temporary)
        try write("somebody else's", to: file("out.mp4"))
        let error = #expect(throws: VTXError.self) { try output.publish() }
        #expect(error?.kind == .cannotCreate)
        #expect(try String(contentsOfFile: file("out.mp4"), encoding: .utf8) == "somebody else's")
    }

    @Test("With permission an existing file is replaced in one step")
    func replace() throws {
        try write("old", to: file("out.mp4"))
        let output = try OutputFile(file("out.mp4"), inputs: [file("in.mp4")], mayReplace: true, cleanup: Cleanup())
        try write("new", to: output.temporary)
        #expect(try String(contentsOfFile: file("out.mp4"), encoding: .utf8) == "old")
        try output.publish()
        #expect(try String(contentsOfFile: file("out.mp4"), encoding: .utf8) == "new")
        #expect(names == ["out.mp4"])
    }

    @Test(
        "What cannot be written is said before anything is",
        arguments: ["exists.mp4", "folder", "missing/out.mp4", "exists.mp4/out.mp4", "in.mp4", "link.mp4"])
    func refused(name: String) throws {
        try write("x", to: file("exists.mp4"))
        try write("source", to: file("in.mp4"))
        try FileManager.default.linkItem(atPath: file("in.mp4"), toPath: file("link.mp4"))
        try FileManager.default.createDirectory(atPath: file("folder"), withIntermediateDirectories: false)
        for mayReplace in [false, true] where !(mayReplace && name == "exists.mp4") {
            let error = #expect(throws: VTXError.self) {
                try OutputFile(file(name), inputs: [file("in.mp4")], mayReplace: mayReplace, cleanup: Cleanup())
            }
            #expect(error?.kind == .cannotCreate)
        }
        #expect(names == ["exists.mp4", "folder", "in.mp4", "link.mp4"])
    }

    @Test("A very long name still has room for the temporary one")
    func longName() throws {
        let name = String(repeating: "ä", count: 120) + ".mp4"
        let output = try OutputFile(file(name), inputs: [file("in.mp4")], mayReplace: false, cleanup: Cleanup())
        try write("whole", to: output.temporary)
        try output.publish()
        #expect(names == [name])
    }

    @Test("Relative paths stay in the folder they name")
    func relative() throws {
        #expect(
            try !OutputFile("out-\(UUID().uuidString).mp4", inputs: ["in.mp4"], mayReplace: false, cleanup: Cleanup())
                .temporary
                .contains("/"))
        #expect(
            try OutputFile("/out-\(UUID().uuidString).mp4", inputs: ["in.mp4"], mayReplace: false, cleanup: Cleanup())
                .temporary
                .hasPrefix("/."))
    }
}
