// `vtx ladder` on fixtures: the package on disk as a player, ffprobe and ffmpeg see it, and what is left when it fails.

import Foundation
import Glibc
import Testing

@Suite("ladder", .needsOracle, .timeLimit(.minutes(60)))
struct LadderTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private var output: String { folder.file("package") }

    /// Makes a package and expects success.
    private func ladder(
        _ input: String, _ options: [String] = [], to name: String = "package",
        location: SourceLocation = #_sourceLocation
    ) throws -> HLSPackage {
        let arguments = ["ladder", input, "-o", folder.file(name), "--speed", "ultrafast"] + options
        let result = try startVTX(arguments).wait(within: 100)
        #expect(result.status == 0, "\(arguments)\n\(result.summary)", sourceLocation: location)
        return try HLSPackage(folder.file(name))
    }

    private func run(_ input: String, _ options: [String] = []) throws -> ProgramResult {
        try startVTX(["ladder", input, "-o", output, "--speed", "ultrafast"] + options).wait(within: 100)
    }

    private func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    // MARK: What is in a package

    @Test("A package of fragmented MP4 has a folder for each rendition, and nothing else")
    func layout() throws {
        let package = try ladder(fixture("clip.mkv"), ["--segment", "2"])
        #expect(
            names(output) == [
                "160p", "240p", "audio-1-eng", "audio-2-deu", "master.m3u8", "poster.jpg", "subtitles-1-eng",
                "thumbnails",
            ])
        let media = ["index.m3u8", "init.mp4", "segment-00001.m4s", "segment-00002.m4s"]
        #expect(names(output + "/240p") == ["iframes.m3u8"] + media)
        #expect(names(output + "/audio-1-eng") == media)
        #expect(names(output + "/subtitles-1-eng") == ["index.m3u8", "segment-00001.vtt", "segment-00002.vtt"])
        #expect(names(output + "/thumbnails") == ["sheet-001.jpg", "thumbnails.vtt"])
        #expect(folder.names == ["package"])
        #expect(package.renditions.map { $0["LANGUAGE"] } == ["en", "de", "en"])
        #expect(package.renditions.map { $0["TYPE"] } == ["AUDIO", "AUDIO", "SUBTITLES"])
        #expect(package.renditions.map { $0["DEFAULT"] }.prefix(2) == ["YES", "NO"])
        #expect(package.iFrames.count == 2)
    }

    @Test("Transport streams and single files have other names", arguments: ["ts", "fmp4-single", "ts-single"])
    func otherLayouts(kind: String) throws {
        var options = ["--segment", "2"]
        if kind.hasPrefix("ts") { options += ["--segments", "ts"] }
        if kind.hasSuffix("single") { options.append("--single-file") }
        let package = try ladder(fixture("clip.mkv"), options)
        let media = [
            "ts": ["segment-00001.ts", "segment-00002.ts"], "fmp4-single": ["media.mp4"], "ts-single": ["media.ts"],
        ][kind]!
        #expect(names(output + "/240p") == (["iframes.m3u8", "index.m3u8"] + media).sorted())
        for playlist in try package.pictures() + package.audioRenditions() {
            let joined = try playlist.join(to: folder.file("joined"))
            #expect(try Oracle.ffmpeg(["-i", joined, "-f", "null", "-"]).errors == "")
            #expect(playlist.durations.count == 2)
        }
    }

    @Test("Media playlists carry what a player needs", arguments: ["fmp4", "ts"])
    func playlists(type: String) throws {
        let package = try ladder(fixture("clip.mkv"), ["--segment", "2", "--segments", type])
        let media = try package.pictures() + package.audioRenditions()
        for playlist in media + (try package.texts()) {
            #expect(playlist.lines.first == "#EXTM3U")
            #expect(playlist.lines.last == "#EXT-X-ENDLIST")
            #expect(playlist.values("EXT-X-PLAYLIST-TYPE") == ["VOD"])
            #expect(playlist.durations.count == playlist.uris.count)
            for uri in playlist.uris { #expect(FileManager.default.fileExists(atPath: playlist.folder + "/" + uri)) }
        }
        #expect(Set(media.flatMap { $0.values("EXT-X-TARGETDURATION") }).count == 1)
        #expect(package.master.has("EXT-X-INDEPENDENT-SEGMENTS"))
        for variant in package.variants {
            #expect(variant["FRAME-RATE"] == "24.000")
            #expect(variant["VIDEO-RANGE"] == "SDR")
            #expect(variant["CLOSED-CAPTIONS"] == "NONE")
            #expect(variant["AUDIO"] == "audio")
            #expect(variant["SUBTITLES"] == "subtitles")
            #expect(variant["CODECS"]?.hasPrefix("avc1.") == true)
            #expect(variant["CODECS"]?.hasSuffix(",mp4a.40.2") == true)
        }
    }

    // MARK: Rungs

    @Test(
        "Rungs follow the short side of the upright picture and are never above it",
        arguments: [
            ("clip.mkv", [], ["320x240", "214x160"]),
            ("rotated.mp4", [], ["240x320", "160x214"]),  // portrait: by its width
            ("anamorphic.mpg", [], ["426x240", "284x160"]),  // 427x240 shown
            ("odd.webm", [], ["162x122", "106x80"]),
            ("clip.mkv", ["--rungs", "720p,240p,120p:100k"], ["320x240", "160x120"]),
        ] as [(String, [String], [String])])
    func rungs(file: String, options: [String], sizes: [String]) throws {
        let package = try ladder(fixture(file), options)
        #expect(Set(package.resolutions) == Set(sizes))
        for (playlist, size) in zip(try package.pictures(), sizes) {
            let stream = try #require(try Oracle.describe(playlist.join(to: folder.file("joined"))).video.first)
            #expect("\(stream.width ?? 0)x\(stream.height ?? 0)" == size)
            #expect(["1:1", nil].contains(stream.sampleAspectRatio))
        }
    }

    @Test("Rungs above the source only are refused")
    func aboveSource() throws {
        let result = try run(fixture("clip.mkv"), ["--rungs", "1080p,720p"])
        #expect(result.status == 64, "\(result.summary)")
        #expect(result.errors.contains("above the source"))
        #expect(folder.names.isEmpty)
    }

    @Test(
        "Options that do not fit are refused before anything is written",
        arguments: [
            ["--segments", "ts", "--codec", "hevc"], ["--rate", "abr", "--crf", "20"], ["--rungs", "240p,240p"],
            ["--rungs", "huge"], ["--codec", "vp9"], ["--codec", "mpeg4"], ["--gop", "8"], ["--segment", "0"],
            ["--surround", "mp3"],
        ])
    func refusedOptions(options: [String]) throws {
        let result = try run(fixture("clip.mkv"), options)
        #expect(result.status == 64, "\(result.summary)")
        #expect(result.errors.contains("rror:"))
        #expect(folder.names.isEmpty)
    }

    // MARK: The grid

    @Test("Every segment begins with a key frame at the same time in all rungs", arguments: ["fmp4", "ts"])
    func grid(type: String) throws {
        let package = try ladder(fixture("clip.mkv"), ["--segment", "1", "--gop", "0.5", "--segments", type])
        var starts: [[Double]] = []
        for playlist in try package.pictures() {
            #expect(playlist.durations.prefix(3).allSatisfy { $0 == 1 }, "\(playlist.durations)")
            let joined = try playlist.join(to: folder.file("joined"))
            let times = try Oracle.frameTimes(joined)
            let keys = try Oracle.keyTimes(joined).map { $0 - times[0] }
            // 12 frames of 1/24 s, exact to what the containers can say.
            for (number, key) in keys.enumerated() { #expect(near(key, 0.5 * Double(number), 0.00002), "\(keys)") }
            #expect(keys.count == Int((playlist.duration / 0.5).rounded(.up)))
            starts.append(keys)
            // Each alone: header, tables and parameter sets are where a player needs them.
            for segment in try playlist.contents().dropFirst(type == "fmp4" ? 1 : 0) {
                let header = type == "fmp4" ? try playlist.contents()[0] : Data()
                try (header + segment).write(to: URL(fileURLWithPath: folder.file("one")))
                #expect(try Oracle.keyTimes(folder.file("one")).isEmpty == false)
                #expect(try Oracle.ffmpeg(["-i", folder.file("one"), "-f", "null", "-"]).errors == "")
            }
        }
        #expect(starts.count == 2)
        #expect(starts[0] == starts[1])
        #expect(try package.pictures().map(\.durations)[0] == package.pictures().map(\.durations)[1])
    }

    @Test(
        "Every frame of the source is in every rung, once",
        arguments: [("silent.mp4", "25.000"), ("anamorphic.mpg", "29.970"), ("late_start.ts", "25.000")])
    func frames(file: String, rate: String) throws {
        let package = try ladder(fixture(file), ["--segment", "1", "--gop", "1"])
        // Audio may last a little longer than the picture.
        let expected = try Oracle.frameTimes(fixture(file)).count
        for playlist in try package.pictures() {
            let count = try Oracle.frameTimes(playlist.join(to: folder.file("joined"))).count
            #expect((expected...(expected + 1)).contains(count), "\(count) instead of \(expected)")
        }
        #expect(package.variants.allSatisfy { $0["FRAME-RATE"] == rate })
    }

    @Test("A variable rate becomes constant without losing time")
    func variableRate() throws {
        let package = try ladder(fixture("vfr.mp4"))
        #expect(package.variants.allSatisfy { $0["FRAME-RATE"] == "30.000" })
        let times = try Oracle.frameTimes(fixture("vfr.mp4"))
        for playlist in try package.pictures() {
            let made = try Oracle.frameTimes(playlist.join(to: folder.file("joined")))
            let steps = zip(made, made.dropFirst()).map { $1 - $0 }
            #expect(steps.allSatisfy { near($0, 1.0 / 30, 0.0001) }, "\(steps)")
            #expect(near(playlist.duration, times.last! - times[0], 0.2))
        }
    }

    @Test("The frame rate is capped, and small rungs get half of more than 30")
    func frameRateCap() throws {
        let source = folder.file("fast.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=854x480:rate=60:duration=1.5", "-c:v", "libx264", "-preset",
            "ultrafast", source,
        ])
        let halved = try ladder(source, ["--segment", "1", "--gop", "0.5"], to: "halved")
        #expect(
            Set(halved.variants.compactMap { "\($0["RESOLUTION"]!) \($0["FRAME-RATE"]!)" })
                == ["854x480 60.000", "640x360 30.000"])
        let boundaries = try halved.pictures().map(\.durations)
        #expect(boundaries[0] == boundaries[1])
        let counts = try halved.pictures().map { try Oracle.frameTimes($0.join(to: folder.file("joined"))).count }
        #expect(counts == [90, 45])
        let capped = try ladder(source, ["--fps", "30"], to: "capped")
        #expect(capped.variants.allSatisfy { $0["FRAME-RATE"] == "30.000" })
    }

    // MARK: Audio

    @Test(
        "Picture and audio fall together, whichever begins late",
        arguments: [
            ("late_audio.mp4", "fmp4"), ("late_audio.mp4", "ts"), ("late_video.mp4", "fmp4"), ("late_video.mp4", "ts"),
        ])
    func synchrony(file: String, type: String) throws {
        let package = try ladder(fixture(file), ["--segments", type])
        let picture = try #require(try package.pictures().first).join(to: folder.file("picture"))
        let audio = try #require(try package.audioRenditions().first).join(to: folder.file("audio"))
        let pictureStart = try #require(try Oracle.describe(picture).video.first).start
        let soundStart = try #require(try Oracle.frameTimes(audio, "a:0").first)
        // Beside the priming, which only fMP4 can hide.
        #expect(near(pictureStart, soundStart, 0.024), "\(pictureStart), \(soundStart)")
        // Both count from the file's beginning, whatever its clock says.
        let pictures = try Oracle.brightness(picture)
        let flashes = pictures.filter { $0.value > 128 }.map { $0.time - pictures[0].time }
        let beeps = try Oracle.beeps(audio)
        for moment in [1.0, 2.0] {
            #expect(flashes.contains { near($0, moment, 0.041) }, "\(flashes)")
            #expect(beeps.contains { near($0, moment, 0.05) }, "\(beeps)")
        }
    }

    @Test("Silence fills what a late track lacks, and audio is cut near the picture's boundaries")
    func lateSound() throws {
        let package = try ladder(fixture("late_audio.mp4"), ["--segment", "1", "--gop", "1"])
        let audio = try #require(try package.audioRenditions().first)
        let picture = try #require(try package.pictures().first)
        // What a last frame of audio has left over may be a segment of its own.
        #expect((0...1).contains(audio.durations.count - picture.durations.count))
        #expect(near(audio.duration, picture.duration, 0.045))
        var (soundEnd, videoEnd) = (0.0, 0.0)
        for (one, other) in zip(audio.durations, picture.durations).dropLast() {
            soundEnd += one
            videoEnd += other
            #expect(near(soundEnd, videoEnd, 0.0108), "\(audio.durations)")  // half a frame of AAC
        }
    }

    @Test("Audio alone is a package, and so is a picture alone", arguments: ["fmp4", "ts"])
    func oneKind(type: String) throws {
        let audio = try ladder(fixture("cover.mp3"), ["--segments", type], to: "audio")
        #expect(audio.variants.map { $0["CODECS"] } == ["mp4a.40.2"])
        #expect(audio.resolutions.isEmpty)
        #expect(names(folder.file("audio")) == ["audio-1", "master.m3u8"])
        let picture = try ladder(fixture("silent.mp4"), ["--segments", type], to: "picture")
        #expect(picture.variants.allSatisfy { $0["CODECS"]?.contains("mp4a") == false && $0["AUDIO"] == nil })
        #expect(picture.renditions.isEmpty)
    }

    @Test("5.1 is offered beside stereo where the source has it", arguments: ["aac", "eac3"])
    func surround(codec: String) throws {
        let package = try ladder(fixture("surround.mkv"), ["--surround", codec])
        #expect(package.renditions.map { $0["CHANNELS"] } == ["2", "6"])
        #expect(package.variants.count == 4)
        #expect(Set(package.variants.compactMap { $0["AUDIO"] }).count == 2)
        let none = try ladder(fixture("clip.mkv"), ["--surround", codec], to: "none")
        #expect(none.renditions.allSatisfy { $0["CHANNELS"] != "6" })
    }

    // MARK: Subtitles, thumbnails, poster

    @Test(
        "Subtitles are segmented and mapped to the picture's time",
        arguments: [("fmp4", 0), ("ts", 900_000)])
    func subtitles(type: String, origin: Int) throws {
        let package = try ladder(fixture("clip.mkv"), ["--segment", "1", "--gop", "1", "--segments", type])
        let text = try #require(try package.texts().first)
        #expect(text.durations == (try package.pictures())[0].durations)
        let files = try text.contents().map { String(decoding: $0, as: UTF8.self) }
        for file in files {
            #expect(file.hasPrefix("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:\(origin)\n"))
        }
        // From 0.521 to 1.271 and from 1.521 to 2.521: in each segment that they reach into.
        #expect(files.prefix(3).map { $0.contains("First line") } == [true, true, false])
        #expect(files.prefix(3).map { $0.contains("äöü €") } == [false, true, true])
        #expect(files[1].contains("00:00:01.521 --> 00:00:02.521"))
        if type == "ts" {
            let joined = try #require(try package.pictures().first).join(to: folder.file("joined"))
            #expect(try Oracle.frameTimes(joined).first == Double(origin) / 90_000)
        }
    }

    @Test("Subtitle files are added, with a language")
    func subtitleFile() throws {
        let package = try ladder(fixture("late_start.ts"), ["--subtitle-file", "de:\(fixture("subtitles.srt"))"])
        #expect(package.renditions.last?["LANGUAGE"] == "de")
        let text = try #require(try package.texts().first).contents().map { String(decoding: $0, as: UTF8.self) }
        #expect(text[0].contains("00:00:00.500 --> 00:00:01.250\nFirst line"))
    }

    @Test("Thumbnails lie inside their sheet and cover the source; the poster is a picture")
    func thumbnails() throws {
        let source = folder.file("long.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=5:duration=140", "-c:v", "libx264", "-preset",
            "ultrafast", source,
        ])
        _ = try ladder(source, ["--rungs", "90p"])
        let text = try String(contentsOfFile: output + "/thumbnails/thumbnails.vtt", encoding: .utf8)
        var end = "00:00:00.000"
        var count = 0
        for block in text.components(separatedBy: "\n\n").dropFirst() {
            let lines = block.split(separator: "\n")
            guard lines.count == 2 else { continue }
            count += 1
            let times = lines[0].components(separatedBy: " --> ")
            #expect(times[0] == end)
            end = times[1]
            let place = lines[1].components(separatedBy: "#xywh=")
            let box = place[1].split(separator: ",").compactMap { Int($0) }
            let sheet = try #require(try Oracle.describe(output + "/thumbnails/" + place[0]).streams.first)
            #expect(box[0] + box[2] <= sheet.width ?? 0)
            #expect(box[1] + box[3] <= sheet.height ?? 0)
            #expect(box[2] == 160 && box[3] == 90)
        }
        #expect(end == "00:02:20.000")
        #expect(count == 28)  // every five seconds: two sheets of 25
        let poster = try #require(try Oracle.describe(output + "/poster.jpg").streams.first)
        #expect(poster.codecName == "mjpeg")
        #expect(poster.height == 90)
        _ = try ladder(fixture("silent.mp4"), ["--no-thumbnails"], to: "bare")
        #expect(names(folder.file("bare")) == ["120p", "80p", "master.m3u8"])
    }

    // MARK: Repetition, plan, JSON

    @Test("The same input and options give the same bytes", arguments: [[], ["--segments", "ts"], ["--single-file"]])
    func repetition(options: [String]) throws {
        for name in ["one", "two"] { _ = try ladder(fixture("clip.mkv"), options, to: name) }
        let one = try HLSPackage.contents(folder.file("one"))
        #expect(one.count > 10)
        #expect(one == (try HLSPackage.contents(folder.file("two"))))
    }

    @Test("--dry-run shows the plan and writes nothing")
    func dryRun() throws {
        let result = try run(fixture("clip.mkv"), ["--dry-run"])
        #expect(result.status == 0, "\(result.summary)")
        #expect(result.output.contains("240p"))
        #expect(result.output.contains("audio-1-eng"))
        let json = try run(fixture("clip.mkv"), ["--dry-run", "--json"]).json()
        #expect(json.map(\.type) == ["header", "plan"])
        #expect(json.last?.value("grid.segment_frames", as: Int.self) == 144)
        let audio = try run(fixture("mono8k.wav"), ["--dry-run"])
        #expect(audio.output.contains("fMP4, 6 s a segment"), "\(audio.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test("--json writes the plan, the progress of each rendition and a report that agrees with the playlists")
    func json() throws {
        let lines = try run(fixture("clip.mkv"), ["--json"]).json()
        #expect(lines.map(\.type).first == "header")
        #expect(lines.contains { $0.type == "plan" })
        let done = try #require(lines.last)
        #expect(done.type == "done")
        #expect(done.value("renditions.0.name") == "240p")
        #expect(done.value("frames", as: Int.self) == 73)
        for line in lines where line.type == "progress" {
            #expect(line.value("renditions.3.name", as: String.self) == "audio-2-deu")
            #expect(line.value("percent", as: Double.self) != nil && line.value("speed", as: Double.self) != nil)
        }
        let package = try HLSPackage(output)
        let average = try #require(done.value("renditions.0.average_bit_rate", as: Int.self))
        let audio = try #require(done.value("renditions.3.average_bit_rate", as: Int.self))
        let top = try #require(package.variants.first { $0["RESOLUTION"] == "320x240" })
        #expect(Int(top["AVERAGE-BANDWIDTH"] ?? "") == average + audio)
        let refused = try run(fixture("truncated.mp4"), ["--json", "--overwrite"]).json()
        #expect(refused.last?.type == "error")
        #expect(refused.last?.value("exit_status", as: Int.self) == 65)
    }

    /// Packets of E-AC-3 have 1,536 samples, those of AAC 1,024.
    @Test("Progress of every rendition ends near 100 %", arguments: ["aac", "eac3"])
    func progressToTheEnd(codec: String) throws {
        let lines = try run(fixture("surround.mkv"), ["--surround", codec, "--json"]).json()
        let last = try #require(lines.last { $0.type == "progress" })
        #expect(try #require(last.value("percent", as: Double.self)) >= 95)
        #expect(last.value("eta", as: Double.self) != nil)
        for place in 0..<3 {
            #expect(try #require(last.value("renditions.\(place).fraction", as: Double.self)) >= 0.95, "\(place)")
        }
    }

    // MARK: What stands there already

    /// A package that a test must find untouched.
    private func earlier() throws -> [String: Data] {
        _ = try ladder(fixture("silent.mp4"))
        return try HLSPackage.contents(output)
    }

    @Test("A package that exists is replaced only with --overwrite, and then whole")
    func existing() throws {
        let before = try earlier()
        let refused = try run(fixture("clip.mkv"))
        #expect(refused.status == 73, "\(refused.summary)")
        #expect(refused.errors.contains("--overwrite"))
        #expect(try HLSPackage.contents(output) == before)
        _ = try ladder(fixture("clip.mkv"), ["--overwrite"])
        #expect(names(output).contains("240p"))
        #expect(!names(output).contains("120p"))
        #expect(folder.names == ["package"])
        // An empty folder is no package.
        try FileManager.default.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: false)
        _ = try ladder(fixture("silent.mp4"), to: "empty")
    }

    @Test("--overwrite replaces packages, not folders with other things in them, and never the input")
    func otherThings() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: output, withIntermediateDirectories: false)
        _ = try folder.write("mine", to: "package/diary.txt")
        let result = try run(fixture("silent.mp4"), ["--overwrite"])
        #expect(result.status == 73, "\(result.summary)")
        #expect(names(output) == ["diary.txt"])
        let package = try ladder(fixture("silent.mp4"), to: "other")
        let source = package.folder + "/source.mp4"
        try files.copyItem(atPath: fixture("silent.mp4"), toPath: source)
        #expect(try vtx("ladder", source, "-o", package.folder, "--overwrite").status == 73)
        #expect(files.fileExists(atPath: source))
    }

    @Test("Of two jobs with the same output one wins and the other says so")
    func race() throws {
        let jobs = try (0..<2).map { _ in
            try startVTX(["ladder", fixture("clip.mkv"), "-o", output, "--speed", "ultrafast"])
        }
        let statuses = try jobs.map { try $0.wait(within: 60).status }
        #expect(statuses.count { $0 == 0 } == 1, "\(statuses)")
        #expect(statuses.contains(73))
        #expect(folder.names == ["package"])
    }

    @Test("The folder one stands in, and a link to an empty one, take a package too", arguments: [".", "link"])
    func otherNames(name: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: false)
        try files.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: folder.file("empty"))
        let result = try vtx(
            "ladder", fixture("silent.mp4"), "-o", name == "." ? "." : "../link", "--speed", "ultrafast",
            in: folder.file("empty"))
        #expect(result.status == 0, "\(result.summary)")
        #expect(names(folder.file("empty")).contains("master.m3u8"))
    }

    @Test("A failed job leaves the earlier package and nothing else")
    func failed() throws {
        let before = try earlier()
        let result = try run(fixture("truncated.mp4"), ["--overwrite"])
        #expect(result.status == 65, "\(result.summary)")
        #expect(try HLSPackage.contents(output) == before)
        #expect(folder.names == ["package"])
    }

    @Test(
        "Files that must be refused leave nothing",
        arguments: ["nomoov.mp4", "empty.mp4", "garbage.mp4", "text.mp4", "data_only.mov", "playlist.m3u8"])
    func badInput(name: String) throws {
        #expect(try run(fixture(name)).status == 65)
        #expect(folder.names.isEmpty)
    }

    @Test("Where nothing can be created is exit 73", arguments: ["missing/package", "file", "file/package"])
    func cannotCreate(name: String) throws {
        _ = try folder.write("x", to: "file")
        let result = try vtx("ladder", fixture("silent.mp4"), "-o", folder.file(name), "--overwrite")
        #expect(result.status == 73, "\(result.summary)")
        #expect(folder.names == ["file"])
    }

    // MARK: Signals and full disks

    /// A job that takes minutes, onto the earlier package.
    private func startLongJob() throws -> Program {
        let job = try startVTX([
            "ladder", fixture("clip.mkv"), "-o", output, "--speed", "placebo", "--codec", "hevc", "--overwrite",
            "--json",
        ])
        for _ in 0..<600 where !job.output.contains(#""type":"progress""#) { usleep(20_000) }
        try #require(job.output.contains(#""type":"progress""#), "\(job.errors)")
        return job
    }

    @Test(
        "A signal leaves the earlier package and nothing else",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func signals(number: Int32, status: Int32) throws {
        let before = try earlier()
        let job = try startLongJob()
        let sent = Date()
        job.send(number)
        let result = try job.wait(within: 60)
        #expect(Date().timeIntervalSince(sent) < 10)
        #expect(result.status == status, "\(result.summary)")
        #expect(try HLSPackage.contents(output) == before)
        #expect(folder.names == ["package"])
    }

    @Test("A killed job leaves the earlier package playing")
    func killed() throws {
        let before = try earlier()
        let job = try startLongJob()
        job.send(SIGKILL)
        #expect(try job.wait(within: 60).signal == SIGKILL)
        #expect(try HLSPackage.contents(output) == before)
        // Nobody could remove the hidden folder of the job; the next one is not disturbed by it.
        #expect(folder.names.filter { !$0.hasPrefix(".") } == ["package"])
        _ = try ladder(fixture("silent.mp4"), ["--overwrite"])
    }

    @Test(
        "A full disk is exit 74 with nothing left but finished chunks",
        .enabled(if: SafetyTests.canMount, "skipped: mounting a small file system needs root"),
        arguments: [[], ["--single-file"], ["--segments", "ts"]])
    func fullDisk(options: [String]) throws {
        let disk = folder.file("disk")
        mkdir(disk, 0o700)
        try #require(mount("tmpfs", disk, "tmpfs", 0, "size=160k") == 0)
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let arguments = [
            "ladder", fixture("clip.mkv"), "-o", disk + "/package", "--speed", "ultrafast", "--segment", "1", "--gop",
            "1",
        ]
        let result = try startVTX(arguments + options).wait(within: 60)
        #expect(result.status == 74, "\(result.summary)")
        #expect(result.errors.contains("No space left on device"), "\(result.errors)")
        #expect(names(disk).allSatisfy { $0 == ".package.vtx-chunks" }, "\(names(disk))")
    }

    // MARK: The rules

    @Test(
        "Packages keep every MUST rule of hls-check",
        .enabled(if: hlsCheck != nil, "skipped: no hls-check beside the checkout (VTX_TOOLS names its folder)"),
        arguments: [
            ("clip.mkv", []), ("clip.mkv", ["--segments", "ts", "--segment", "1", "--gop", "1"]),
            ("clip.mkv", ["--single-file", "--segment", "1", "--gop", "0.5"]), ("vfr.mp4", ["--segments", "ts"]),
            ("late_audio.mp4", []), ("rotated.mp4", ["--segments", "ts", "--single-file"]), ("anamorphic.mpg", []),
            ("interlaced.mpg", []), ("hdr.mp4", []), ("odd.webm", []), ("silent.mp4", ["--codec", "hevc"]),
            ("silent.mp4", ["--codec", "h264,hevc"]), ("surround.mkv", ["--surround", "aac"]), ("cover.mp3", []),
        ] as [(String, [String])])
    func rules(file: String, options: [String]) throws {
        _ = try ladder(fixture(file), options)
        let result = try Program.run(
            try #require(hlsCheck), ["--decode", "--apple", "--quiet", output + "/master.m3u8"])
        #expect(result.status == 0, "\(result.summary)")
    }
}
