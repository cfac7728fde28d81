// Names of outputs: templates and collisions.

import Testing
import VTXModel
import VTXSystem

@testable import VTXBatch

@Suite("names")
struct NamingTests {
    @Test(
        "A template becomes a name",
        arguments: [
            ("{stem}", "source"), ("{stem}-{height}p", "source-720p"), ("{name}", "source.mkv"),
            ("{ext}/{stem}", "mkv/source"),
            ("x", "x"), ("{stem}{stem}", "sourcesource"),
        ])
    func expand(template: String, expected: String) throws {
        let name = try NameTemplate(template).name([.stem: "source", .ext: "mkv", .name: "source.mkv", .height: "720"])
        #expect(name == expected)
    }

    @Test(
        "An invalid template is refused",
        arguments: ["{stm}", "{stem", "stem}", "", "../{stem}", "a//b", "/{stem}", "{stem}/", ".{stem}", "{}"])
    func refused(template: String) {
        #expect(throws: VTXError.self) { try NameTemplate(template) }
    }

    @Test("A field that a file does not have is an error, not an empty text")
    func missing() throws {
        let template = try NameTemplate("{stem}-{height}")
        #expect(template.needsPlan)
        #expect(throws: VTXError.self) { try template.name([.stem: "song"]) }
        #expect(try !NameTemplate("{stem}-{source_height}").needsPlan)
    }

    @Test("A file without an extension makes no empty name", arguments: ["{ext}", "{ext}/{stem}", "all/{ext}"])
    func empty(template: String) throws {
        #expect(throws: VTXError.self) { try NameTemplate(template).name([.stem: "source", .ext: ""]) }
    }

    @Test("A preset's file name makes no folders")
    func preset() throws {
        #expect(try NameTemplate("{preset}").name([.preset: "a/b"]) == "a-b")
    }

    @Test("Outputs collide when they are equal or one lies in the other")
    func collide() {
        #expect(collisions([("a.mkv", "a.mp4"), ("b.mkv", "b.mp4")]).isEmpty)
        #expect(
            collisions([("a.mkv", "a.mp4"), ("a.mov", "a.mp4")]) == [Collision("a.mkv", "a.mov", output: "a.mp4")])
        // Two packages: the second would be a folder in the first.
        #expect(
            collisions([("x.mkv", "x"), ("x/y.mkv", "x/y")]) == [Collision("x.mkv", "x/y.mkv", output: "x")])
        #expect(collisions([("x.mkv", "x"), ("xy/z.mkv", "xy/z")]).isEmpty)
        // The same to Swift's strings, and two files to Linux.
        #expect(collisions([("\u{E9}.mkv", "\u{E9}.mp4"), ("e\u{301}.mkv", "e\u{301}.mp4")]).isEmpty)
    }

    @Test(
        "The name of an output is made of folder, stem and extension",
        arguments: [
            ("a/b/c.tar.gz", "a/b/c.tar_gz_c.tar.gz.mp4"), ("c", nil), ("a/c.", nil), ("a/c.mkv", "a/c_mkv_c.mkv.mp4"),
        ])
    func outputs(path: String, expected: String?) throws {
        let settings = ItemSettings(target: .mp4, name: try NameTemplate("{stem}_{ext}_{name}"))
        let file = Probed(source: Candidate(path: path, identity: FileIdentity(size: 1, modified: 1, inode: 1)))
        let name = try? outputName(of: file, settings, nil, OptionTable([:]))
        #expect(name == expected ?? (path == "c" ? "c__c.mp4" : "a/c__c.mp4"))
    }

    @Test(
        "A pattern without a slash is compared with names, another one with paths",
        arguments: [
            ("*.mkv", "a/b.mkv", true), ("*.mkv", "a/b.mp4", false), ("a/*", "a/b/c.mkv", true), ("a/*", "b/a", false),
            ("[ab].mkv", "x/a.mkv", true), ("extras", "extras", true),
        ])
    func globs(pattern: String, path: String, expected: Bool) {
        #expect(Glob(pattern).matches(path) == expected)
    }

    @Test(
        "Media are told by their first bytes",
        arguments: [
            ([0, 0, 0, 24] + Array("ftypisom".utf8), true),
            (Array("RIFF".utf8) + [1, 2, 3, 4] + Array("AVI ".utf8), true),
            (Array("RIFF".utf8) + [1, 2, 3, 4] + Array("WEBP".utf8), false), ([0x1A, 0x45, 0xDF, 0xA3], true),
            (Array("Dear Sir".utf8), false), ([], false),
        ] as [([UInt8], Bool)])
    func heads(bytes: [UInt8], expected: Bool) {
        #expect(hasMediaHead(bytes) == expected)
    }
}
