// Tags, chapters and cover art that were asked for, as ffprobe finds them in outputs.

import Foundation
import Testing

@Suite("tagging", .needsOracle, .timeLimit(.minutes(60)))
struct TaggingTests {
    let folder: Folder

    init() throws {
        folder = try Folder()
        _ = try folder.write(
            "CHAPTER01=00:00:00.000\nCHAPTER01NAME=First\nCHAPTER02=00:00:01.000\nCHAPTER02NAME=Second\n", to: "c.txt")
    }

    /// A short source with a place, a date and titles.
    private func source() throws -> String {
        let path = folder.file("source.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=2", "-f", "lavfi", "-i", "sine=d=2", "-c:v", "libx264",
            "-preset",
            "ultrafast", "-c:a", "aac", "-metadata", "location=+52.5+13.4/", "-metadata", "title=Old", "-metadata",
            "creation_time=2020-01-02T03:04:05Z", "-metadata:s:a:0", "language=deu", "-metadata:s:a:0",
            "handler_name=Private",
            "-y", path,
        ])
        return path
    }

    private func image(_ name: String) throws -> String {
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=40x30:d=0.04:r=25", "-frames:v", "1", "-y", folder.file(name),
        ])
        return folder.file(name)
    }

    @Test(
        "Tags, chapters and cover art are in every container that has a place for them",
        arguments: [
            ("out.mp4", true, true), ("out.m4a", true, true), ("out.mkv", true, true), ("out.webm", true, false),
            ("out.mp3", true, true), ("out.flac", false, true), ("out.ogg", true, true), ("out.opus", true, true),
        ])
    func all(name: String, hasChapters: Bool, hasCover: Bool) throws {
        let (input, cover) = (try source(), try image("cover.png"))
        let output = folder.file(name)
        let speed = [".mp4": "ultrafast", ".mkv": "ultrafast", "webm": "8"][String(name.suffix(4))]
        let result = try startVTX(
            [
                "transcode", input, "-o", output, "--metadata", "title=New = 1", "--metadata", "mood=Blue",
                "--metadata",
                "artist=Å", "--chapters", folder.file("c.txt"), "--cover", cover,
            ] + (speed.map { ["--speed", $0] } ?? []), in: folder.path
        ).wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        let found = try Oracle.describe(output)
        func tag(_ name: String) -> String? { found.tag(name) ?? found.audio.first?.tag(name) }
        #expect(tag("title") == "New = 1" && tag("mood") == "Blue" && tag("artist") == "Å", "\(result.summary)")
        let cues = found.chapters.map { "\($0.start) \($0.tags?["title"] ?? "")" }
        #expect(cues == (hasChapters ? ["0.0 First", "1.0 Second"] : []), "\(cues)")
        #expect(result.errors.contains("dropped the chapters") == !hasChapters)
        #expect(found.covers.map(\.codecName) == (hasCover ? ["png"] : []), "\(result.summary)")
        #expect(result.errors.contains("cover art: dropped") == !hasCover)
        guard hasCover else { return }
        try Oracle.ffmpeg([
            "-i", output, "-map", "0:v:\(found.video.count)", "-c", "copy", "-f",
            "image2", "-update", "1", "-y", folder.file("back.png"),
        ])
        #expect(FileManager.default.contentsEqual(atPath: cover, andPath: folder.file("back.png")))
    }

    @Test("Chapters of Ogg need no tag beside them, and keep their fractions", arguments: ["out.opus", "out.ogg"])
    func oggChapters(name: String) throws {
        let input = folder.file("tone.wav")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "sine=duration=3", "-bitexact", "-map_metadata", "-1", input,
        ])
        let list = try folder.write("CHAPTER01=00:00:00.000\nCHAPTER02=00:00:01.750\nCHAPTER02NAME=B\n", to: "list.txt")
        let result = try vtx("transcode", input, "-o", folder.file(name), "--chapters", list)
        #expect(result.status == 0, "\(result.summary)")
        let found = try Oracle.describe(folder.file(name)).chapters
        #expect(found.map(\.start) == [0, 1.75] && found.last?.tags?["title"] == "B", "\(found)")
    }

    @Test("Cover art of a source goes into Opus and MKV", arguments: ["out.opus", "out.mkv"])
    func kept(name: String) throws {
        let result = try transcode(fixture("cover.mp3"), to: folder.file(name))
        let pictures = try Oracle.describe(folder.file(name)).covers
        #expect(pictures.count == 1 && result.errors.contains("cover art: kept as"), "\(result.summary)")
        try transcode(fixture("cover.mp3"), to: folder.file("none.\(name)"), "--cover", "none")
        #expect(try Oracle.describe(folder.file("none.\(name)")).covers.isEmpty)
    }

    @Test(
        "Nothing that the source says of itself is left, copied or not", arguments: ["out.mp4", "out.mkv", "out.mov"])
    func stripped(name: String) throws {
        let input = try source()
        for words in [["--video", "copy", "--audio-codec", "copy"], ["--speed", "ultrafast"]] {
            let result = try startVTX(
                ["transcode", input, "-o", folder.file(name), "--strip-metadata", "--overwrite"] + words,
                in: folder.path
            ).wait(within: 60)
            #expect(result.status == 0 && result.errors.contains("metadata: removed"), "\(result.summary)")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
            for text in ["+52.5", "Private", "Old", "2020-01-02"] {
                #expect(bytes.range(of: Data(text.utf8)) == nil, "\(text)")
            }
            let found = try Oracle.describe(folder.file(name))
            #expect(["deu", "ger"].contains(found.audio[0].tag("language")), "\(found.audio[0])")
            #expect(found.tag("creation_time") == nil)
        }
    }

    @Test(
        "What is not right is refused",
        arguments: [
            ("--metadata title", "key= to remove it"), ("--metadata a:9:title=x", "has 2 audio tracks"),
            ("--chapters gone.txt", "gone.txt"), ("--chapters c.png", "c.png:1"), ("--cover gone.png", "gone.png"),
            ("--cover c.txt", "not a JPEG or PNG"), ("--cover .", "is a directory"),
        ])
    func refused(words: String, text: String) throws {
        try FileManager.default.moveItem(atPath: try image("image.png"), toPath: folder.file("c.png"))
        let result = try startVTX(
            ["transcode", fixture("clip.mkv"), "-o", "out.mp4"] + words.split(separator: " ").map(String.init),
            in: folder.path
        ).wait(within: 60)
        #expect([64, 66].contains(result.status) && result.errors.contains(text), "\(result.summary)")
        #expect(!folder.names.contains("out.mp4"))
    }

    @Test("A batch and a plan as JSON have them too")
    func batch() throws {
        try FileManager.default.createDirectory(atPath: folder.file("in"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture("mono8k.wav"), toPath: folder.file("in/a.wav"))
        _ = try image("c.jpg")
        let line = ["batch", "in", "-o", "out", "--to", "opus", "--metadata", "album=Set", "--cover", "c.jpg"]
        let result = try startVTX(line, in: folder.path).wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        let found = try Oracle.describe(folder.file("out/a.opus"))
        #expect(found.tag("album") ?? found.audio[0].tag("album") == "Set" && found.streams.count == 2)
        // Another image makes another output.
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "color=red:s=20x10:d=0.04:r=25", "-frames:v", "1", "-y", folder.file("c.jpg"),
        ])
        let again = try startVTX(line, in: folder.path).wait(within: 60)
        #expect(again.status == 0, "\(again.summary)")
        let other = try Oracle.describe(folder.file("out/a.opus"))
        #expect(other.streams.last?.width == 20)
        let plan = try startVTX(
            ["transcode", "in/a.wav", "-o", "b.mkv", "--cover", "c.jpg", "--dry-run", "--json"], in: folder.path
        ).wait(within: 60).json().last
        #expect(plan?.value("cover.form") == "attachment" && plan?.value("cover.size.width") == 20)
    }
}
