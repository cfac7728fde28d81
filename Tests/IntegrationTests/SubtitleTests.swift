// Subtitles: kept, converted, dropped with a word, added from a file, drawn into the picture.

import Foundation
import Testing

@Suite("subtitles", .needsOracle, .timeLimit(.minutes(60)))
struct SubtitleTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// The cues of a file's first subtitle track: start, end, text without markup.
    private func cues(_ path: String, _ stream: String = "s:0") throws -> [String] {
        try Oracle.ffmpeg(["-i", path, "-map", "0:\(stream)", "-f", "srt", "-"]).output
            .replacingOccurrences(of: "<[^>]*>|\\{[^}]*\\}", with: "", options: .regularExpression)
            .components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter {
                !$0.isEmpty
            }
    }

    @Test(
        "Text is kept in every container that holds it",
        arguments: [("mp4", "mov_text"), ("mov", "mov_text"), ("webm", "webvtt"), ("mkv", "subrip")])
    func text(container: String, codec: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(fixture("clip.mkv"), to: output)
        if container != "mkv" { #expect(result.errors.contains("converted to \(codec)")) }
        let track = try Oracle.describe(output).subtitles
        #expect(track.map(\.codecName) == [codec])
        #expect(track.first?.tag("language") == "eng")
        let found = try cues(output)
        try #require(found.count == 2, "\(found)")
        #expect(
            found[0].contains("First line") && found[1].contains("Second line,")
                && found[1].contains("in two rows: äöü €"))
    }

    @Test("Cues keep their times against the picture", arguments: ["mp4", "mkv"])
    func times(container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("clip.mkv"), to: output)
        // Both files' picture starts a little after 0; cues are counted from it.
        let shift =
            try Oracle.describe(output).video[0].start - Oracle.describe(fixture("clip.mkv")).video[0].start
        let first = try cues(output)[0].split(separator: "\n")[1]
        let start = try #require(
            Double(first.dropFirst(6).prefix(6).replacingOccurrences(of: ",", with: ".")))
        #expect(near(start - shift, 0.5, 0.0225), "\(first)")
    }

    @Test("A cut shifts the cues and shortens those at its ends")
    func cut() throws {
        let output = folder.file("out.mkv")
        try transcode(fixture("clip.mkv"), to: output, "--start", "1", "--end", "2", "--audio", "none")
        let found = try cues(output)
        try #require(found.count == 2, "\(found)")
        #expect(found[0].contains("00:00:00,0") && found[0].contains("--> 00:00:00,2"), "\(found[0])")
        #expect(found[1].contains("00:00:00,5") && found[1].contains("--> 00:00:01,0"), "\(found[1])")
    }

    @Test(
        "What a container does not hold is dropped, and that is said",
        arguments: [
            ("clip.mkv", "avi", "does not support subtitles"),
            ("bitmap_subtitle.mkv", "mp4", "does not support bitmap subtitles"),
            ("bitmap_subtitle.mkv", "webm", "does not support bitmap subtitles"),
        ])
    func dropped(source: String, container: String, words: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(fixture(source), to: output)
        #expect(
            result.errors.contains("subtitle 1: dropped") && result.errors.contains(words), "\(result.errors)"
        )
        #expect(try Oracle.describe(output).subtitles.isEmpty)
    }

    @Test("Bitmaps are kept in Matroska")
    func bitmap() throws {
        let output = folder.file("out.mkv")
        try transcode(fixture("bitmap_subtitle.mkv"), to: output)
        let track = try Oracle.describe(output).subtitles
        #expect(track.map(\.codecName) == ["hdmv_pgs_subtitle"])
        #expect(track.first?.tag("language") == "eng")
        #expect(try Oracle.hashes(output, "s:0") == Oracle.hashes(fixture("bitmap_subtitle.mkv"), "s:0"))
    }

    @Test("--subtitles none leaves them out; a track that is not there is an error")
    func selection() throws {
        let output = folder.file("out.mkv")
        try transcode(fixture("clip.mkv"), to: output, "--subtitles", "none")
        #expect(try Oracle.describe(output).subtitles.isEmpty)
        #expect(
            try vtx("transcode", fixture("clip.mkv"), "-o", folder.file("x.mkv"), "--subtitles", "fra").status
                == 64)
        #expect(
            try vtx("transcode", fixture("clip.mkv"), "-o", folder.file("x.avi"), "--subtitles", "eng").status
                == 64)
        #expect(folder.names == ["out.mkv"])
    }

    @Test(
        "A subtitle file is added with its language",
        arguments: [("mp4", "mov_text"), ("mkv", "subrip"), ("webm", "webvtt")])
    func file(container: String, codec: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("silent.mp4"), to: output, "--subtitle-file", "fra:\(fixture("subtitles.srt"))")
        let track = try Oracle.describe(output).subtitles
        #expect(track.map(\.codecName) == [codec])
        #expect(["fra", "fre"].contains(track.first?.tag("language")))
        let found = try cues(output)
        #expect(found.count == 2 && found[1].contains("äöü"), "\(found)")
        #expect(found.first?.contains("00:00:00,500 --> 00:00:01,250") == true, "\(found)")
    }

    @Test("A subtitle file is cut with the source")
    func fileCut() throws {
        let output = folder.file("out.mkv")
        try transcode(
            fixture("no_duration.mkv"), to: output, "--subtitle-file", fixture("subtitles.srt"), "--start",
            "1", "--audio", "none")
        let found = try cues(output)
        #expect(found.count == 2 && found[1].contains("00:00:00,500 -->"), "\(found)")
    }

    @Test(
        "A subtitle file that is missing or none is an error",
        arguments: [("/nonexistent/a.srt", 66), ("empty.mp4", 65), ("silent.mp4", 65)])
    func badFile(name: String, status: Int32) throws {
        let path = name.hasPrefix("/") ? name : fixture(name)
        let result = try vtx(
            "transcode", fixture("silent.mp4"), "-o", folder.file("out.mp4"), "--subtitle-file", path)
        #expect(result.status == status, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test(
        "Burnt text changes the picture where a cue is shown, and nowhere else",
        arguments: [[], ["--start", "0.25"]])
    func burnText(cut: [String]) throws {
        let (plain, burnt) = (folder.file("plain.mp4"), folder.file("burnt.mp4"))
        for (output, options) in [(plain, []), (burnt, ["--burn", "1"])] {
            let result = try startVTX(
                [
                    "transcode", fixture("clip.mkv"), "-o", output, "--crf", "8", "--speed", "ultrafast",
                    "--audio", "none", "--subtitles", "none",
                ]
                    + options + cut
            ).wait(within: 60)
            try #require(result.status == 0, "\(result.summary)")
        }
        let skipped = cut.isEmpty ? 0 : 6
        // Cues from 0.5 s to 1.25 s and from 1.5 s to 2.5 s of a source of 24 frames a second.
        for (frame, isShown) in [
            (8, false), (16, true), (26, true), (33, false), (40, true), (56, true), (66, false),
        ] {
            let likeness = try Oracle.psnr(
                burnt, frame: frame - skipped, against: plain, frame: frame - skipped)
            #expect(isShown == (likeness < 35), "frame \(frame): \(likeness) dB")
        }
        // Letters stand in the lower third.
        let above = "select=eq(n\\,\(16 - skipped)),crop=320:150:0:0"
        #expect(try Oracle.psnr(burnt, above, against: plain, above, count: 1) > 38)
    }

    @Test(
        "Burnt bitmaps change the picture where they are shown, and nowhere else",
        arguments: [[], ["--start", "0.4"]])
    func burnBitmap(cut: [String]) throws {
        let output = folder.file("out.mp4")
        let result = try startVTX(
            [
                "transcode", fixture("bitmap_subtitle.mkv"), "-o", output, "--crf", "8", "--speed",
                "ultrafast", "--burn", "1",
            ] + cut
        ).wait(within: 60)
        try #require(result.status == 0, "\(result.summary)")
        #expect(try Oracle.describe(output).subtitles.isEmpty)
        let skipped = cut.isEmpty ? 0 : 0.4
        // A white bar of 100x16 at (30, 96) over black, from 0.5 s to 1.5 s.
        for (time, value) in try Oracle.brightness(output, crop: "96:12:32:98") {
            let isShown = (0.499..<1.499).contains(time + skipped)
            #expect(isShown ? value > 200 : value < 30, "\(value) at \(time)")
        }
        for (time, value) in try Oracle.brightness(output, crop: "160:80:0:0") {
            #expect(value < 20, "\(value) at \(time)")
        }
    }

    @Test(
        "A subtitle file is burnt as the same track of the source is, whatever its encoding",
        arguments: [[], ["--start", "0.25"]])
    func burnFile(cut: [String]) throws {
        let text = folder.file("captions.srt")
        let extracted = try vtx("extract", fixture("clip.mkv"), "-o", text)
        try #require(extracted.status == 0, "\(extracted.summary)")
        // The same letters in an encoding that has to be said.
        let other = folder.file("captions.utf16.srt")
        try String(contentsOfFile: text, encoding: .utf8).write(toFile: other, atomically: true, encoding: .utf16)
        var frames: [[String]] = []
        for (index, subtitle) in ["1", text, other].enumerated() {
            let output = folder.file("burnt\(index).mkv")
            let result = try startVTX(
                [
                    "transcode", fixture("clip.mkv"), "-o", output, "--video", "ffv1", "--subtitles", "none", "--burn",
                    subtitle,
                ] + cut
            ).wait(within: 60)
            try #require(result.status == 0, "\(result.summary)")
            frames.append(try Oracle.hashes(output, "v:0", decoded: true))
        }
        #expect(frames[1] == frames[0])
        #expect(frames[2] == frames[0])
    }

    @Test("What is no subtitle file is refused before anything is written")
    func burnOther() throws {
        for (name, status) in [("no.srt", Int32(66)), (fixture("silent.mp4"), 65)] {
            let output = folder.file("out.mp4")
            let result = try vtx("transcode", fixture("clip.mkv"), "-o", output, "--burn", name)
            #expect(result.status == status, "\(result.summary)")
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }

    @Test("Burning a subtitle that is not there is a usage error", arguments: ["clip.mkv", "silent.mp4"])
    func burnMissing(source: String) throws {
        let result = try vtx("transcode", fixture(source), "-o", folder.file("out.mp4"), "--burn", "2")
        #expect(result.status == 64, "\(result.summary)")
    }

    @Test("A path with every odd character can be burnt from")
    func burnOddPath() throws {
        let source = folder.file("it's [a] ;file, with: 50%\\ =.mkv")
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: source)
        let output = folder.file("out.mp4")
        try transcode(source, to: output, "--burn", "1", "--duration", "0.8")
        #expect(try Oracle.frameTimes(output).count >= 18)
    }
}

@Suite("labels", .needsOracle, .timeLimit(.minutes(60)))
struct LabelTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test("Title, artist and chapters are kept", arguments: ["mp4", "mov", "mkv", "webm"])
    func kept(container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("clip.mkv"), to: output)
        let file = try Oracle.describe(output)
        #expect(file.tag("title") == "A synthetic clip")
        #expect(file.tag("artist") == "scripts/make-fixtures")
        try #require(file.chapters.count == 2)
        #expect(file.chapters.map { $0.tags?["title"] } == ["Opening", "The rest"])
        #expect(near(file.chapters[1].start, 1, 0.002) && near(file.chapters[1].end, 3, 0.05))
    }

    @Test("Audio alone keeps its title", arguments: ["mp3", "m4a", "ogg", "flac"])
    func audio(container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("cover.mp3"), to: output)
        let file = try Oracle.describe(output)
        #expect((file.tag("title") ?? file.audio.first?.tag("title")) == "A tone")
    }

    @Test(
        "A cut shifts the chapters and drops those outside",
        arguments: [
            (["--start", "0.5"], ["Opening", "The rest"], [0, 0.5]), (["--start", "1.5"], ["The rest"], [0]),
            (["--end", "0.8"], ["Opening"], [0]),
        ])
    func chapters(options: [String], titles: [String], starts: [Double]) throws {
        let output = folder.file("out.mkv")
        let result = try startVTX(
            ["transcode", fixture("clip.mkv"), "-o", output, "--speed", "ultrafast"] + options
        ).wait(within: 60)
        try #require(result.status == 0, "\(result.summary)")
        let chapters = try Oracle.describe(output).chapters
        #expect(chapters.map { $0.tags?["title"] } == titles)
        for (chapter, start) in zip(chapters, starts) { #expect(near(chapter.start, start, 0.002)) }
    }

    @Test("A container without chapters says so")
    func noChapters() throws {
        let result = try transcode(fixture("clip.mkv"), to: folder.file("out.avi"))
        #expect(result.errors.contains("dropped the chapters"))
    }
}
