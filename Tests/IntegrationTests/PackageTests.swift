// vtx package: renditions of others, cut at their own key frames, in a package that says what is in it.

import Foundation
import Testing

@Suite("package", .needsOracle, .timeLimit(.minutes(60)))
struct PackageTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A rendition of a test pattern by ffmpeg, with a tone unless `audio` is false.
    private func rendition(
        _ name: String, size: String = "320x180", rate: String = "25", seconds: Int = 10, gop: Int = 50,
        audio: Bool = true, _ more: String...
    ) throws -> String {
        var arguments = ["-f", "lavfi", "-i", "testsrc2=s=\(size):r=\(rate):d=\(seconds)"]
        if audio { arguments += ["-f", "lavfi", "-i", "sine=f=440:r=48000:d=\(seconds)", "-c:a", "aac", "-ac", "2"] }
        arguments += [
            "-c:v", "libx264", "-preset", "veryfast", "-g", "\(gop)", "-keyint_min", "\(gop)", "-sc_threshold", "0",
        ]
        try Oracle.ffmpeg(arguments + more + [folder.file(name)])
        return folder.file(name)
    }

    private func package(_ arguments: String...) throws -> ProgramResult {
        try startVTX(["package"] + arguments + ["-o", folder.file("out"), "-q"]).wait(within: 100)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file("out/\(name)"), encoding: .utf8)
    }

    private func durations(_ playlist: String) throws -> [Double] {
        try text(playlist).split(separator: "\n").filter { $0.hasPrefix("#EXTINF:") }
            .compactMap { Double($0.dropFirst(8).prefix { $0 != "," }) }
    }

    @Test("H.264 that browsers do not play is refused, grey too", arguments: ["yuv420p10le", "yuv444p", "gray"])
    func rareH264(format: String) throws {
        let source = try rendition("a.mp4", size: "64x48", seconds: 1, audio: false, "-pix_fmt", format)
        let result = try package(source)
        #expect(result.status == 64 && result.errors.contains("browsers do not play"), "\(result.summary)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }

    @Test(
        "What vtx transcode --gop makes can be packaged",
        arguments: [("h264", "mp4"), ("hevc", "mkv"), ("vp9", "mkv"), ("av1", "mp4")])
    func transcoded(codec: String, container: String) throws {
        let speed = ["vp9": "8", "av1": "12"][codec] ?? "ultrafast"
        for rows in ["240", "180"] {
            let made = try startVTX([
                "transcode", fixture("clip.mkv"), "-o", folder.file("\(rows).\(container)"), "--video", codec,
                "--height", rows, "--speed", speed, "--gop", "0.5", "-q",
            ]).wait(within: 100)
            #expect(made.status == 0, "\(made.summary)")
        }
        let result = try package(
            folder.file("240.\(container)"), folder.file("180.\(container)"), "--segment", "1")
        #expect(result.status == 0, "\(result.summary)")
        #expect(try durations("240p/index.m3u8") == durations("180p/index.m3u8"))
        #expect(try durations("240p/index.m3u8").dropLast().allSatisfy { $0 == 1 })
        // A key frame every half second.
        #expect(try durations("240p/iframes.m3u8").dropLast().allSatisfy { $0 == 0.5 })
        #expect(try durations("240p/iframes.m3u8").count == 6)
        let frames = try Oracle.frameTimes(folder.file("out/240p/index.m3u8"))
        #expect(frames.count == (try Oracle.frameTimes(fixture("clip.mkv"))).count)
    }

    @Test(
        "Renditions become variants with exact rates, whatever container and clock they come in",
        arguments: [
            ("25", "mp4", "fmp4", "25.000"), ("30000/1001", "mkv", "fmp4", "29.970"),
            ("24000/1001", "ts", "fmp4", "23.976"), ("30000/1001", "mkv", "ts", "29.970"), ("25", "ts", "ts", "25.000"),
        ])
    func containers(rate: String, container: String, segments: String, written: String) throws {
        let high = try rendition("high.\(container)", size: "640x360", rate: rate)
        let low = try rendition("low.mp4", rate: rate, audio: false)
        let result = try package(low, high, "--segments", segments, "--segment", "4")
        #expect(result.status == 0, "\(result.summary)")
        let master = try text("master.m3u8")
        #expect(master.components(separatedBy: "FRAME-RATE=\(written)").count == 3)
        #expect(master.contains("RESOLUTION=640x360") && master.contains("RESOLUTION=320x180"))
        #expect(master.components(separatedBy: "EXT-X-I-FRAME-STREAM-INF").count == 3)
        let cuts = try durations("360p/index.m3u8")
        #expect(cuts.count > 1)
        #expect(try durations("180p/index.m3u8") == cuts)
        #expect(try Oracle.decodeErrors(folder.file("out/360p/index.m3u8")).isEmpty)
        #expect(try Oracle.decodeErrors(folder.file("out/audio-1/index.m3u8")).isEmpty)
        // Every frame is there, at the time it had.
        let frames = try Oracle.frameTimes(folder.file("out/360p/index.m3u8"))
        #expect(frames.count == (try Oracle.frameTimes(high)).count)
    }

    @Test(
        "Single files and encrypted packages have the same cuts",
        arguments: [["--single-file"], ["--encrypt", "aes-128"]])
    func variants(options: [String]) throws {
        let source = try rendition("source.mp4")
        let keys = options.contains("--encrypt") ? ["--keys-dir", folder.file("out/keys")] : []
        let result = try startVTX(["package", source, "-o", folder.file("out"), "-q"] + options + keys).wait(
            within: 100)
        #expect(result.status == 0, "\(result.summary)")
        #expect(try durations("180p/index.m3u8") == [6, 4])
    }

    @Test("Renditions out of step are refused, with the file and the time")
    func misaligned() throws {
        let one = try rendition("one.mp4", seconds: 20)
        let other = try rendition("other.mp4", seconds: 20, gop: 48)
        let result = try package(one, other)
        #expect(result.status == 65)
        #expect(result.errors.contains("other.mp4 has a key frame at 0:00:01.920"))
        #expect(result.errors.contains("one.mp4 has none there (its nearest is at 0:00:02.000)"))
        #expect(folder.names == ["one.mp4", "other.mp4"])
    }

    @Test("Lengths that differ by more than half a second are refused", arguments: [10, 19])
    func lengths(seconds: Int) throws {
        let result = try package(
            try rendition("one.mp4", seconds: 20), try rendition("other.mp4", seconds: seconds))
        #expect(result.status == 65)
        #expect(result.errors.contains("differ in duration"))
    }

    @Test("Open groups are no place to cut")
    func openGroups() throws {
        let source = try rendition("source.mp4", seconds: 20, gop: 50, "-x264-params", "open-gop=1")
        let result = try package(source)
        #expect(result.status == 65, "\(result.summary)")
        #expect(result.errors.contains("has no key frame between 0:00:00.000 and 0:00:20.000"))
        #expect(result.errors.contains("open-gop=0"))
    }

    @Test("Tracks of other formats and languages become groups with the same members")
    func audio() throws {
        let source = try rendition("source.mp4", audio: false)
        for (name, codec, channels, language) in [
            ("eng.m4a", "aac", "2", "eng"), ("eng51.mp4", "ac3", "6", "eng"), ("deu.m4a", "aac", "2", "deu"),
        ] {
            try Oracle.ffmpeg([
                "-f", "lavfi", "-i", "sine=f=330:r=48000:d=10", "-c:a", codec, "-ac", channels, "-metadata:s:a:0",
                "language=\(language)", folder.file(name),
            ])
        }
        let result = try package(source, folder.file("eng.m4a"), folder.file("eng51.mp4"), folder.file("deu.m4a"))
        #expect(result.status == 0, "\(result.summary)")
        let media = try text("master.m3u8").split(separator: "\n").filter { $0.hasPrefix("#EXT-X-MEDIA:") }
        #expect(media.filter { $0.contains("GROUP-ID=\"audio-aac-2\"") }.count == 2)
        #expect(media.filter { $0.contains("GROUP-ID=\"audio-ac3-6\"") }.count == 2)
        #expect(try text("master.m3u8").contains(",ac-3,mp4a.40.2\""))
    }

    @Test(
        "Before audio that begins late there is silence, whatever the channels, the container and the segments",
        arguments: [
            ("mp4", "fmp4", "1"), ("ts", "ts", "2"), ("mp4", "ts", "6"), ("ts", "fmp4", "6"), ("mp4", "fmp4", "8"),
        ])
    func lateSound(container: String, segments: String, channels: String) throws {
        let source = folder.file("source.\(container)")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=160x120:r=24:d=8", "-itsoffset", "2.5", "-f", "lavfi", "-i",
            "aevalsrc='\(Array(repeating: "0.5*sin(2800*t)", count: Int(channels)!).joined(separator: "|"))':s=48000:d=5.5",
            "-map", "0", "-map", "1", "-c:v", "libx264", "-preset", "ultrafast", "-g", "48", "-c:a", "aac", source,
        ])
        let result = try package(source, "--segments", segments, "--segment", "2")
        #expect(result.status == 0, "\(result.summary)")
        let audio = folder.file("out/audio-1/index.m3u8")
        let times = try Oracle.frameTimes(audio, "a:0")
        let origin = segments == "ts" ? 10.0 : 0
        #expect(try abs(#require(times.first) - origin) <= 1024.0 / 48000)
        // ffprobe gives some frames of transport streams their neighbours' times.
        #expect(abs(times.count - 8 * 48000 / 1024) <= 1)
        #expect(zip(times, times.dropFirst()).allSatisfy { (0.0...0.045).contains($1 - $0) })
        let heard = try Oracle.ffmpeg(
            ["-i", audio, "-af", "silencedetect=n=-40dB:d=1", "-f", "null", "-"], level: "info")
        let end = heard.errors.firstMatch(of: /silence_end: ([0-9.]+)/).flatMap { Double($0.1) }
        #expect(try abs(#require(end) - 2.5) < 0.03)
        #expect(try Oracle.ffmpeg(["-i", audio, "-f", "null", "-"]).errors == "")
    }

    @Test(
        "VIDEO-RANGE is what the picture says, in both kinds of segments",
        arguments: [("smpte2084", "PQ"), ("arib-std-b67", "HLG"), ("bt709", "SDR")], ["fmp4", "ts"])
    func videoRange(transfer: (name: String, range: String), segments: String) throws {
        let source = try rendition("source.mp4", audio: false, "-color_trc", transfer.name)
        let result = try package(source, "--segments", segments)
        #expect(result.status == 0, "\(result.summary)")
        let variants = try text("master.m3u8").split(separator: "\n").filter {
            $0.hasPrefix("#EXT-X-") && $0.contains("180")
        }
        #expect(variants.count == 2)
        #expect(variants.allSatisfy { $0.contains("VIDEO-RANGE=\(transfer.range)") }, "\(variants)")
    }

    @Test("Subtitle files become segments of WebVTT")
    func subtitles() throws {
        let source = try rendition("source.mp4")
        let result = try package(source, "--subtitle-file", "eng:\(fixture("subtitles.srt"))")
        #expect(result.status == 0, "\(result.summary)")
        #expect(try text("master.m3u8").contains("TYPE=SUBTITLES"))
        #expect(try text("subtitles-1-eng/segment-00001.vtt").contains("-->"))
    }

    @Test(
        "Bad input is refused with nothing written",
        arguments: [
            (["garbage.mp4"], 65, "cannot read"), (["subtitles.srt"], 65, "no video and no audio"),
            (["truncated.mp4"], 65, "truncated"), (["odd.webm", "--segments", "ts"], 64, "--segments fmp4"),
            (["missing.mp4"], 66, "cannot open"), (["mjpeg.avi"], 64, "possible: h264"),
        ])
    func badInput(arguments: [String], status: Int32, words: String) throws {
        let result = try startVTX(
            ["package", fixture(arguments[0])] + arguments.dropFirst() + ["-o", folder.file("out"), "-q"]
        ).wait(within: 100)
        #expect(result.status == status, "\(result.summary)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(folder.names == [])
    }

    @Test("A package is replaced only when asked, and a dry run writes nothing")
    func replacing() throws {
        let source = try rendition("source.mp4")
        #expect(try package(source, "--dry-run").status == 0)
        #expect(folder.names == ["source.mp4"])
        #expect(try package(source).status == 0)
        #expect(try package(source).status == 73)
        #expect(try package(source, "--overwrite", "--segments", "ts").status == 0)
        #expect(FileManager.default.fileExists(atPath: folder.file("out/180p/segment-00001.ts")))
        #expect(!FileManager.default.fileExists(atPath: folder.file("out/180p/init.mp4")))
    }

    @Test("The same input gives the same bytes")
    func repeatable() throws {
        let source = try rendition("source.mp4")
        #expect(try package(source).status == 0)
        try FileManager.default.moveItem(atPath: folder.file("out"), toPath: folder.file("first"))
        #expect(try package(source).status == 0)
        let compared = try Program.run("diff", ["-r", folder.file("first"), folder.file("out")])
        #expect(compared.status == 0, "\(compared.output)")
    }

    @Test("JSON lines tell the plan and what was made")
    func json() throws {
        let source = try rendition("source.mp4")
        let result = try startVTX(["package", source, "-o", folder.file("out"), "--json"]).wait(within: 100)
        let lines = result.json()
        #expect(lines.first?.type == "header")
        let plan = try #require(lines.first { $0.type == "plan" })
        #expect(plan.value("video.0.name") == "180p")
        #expect(plan.value("video.0.frames") == 250)
        let done = try #require(lines.last)
        #expect(done.type == "done")
        #expect(done.value("segments") == 2)
    }
}
