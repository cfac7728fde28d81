// Whose an option is, and what job files change.

import Testing
import VTXModel

@testable import VTXBatch

private let spelling: [Setting: String] = [
    .preset: "--preset", .subtitleFile: "--subtitle-file", .crf: "--crf", .height: "--height", .keyFile: "--key-file",
]
private let transcode = OptionTable(
    [
        "--height": true, "--crf": true, "--two-pass": false, "--preset": true, "-o": true, "--subtitle-file": true,
    ], spelling: spelling)
private let ladder = OptionTable(["--rungs": true, "--preset": true, "-o": true], spelling: spelling)
private let batch = OptionTable(["-o": true, "--output": true, "--to": true, "--json": false, "--jobs": true])

private func table(_ target: BatchTarget) -> OptionTable { target == .hls ? ladder : transcode }

@Suite("settings")
struct SettingsTests {
    @Test(
        "Options of the worker go behind the dashes, wherever they stand",
        arguments: [
            ("src -o out", "src -o out"), ("--height 720 src -o out", "src -o out -- --height 720"),
            ("src --height=720 --json -o out --two-pass", "src --json -o out -- --height=720 --two-pass"),
            // A value that looks like an option stays with its option.
            ("src --crf -1 -o out", "src -o out -- --crf -1"),
            // -o is the batch's, though the worker has one too.
            ("src -o out -- --jobs 3", "src -o out -- --jobs 3"),
            // What nobody knows is for the parser to refuse.
            ("src --colour -o out", "src --colour -o out"), ("src --height", "src -- --height"),
        ])
    func sorting(words: String, expected: String) {
        let sorted = sortWords(words.split(separator: " ").map(String.init), outer: batch, inner: transcode)
        #expect(sorted == expected.split(separator: " ").map(String.init))
    }

    private func file(_ text: String, target: BatchTarget = .mp4) throws -> JobFile {
        try JobFile(
            text, path: "sources/vtx.yaml", folder: "sources", target: target, table: table,
            refused: ["-o", "--output"]
        ) { _, words in words.contains("lots") ? "The value 'lots' is invalid" : nil }
    }

    @Test("A job file says what is different, for its folder and for those below")
    func reading() throws {
        let file = try file(
            """
            to: hls
            name: "{stem}-{height}p"
            options:
              preset: own.yaml
            directories:
              extras: {skip: true}
              "clips/*":
                to: mp4
                options:
                  crf: 20
                  two-pass: true
                  subtitle-file: [de:a.srt, /b.srt]
            """)
        #expect(file.own.target == .hls)
        #expect(file.own.name?.text == "{stem}-{height}p")
        #expect(file.own.options == ["--preset": ["--preset", "sources/own.yaml"]])
        #expect(file.folders.map(\.pattern.pattern) == ["extras", "clips/*"])
        #expect(file.folders[0].change.isSkipped == true)
        #expect(
            file.folders[1].change.options == [
                "--crf": ["--crf", "20"], "--two-pass": ["--two-pass"],
                "--subtitle-file": ["--subtitle-file", "de:sources/a.srt", "--subtitle-file", "/b.srt"],
            ])
    }

    @Test("A job file of nothing but comments changes nothing", arguments: ["", "# nothing", "---\n"])
    func empty(text: String) throws {
        #expect(try file(text).own == SettingsOverride())
    }

    @Test(
        "What is wrong in a job file is named with its line and column",
        arguments: [
            ("to: mpeg", "sources/vtx.yaml:1:5: 'to' must be one of"),
            ("name: a\nheight: 720", "sources/vtx.yaml:2:1: unknown key 'height'"),
            ("options:\n  hight: 720", "sources/vtx.yaml:2:3: vtx transcode has no option --hight"),
            ("options:\n  crf: lots", "sources/vtx.yaml:2:8: The value 'lots' is invalid"),
            ("options:\n  o: x", "sources/vtx.yaml:2:3: vtx transcode has no option --o"),
            ("options:\n  two-pass: 3", "sources/vtx.yaml:2:13: --two-pass must be true or false"),
            ("to: hls\noptions:\n  crf: 20", "sources/vtx.yaml:3:3: vtx ladder has no option --crf"),
            ("skip: maybe", "sources/vtx.yaml:1:7: 'skip' must be true or false"),
            ("name: \"{stm}\"", "sources/vtx.yaml:1:7:"), ("directories: [a]", "sources/vtx.yaml:1:14:"),
            ("directories:\n  a:\n    directories: {}", "sources/vtx.yaml:3:5: unknown key 'directories'"),
            ("a: [1", "sources/vtx.yaml:2:1: invalid YAML"),
            ("skip: true\noptions:\n  crf: 1\n  crf: 2", "sources/vtx.yaml:3:3: invalid YAML"),
        ])
    func wrong(text: String, message: String) {
        let error = #expect(throws: VTXError.self) { try file(text) }
        #expect(error?.kind == .usage)
        #expect(error?.message.description.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    private func override(_ target: BatchTarget? = nil, _ options: [String: [String]] = [:]) -> SettingsOverride {
        var change = SettingsOverride()
        change.target = target
        change.options = options
        return change
    }

    @Test("Folders take over what is around them; another command drops the options of the former")
    func inheritance() throws {
        var tree = SettingsTree(base: ItemSettings(target: .mp4), table: table)
        tree.changes = [
            (.folder(""), override(nil, ["--crf": ["--crf", "20"], "--preset": ["--preset", "low"]])),
            (.folder("a"), override(nil, ["--crf": ["--crf", "30"]])), (.folder("a/b"), override(nil, ["--crf": []])),
            (.pattern(Glob("*-hls"), below: ""), override(.hls, ["--rungs": ["--rungs", "720p"]])),
        ]
        #expect(tree.settings(for: "").words == ["--crf", "20", "--preset", "low"])
        #expect(tree.settings(for: "a/x").words == ["--preset", "low", "--crf", "30"])
        #expect(tree.settings(for: "a/b/c").words == ["--preset", "low"])
        #expect(tree.settings(for: "ab").words == ["--crf", "20", "--preset", "low"])
        let package = tree.settings(for: "sources-hls/deep")
        #expect(package.target == .hls)
        #expect(package.words == ["--rungs", "720p"])
        // The command line takes the target back; what folders say for the other command goes with it.
        tree.changes = [
            (.folder(""), override(.hls, ["--rungs": ["--rungs", "720p"]])), (.folder(""), override(.mp4)),
            (.folder("a"), override(nil, ["--rungs": ["--rungs", "480p"], "--preset": ["--preset", "low"]])),
        ]
        #expect(tree.settings(for: "a").words == ["--preset", "low"])
    }

    @Test("The last value of an option counts")
    func values() {
        let settings = ItemSettings(target: .mp4, words: ["--crf", "1", "--preset=low", "--crf", "2"])
        #expect(settings.value(of: .crf, in: transcode) == "2")
        #expect(settings.value(of: .preset, in: transcode) == "low")
        #expect(settings.value(of: .height, in: transcode) == nil)
        #expect(settings.value(of: .crf, in: ladder) == nil)
    }
}
