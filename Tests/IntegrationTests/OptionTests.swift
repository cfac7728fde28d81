// The command line: presets, options that are refused, plans and events.

import Foundation
import Testing

@Suite("options", .timeLimit(.minutes(60)))
struct OptionTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test("A name that begins with a dash is asked for with ./")
    func dash() throws {
        try "".write(toFile: folder.file("-clip.mkv"), atomically: true, encoding: .utf8)
        let result = try vtx("probe", "-clip.mkv", in: folder.path)
        #expect(result.status == 64 && result.errors.contains("'./-clip.mkv'"), "\(result.summary)")
    }

    @Test(
        "What cannot be asked is exit 64 with a hint, and nothing is written",
        arguments: [
            (["--option", "nonsense=1"], "no option 'nonsense'"),
            (["--option", "nonsense"], "nonsense"),
            (["--video", "vp9"], "does not support vp9"),
            (["--audio-codec", "pcm"], "does not support pcm"),
            (["--speed", "warp"], "invalid speed"),
            (["--crf", "99"], "out of range"),
            (["--crf", "20", "--bitrate", "1M"], "cannot be combined"),
            (["--two-pass"], "--two-pass needs a target bit rate"),
            (["--height", "121"], "odd"),
            (["--height", "1"], "--height"),
            (["--size", "100x"], "100x"),
            (["--resolution", "721p"], "--resolution 721 is odd"),
            (["--resolution", "wide"], "a resolution is written 720 or 720p"),
            (["--resolution", "720p", "--fit", "100x100"], "cannot be combined"),
            (["--video", "copy", "--resolution", "720p"], "--resolution: copied video"),
            (["--rotate", "45"], "90, 180, 270"),
            (["--flip", "both"], "horizontal, vertical"),
            (["--denoise", "much"], "light, medium, strong"),
            (["--fade", "1:x"], "IN:OUT in seconds"),
            (["--fade", "8:8"], "longer than the output"),
            (["--volume", "loud"], "+6dB"),
            (["--volume", "+6dB", "--loudness", "-16"], "cannot be combined"),
            (["--audio-codec", "copy", "--fade", "1:1"], "--fade: copied audio"),
            (["--audio-codec", "copy", "--volume", "2"], "--volume: copied audio"),
            (["--video", "copy", "--denoise", "light", "--fade", "1"], "--denoise, --fade: copied video"),
            (["--speed-up", "9"], "goes from 0.25 to 8"),
            (["--speed-up", "fast"], "a speed is written"),
            (["--speed-up", "2", "--burn", "1"], "--speed-up and --burn cannot be combined"),
            (["--audio-codec", "copy", "--speed-up", "2"], "--speed-up: copied audio"),
            (["--video", "copy", "--speed-up", "2"], "--speed-up: copied video"),
            (["--crop", "bars"], "a crop is written auto or"),
            (["--video", "copy", "--crop", "auto"], "--crop: copied video"),
            (["--crop", "640:480:0:0"], "reaches beyond the video"),
            (["--height", "100", "--size", "100x100"], "cannot be combined"),
            (["--fps", "0"], "--fps"),
            (["--pixel-format", "rgb24"], "rgb24"),
            (["--threads", "0"], "--threads"),
            (["--loudness", "3"], "out of range"),
            (["--channels", "9.1"], "9.1"),
            (["--preset", "best"], "no preset 'best'"),
            (["--nonsense"], "nonsense"),
            (["--video", "none", "--audio", "none"], "left"),
            (["--video", "copy", "--crf", "20"], "--crf"),
            (["--audio-codec", "copy", "--loudness", "-16"], "--loudness"),
            (["--audio-bitrate", "1G"], "1G"),
            (["--video-track", "7"], "7"),
        ])
    func usage(options: [String], words: String) throws {
        let container = options.contains("vp9") || options.contains("pcm") ? "avi" : "mp4"
        let arguments = [
            "transcode", fixture("clip.mkv"), "-o",
            folder.file("out.\(container == "avi" && options.contains("pcm") ? "mp4" : container)"),
        ]
        let result = try startVTX(arguments + options).wait(within: 30)
        #expect(result.status == 64, "\(result.summary)")
        #expect(result.errors.lowercased().contains(words.lowercased()), "\(result.errors)")
        #expect(folder.names.isEmpty)
    }

    @Test(
        "An impossible codec is answered with the possible ones",
        arguments: [
            ("out.webm", ["--video", "h264"], "vp9 or av1"), ("out.mp3", ["--audio-codec", "aac"], "mp3"),
            ("out.avi", ["--video", "av1"], "mpeg4 or h264"),
            ("out.webm", ["--audio-codec", "aac"], "opus"), ("out.xyz", [], ".mp4"), ("out", [], ".mkv"),
        ])
    func possible(output: String, options: [String], words: String) throws {
        let result = try startVTX(["transcode", fixture("clip.mkv"), "-o", folder.file(output)] + options)
            .wait(within: 30)
        #expect(result.status == 64, "\(result.summary)")
        #expect(result.errors.contains("hint: ") && result.errors.contains(words), "\(result.errors)")
    }

    @Test(
        "Missing arguments are usage errors, and help is not",
        arguments: [
            ([], 0), (["--help"], 0), (["transcode", "--help"], 0), (["--version"], 0), (["transcode"], 64),
            (["transcode", "a.mp4"], 64),
            (["probe"], 64), (["dance"], 64),
        ] as [([String], Int32)])
    func arguments(list: [String], status: Int32) throws {
        let result = try startVTX(list).wait(within: 30)
        #expect(result.status == status, "\(result.summary)")
        // What was asked for goes to standard output, what went wrong does not.
        #expect(result.output.isEmpty == (status != 0))
    }

    // MARK: Presets

    @Test("Presets differ in size as they should", .needsOracle)
    func presets() throws {
        var sizes: [Int] = []
        for preset in ["high", "medium", "low"] {
            let output = folder.file("\(preset).mp4")
            let result = try vtx("transcode", fixture("silent.mp4"), "-o", output, "--preset", preset)
            #expect(result.status == 0, "\(result.summary)")
            sizes.append(
                try #require(try FileManager.default.attributesOfItem(atPath: output)[.size] as? Int))
        }
        #expect(sizes == sizes.sorted(by: >))
    }

    @Test("A preset of one's own is laid over a built-in one")
    func ownPreset() throws {
        let preset = try folder.write(
            """
            name: mine
            base: low
            video:
              h264: {crf: 31, speed: superfast, options: {g: 12}}
            audio:
              aac: {stereo: 96k}
            """, to: "mine.yaml")
        let plan = try #require(
            vtx(
                "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--preset", preset,
                "--dry-run", "--json"
            ).json().last)
        #expect(plan.value("video.encode.rate.value") == 31.0)
        #expect(plan.value("video.encode.options.preset") == "superfast")
        #expect(plan.value("video.encode.options.g") == "12")
        #expect(plan.value("audio.0.encode.bit_rate") == 96_000)
        // An option on the command line wins.
        let over = try #require(
            vtx(
                "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--preset", preset, "--crf",
                "20", "--dry-run", "--json"
            ).json().last)
        #expect(over.value("video.encode.rate.value") == 20.0)
    }

    @Test(
        "A preset that is not right is refused with its fault",
        arguments: [
            ("video: {h264: {qualty: 20}}", 64, "qualty"), ("vidio: {}", 64, "vidio"),
            ("video: {h265: {crf: 20}}", 64, "h265"),
            ("base: best", 64, "best"), ("video: {h264: {crf: 90}}", 64, "90"),
            ("video: {h264: {crf: high}}", 64, "crf"),
            ("audio: {aac: {stereo: loud}}", 64, "loud"), ("video: [", 64, ""),
        ] as [(String, Int32, String)])
    func badPreset(text: String, status: Int32, words: String) throws {
        let preset = try folder.write(text + "\n", to: "bad.yaml")
        let result = try vtx(
            "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--preset", preset)
        #expect(result.status == status, "\(result.summary)")
        #expect(words.isEmpty || result.errors.contains(words), "\(result.errors)")
        #expect(folder.names == ["bad.yaml"])
    }

    @Test("A preset file that is missing is exit 66")
    func missingPreset() throws {
        #expect(
            try vtx(
                "transcode", fixture("clip.mkv"), "-o", folder.file("o.mp4"), "--preset",
                "/nonexistent/p.yaml"
            ).status == 66)
    }

    // MARK: Plans and events

    @Test("A dry run shows the plan and writes nothing")
    func dryRun() throws {
        let text = try vtx("transcode", fixture("rotated.mp4"), "-o", folder.file("out.mp4"), "--dry-run")
        #expect(text.status == 0, "\(text.summary)")
        #expect(text.output.contains("turned 90 degrees counterclockwise") && text.output.contains("libx264"))
        let json = try vtx(
            "transcode", fixture("rotated.mp4"), "-o", folder.file("out.mp4"), "--dry-run", "--json")
        #expect(json.status == 0)
        let lines = json.json()
        #expect(lines.map(\.type) == ["header", "plan"])
        let plan = try #require(lines.last)
        #expect(plan.value("container") == "mp4")
        #expect(plan.value("video.encode.size.width") == 240 && plan.value("video.encode.size.height") == 320)
        let decisions: [JSONLine] = try #require(plan.value("decisions"))
        #expect(
            !decisions.isEmpty
                && decisions.allSatisfy { ["subject", "action", "reason"].allSatisfy($0.keys.contains) })
        #expect(folder.names.isEmpty)
    }

    @Test("Decisions are said once on standard error, and not with --quiet")
    func decisions() throws {
        let loud = try transcode(fixture("rotated.mp4"), to: folder.file("loud.mp4"))
        #expect(loud.errors.components(separatedBy: "turned 90 degrees").count == 2)
        #expect(loud.output.contains("loud.mp4") && !loud.output.contains("turned"))
        let quiet = try transcode(fixture("rotated.mp4"), to: folder.file("quiet.mp4"), "--quiet")
        #expect(quiet.errors.isEmpty && quiet.output.isEmpty)
    }

    @Test("--json tells header, plan, progress and done, in this order")
    func events() throws {
        let result = try startVTX([
            "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--json", "--speed", "veryslow",
            "--height", "720",
        ]).wait(within: 100)
        #expect(result.status == 0, "\(result.summary)")
        let lines = result.json()
        let types = lines.compactMap(\.type)
        #expect(types.first == "header" && types.dropFirst().first == "plan" && types.last == "done")
        #expect(Set(types) == ["header", "plan", "progress", "done"])
        #expect(lines[0].value("schema") == 1)
        var last = -1.0
        for line in lines where line.type == "progress" {
            let phase: String = try #require(line.value("phase"))
            #expect(["encode", "finish"].contains(phase))
            let percent: Double = try #require(line.value("percent"))
            #expect(percent >= last && percent <= 100)
            last = percent
            #expect(line["frames"] is Int && line["bytes"] is Int && line["elapsed"] is Double)
        }
        let done = try #require(lines.last)
        #expect(done.value("frames") == 72)
        #expect(done.value("output") == folder.file("out.mp4"))
        let size: Int = try #require(done.value("size"))
        #expect(
            size == (try FileManager.default.attributesOfItem(atPath: folder.file("out.mp4"))[.size] as? Int))
        #expect(near(try #require(done.value("duration.seconds")), 3.03, 0.05))
    }

    @Test("The phases of a job with loudness and two passes are told apart")
    func phases() throws {
        let lines = try startVTX([
            "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--json", "--speed", "slow",
            "--height", "720", "--bitrate", "2M",
            "--two-pass", "--loudness", "-16",
        ]).wait(within: 100).json()
        var phases: [String] = []
        for line in lines where line.type == "progress" {
            if let phase: String = line.value("phase"), phase != phases.last { phases.append(phase) }
        }
        // A phase of less than a fifth of a second may go unseen.
        let order = ["loudness", "first_pass", "encode", "finish"]
        #expect(phases == order.filter(phases.contains), "\(phases)")
        #expect(phases.contains("encode"))
        let notes: [String] = try #require(lines.last?.value("notes"))
        #expect(notes.contains { $0.contains("LUFS") })
    }

    @Test("A reader of standard output that goes away does not end the job")
    func closedOutput() throws {
        let output = folder.file("out.mp4")
        let script =
            "'\(try vtxBinary())' transcode '\(fixture("clip.mkv"))' -o '\(output)' --json --speed ultrafast | head -n 1"
        let result = try Program.run("/bin/sh", ["-c", script], within: 60)
        #expect(result.status == 0)
        #expect(result.json().map(\.type) == ["header"])
        #expect(folder.names == ["out.mp4"])
    }

    @Test("Colour is for terminals only")
    func noColor() throws {
        #expect(try !vtx("probe", "/nonexistent").errors.contains("\u{1B}"))
    }
}
