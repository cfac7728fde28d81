// The user's defaults, completions and manual pages.

import Foundation
import Testing

@Suite("defaults", .timeLimit(.minutes(60)))
struct DefaultsTests {
    let folder: Folder

    init() throws {
        folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.file("vtx"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: folder.file("clip.mkv"))
    }

    private func run(_ line: String, defaults: String) throws -> ProgramResult {
        _ = try folder.write(defaults, to: "vtx/config.yaml")
        return try startVTX(
            line.split(separator: " ").map(String.init), in: folder.path,
            environment: ["XDG_CONFIG_HOME": folder.path]
        ).wait(within: 60)
    }

    @Test("Defaults hold, and the command line takes precedence")
    func precedence() throws {
        let text = "transcode:\n  video: hevc\n  crf: 31\n  height: 90\nladder: {crf: 40}\n"
        let plain = try run("transcode clip.mkv out.mp4 --dry-run --json", defaults: text)
        let plan = try #require(plain.json().last)
        #expect(plan.value("video.encode.codec") == "hevc" && plan.value("video.encode.rate.value") == 31.0)
        #expect(plan.value("video.encode.size.height") == 90)
        #expect(plain.errors.contains("vtx/config.yaml: --video hevc --crf 31 --height 90"), "\(plain.errors)")
        let typed = try run("transcode clip.mkv out.mp4 --dry-run --json --bitrate 1M --size 96x72", defaults: text)
        #expect(typed.status == 0, "\(typed.summary)")
        #expect(typed.json().last?.value("video.encode.rate.average") == 1_000_000)
        #expect(typed.json().last?.value("video.encode.size.width") == 96)
        let none = try run("transcode clip.mkv out.mp4 --dry-run --json --no-config", defaults: text)
        #expect(none.json().last?.value("video.encode.codec") == "h264" && !none.errors.contains("config.yaml"))
        let probe = try run("probe clip.mkv", defaults: "nonsense: [")
        #expect(probe.status == 0, "\(probe.summary)")
    }

    @Test("A run reports the defaults that it uses")
    func reported() throws {
        let text = "transcode: {video: none, audio-codec: copy}\n"
        let loud = try run("transcode clip.mkv a.mka.mkv", defaults: text)
        #expect(loud.status == 0, "\(loud.summary)")
        #expect(loud.errors.contains("vtx/config.yaml: --video none --audio-codec copy\n"), "\(loud.errors)")
        let quiet = try run("transcode clip.mkv b.mkv --quiet", defaults: text)
        #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.summary)")
    }

    @Test(
        "Defaults that make no sense beside typed options are left out",
        arguments: [
            ("{video: h264, crf: 31, speed: slow}", "out.webm --video vp9", ""),
            ("{height: 90, crf: 31}", "out.mkv --video copy", ""),
            ("{height: 90, crf: 31}", "out.mkv --preset archive", ""),
            ("{loudness: -16, container: mkv, height: 90}", "out.mp4 --volume 2", "--height 90"),
            ("{audio-bitrate: 96k, height: 90}", "out.mkv --audio-codec flac", "--height 90"),
            ("{height: 90}", "out.mkv --resolution 80", ""),
            ("{height: 90, crf: 31, fade: 1}", "out.mp3", "--fade 1"),
            ("{end: 1, fps: 10}", "out.mkv --duration 1", "--fps 10"),
        ])
    func leftOut(defaults: String, line: String, used: String) throws {
        let result = try run("transcode clip.mkv \(line) --dry-run", defaults: "transcode: \(defaults)\n")
        #expect(result.status == 0, "\(result.summary)")
        #expect(result.errors.contains("vtx/config.yaml: \(used)\n") == !used.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("vtx/config.yaml") == !used.isEmpty, "\(result.errors)")
    }

    @Test("Flags can be turned off, options repeated, and files lie beside the defaults")
    func forms() throws {
        _ = try folder.write("1\n00:00:01,000 --> 00:00:02,000\nHello\n", to: "vtx/a.srt")
        let transcode = try run(
            "transcode clip.mkv out.mkv --dry-run --json",
            defaults: "transcode: {subtitle-file: [fr:a.srt, de:a.srt]}\n")
        let tracks: [JSONLine] = try #require(transcode.json().last?.value("subtitles"))
        #expect(tracks.count == 3, "\(transcode.summary)")
        let ladder = try run("ladder clip.mkv out --dry-run --json", defaults: "ladder:\n  thumbnails: false\n")
        #expect(ladder.status == 0 && ladder.errors.contains("--no-thumbnails"), "\(ladder.summary)")
    }

    @Test(
        "What is wrong is named with its line",
        arguments: [
            ("transcode:\n  crf: low\n", "config.yaml:2:3: invalid value 'low' for --crf"),
            (
                "transcode:\n  audio: all\n  audio-codec: low\n",
                "config.yaml:3:3: invalid value 'low' for --audio-codec"
            ),
            ("transcode:\n  quality: 3\n", "config.yaml:2:3: vtx transcode has no option --quality"),
            ("encode: {crf: 3}\n", "config.yaml:1:1: unknown key 'encode'"),
            ("batch: {crf: 3}\n", "vtx batch has no option --crf"),
            ("transcode: {output: out.mp4}\n", "--output is for a single run"),
            ("transcode: [", "invalid YAML"), ("transcode: 3\n", "must be a mapping"),
        ])
    func faults(defaults: String, words: String) throws {
        let result = try run("transcode clip.mkv out.mp4", defaults: defaults)
        #expect(result.status == 64 && result.errors.contains(words), "\(result.summary)")
        #expect(result.errors.contains("hint: ") && !folder.names.contains("out.mp4"))
    }

    @Test("A batch has defaults of its own, and its workers none")
    func batch() throws {
        try FileManager.default.createDirectory(atPath: folder.file("in"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: folder.file("in/clip.mkv"))
        let result = try run(
            "batch in out --to mp3 --json", defaults: "transcode: {start: 90}\nbatch: {name: '{stem}-x', jobs: 1}\n")
        #expect(result.status == 0, "\(result.summary)")
        #expect(FileManager.default.fileExists(atPath: folder.file("out/clip-x.mp3")))
    }

    @Test("Completions know the values of options", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let script = try vtx("--generate-completion-script", shell)
        #expect(script.status == 0)
        for word in ["hevc", "libx264", "tonemap", "veryslow", "yuv420p10le", "telegram", "eac3", "cbcs", "pulldown"] {
            #expect(script.output.contains(word) == (word != "libx264"), "\(word)")
        }
    }

    @Test("There is a manual page of each command, with its options")
    func manual() throws {
        let script = fixture("../scripts/man")
        let made = try Program.run("python3", [script, folder.file("man"), "--vtx", try vtxBinary()], within: 60)
        #expect(made.status == 0, "\(made.summary)")
        let page = try String(contentsOfFile: folder.file("man/vtx-transcode.1"), encoding: .utf8)
        for words in [".SH NAME", "\\-\\-crf", "vtx transcode clip.mkv clip.mp4", ".SS Trim"] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(FileManager.default.fileExists(atPath: folder.file("man/vtx.1")))
        #expect(!FileManager.default.fileExists(atPath: folder.file("man/vtx-thumbnail.1")))
    }
}
