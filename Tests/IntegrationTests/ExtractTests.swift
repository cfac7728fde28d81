// vtx extract: subtitles, cover art, frames, sheets and animations, compared with what ffmpeg takes of the same file.

import Foundation
import Testing

@Suite("extract", .needsOracle, .timeLimit(.minutes(60)))
struct ExtractTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private static let cues = """
        1
        00:00:00,500 --> 00:00:01,500
        Hello <i>there</i>

        2
        00:00:02,000 --> 00:00:03,000
        Two & lines
        second

        """

    /// Six seconds of video, keyframes each second, with a tone; beginning at `start`.
    private func movie(_ name: String = "in.mkv", start: Int = 0, subtitles: Bool = false) throws -> String {
        let path = folder.file(name)
        let text = try folder.write(Self.cues, to: "cues.srt")
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=6", "-f", "lavfi", "-i", "sine=d=6"]
                + (subtitles ? ["-i", text, "-map", "2", "-c:s", "srt"] : [])
                + ["-map", "0", "-map", "1", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0"]
                + ["-c:a", "flac", "-strict", "-2", "-output_ts_offset", "\(start)", path])
        return path
    }

    /// The frame of a file at `time` as ffmpeg decodes it, with chroma as the images have it.
    private func reference(_ source: String, at time: Double) throws -> String {
        let path = folder.file("reference.png")
        try Oracle.ffmpeg([
            "-i", source, "-vf",
            "select='gte(t,\(time - 0.001))',scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24",
            "-frames:v", "1", "-update", "1", path,
        ])
        return path
    }

    private func psnr(_ one: String, _ other: String, format: String = "rgb24") throws -> Double {
        let result = try Oracle.ffmpeg(
            [
                "-i", one, "-i", other, "-lavfi", "[0:v]format=\(format)[a];[1:v]format=\(format)[b];[a][b]psnr", "-f",
                "null",
                "-",
            ],
            level: "info")
        let text = try #require(result.errors.components(separatedBy: "average:").last?.split(separator: " ").first)
        return text == "inf" ? 99 : Double(text) ?? 0
    }

    private func run(_ arguments: String...) throws -> ProgramResult {
        try startVTX(["extract"] + arguments).wait(within: 100)
    }

    @Test("Text begins with the source, whatever its clock says", arguments: [0, 5])
    func text(start: Int) throws {
        let source = try movie(start: start, subtitles: true)
        for (suffix, first) in [("srt", "00:00:00,500"), ("vtt", "00:00.500"), ("ass", "0:00:00.50")] {
            let output = folder.file("out.\(suffix)")
            let result = try run(source, "-o", output)
            #expect(result.status == 0, "\(result.summary)")
            let text = try String(contentsOfFile: output, encoding: .utf8)
            #expect(text.contains(first) && text.contains("second"), "\(text)")
        }
        let cut = folder.file("cut.srt")
        #expect(try run(source, "-o", cut, "--start", "1", "--json").status == 0)
        let text = try String(contentsOfFile: cut, encoding: .utf8)
        #expect(text.contains("00:00:00,000 --> 00:00:00,500") && text.contains("00:00:01,000"), "\(text)")
    }

    @Test("Cover art is copied byte for byte")
    func cover() throws {
        let (image, song) = (folder.file("art.jpg"), folder.file("song.m4a"))
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", "-update", "1", image])
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "sine=d=1", "-i", image, "-map", "0", "-map", "1", "-c:a", "aac", "-c:v", "copy",
            "-disposition:v", "attached_pic", song,
        ])
        let output = folder.file("out.jpg")
        #expect(try run(song, "-o", output).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data(contentsOf: URL(fileURLWithPath: image)))
        let wrong = try run(song, "-o", folder.file("out.png"), "--cover")
        #expect(wrong.status == 64 && wrong.errors.contains(".jpg"), "\(wrong.summary)")
    }

    @Test("A frame is the one that is shown at a time, sought or not", arguments: [0.0, 1.99, 5.5])
    func frame(time: Double) throws {
        let source = try movie()
        let output = folder.file("out.png")
        #expect(try run(source, "-o", output, "--at", "\(time)").status == 0)
        // The frame at 1.99 is the one that began at 1.96.
        #expect(try psnr(output, reference(source, at: (time / 0.04).rounded(.down) * 0.04)) > 40)
        let jpeg = folder.file("out.jpg")
        #expect(try run(source, "-o", jpeg, "--at", "\(time)").status == 0)
        #expect(try psnr(jpeg, output, format: "gray") > 33)
    }

    @Test("A frame is upright, in square pixels, of its height")
    func shape() throws {
        let source = folder.file("rotated.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=1,setsar=2/1", "-c:v", "libx264", "-preset", "ultrafast",
            folder.file("flat.mp4"),
        ])
        try Oracle.ffmpeg(["-i", folder.file("flat.mp4"), "-c", "copy", "-metadata:s:v", "rotate=90", source])
        let output = folder.file("out.png")
        #expect(try run(source, "-o", output).status == 0)
        let stream = try Oracle.describe(output).streams[0]
        // 320x120 in square pixels, turned.
        #expect(stream.width == 120 && stream.height == 320)
        let small = folder.file("small.webp")
        #expect(try run(source, "-o", small, "--height", "60").status == 0)
        #expect(try Oracle.describe(small).streams[0].height == 60)
    }

    @Test("Frames every two seconds are in a directory that is whole")
    func frames() throws {
        let source = try movie()
        let directory = folder.file("frames")
        let done = try #require(
            try run(source, "-o", directory + "/f-%02d.png", "--every", "2", "--json").json().last { $0.type == "done" }
        )
        #expect(done.value("files") == 3 && done.value("kind") == "frames")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        #expect(names == ["f-01.png", "f-02.png", "f-03.png"])
        #expect(try psnr(directory + "/f-02.png", reference(source, at: 2)) > 40)
        #expect(try psnr(directory + "/f-03.png", reference(source, at: 4)) > 40)
    }

    @Test("A directory is replaced only if it holds nothing but such frames")
    func directory() throws {
        let source = try movie()
        let directory = folder.file("frames")
        #expect(try run(source, "-o", directory, "--every", "3").status == 0)
        #expect(try run(source, "-o", directory, "--every", "3").status == 73)
        #expect(try run(source, "-o", directory, "--every", "5", "--overwrite").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == 2)
        _ = try folder.write("mine", to: "frames/notes.txt")
        let result = try run(source, "-o", directory, "--every", "5", "--overwrite")
        #expect(result.status == 73 && result.errors.contains("would delete"), "\(result.summary)")
        #expect(!folder.names.contains { $0.contains("vtx") }, "\(folder.names)")
    }

    @Test("A contact sheet has its frames in rows")
    func sheet() throws {
        let source = try movie()
        let output = folder.file("sheet.png")
        #expect(try run(source, "-o", output, "--sheet", "3x2", "--tile-width", "80").status == 0)
        let stream = try Oracle.describe(output).streams[0]
        #expect(stream.width == 240 && stream.height == 120)
        // The last frame is that of 5.5 s.
        let tile = folder.file("tile.png")
        try Oracle.ffmpeg(["-i", output, "-vf", "crop=80:60:160:60", tile])
        let whole = folder.file("whole.png")
        try Oracle.ffmpeg(["-i", try reference(source, at: 5.5), "-vf", "scale=80:60:flags=bicubic", whole])
        #expect(try psnr(tile, whole) > 25)
    }

    @Test("An animation has its frames, its length, and colors of its own", arguments: ["gif", "webp"])
    func clip(suffix: String) throws {
        let source = try movie()
        let output = folder.file("clip.\(suffix)")
        let result = try run(source, "-o", output, "--start", "2", "--duration", "1", "--fps", "10", "--height", "60")
        #expect(result.status == 0, "\(result.summary)")
        guard suffix == "gif" else {
            // ffmpeg 5.1 does not read animated WebP: its frames are counted.
            let data = try Data(contentsOf: URL(fileURLWithPath: output))
            let count = data.indices.dropLast(3).count { data[$0..<$0 + 4].elementsEqual(Array("ANMF".utf8)) }
            #expect(count == 10)
            return
        }
        #expect(try Oracle.packetSizes(output).count == 10)
        let stream = try Oracle.describe(output).streams[0]
        #expect(stream.height == 60 && near(Double(stream.duration ?? "") ?? 0, 1, 0.02))
        let (first, scaled) = (folder.file("first.png"), folder.file("scaled.png"))
        try Oracle.ffmpeg(["-i", output, "-frames:v", "1", "-update", "1", first])
        try Oracle.ffmpeg(["-i", try reference(source, at: 2), "-vf", "scale=80:60:flags=bicubic", scaled])
        #expect(try psnr(first, scaled) > 22)
    }

    @Test("A source that ends early gives no output, unless that is accepted")
    func truncated() throws {
        let whole = try movie("whole.mp4")
        let data = try Data(contentsOf: URL(fileURLWithPath: whole))
        let fast = folder.file("fast.mp4")
        try Oracle.ffmpeg(["-i", whole, "-c", "copy", "-movflags", "+faststart", "-strict", "-2", fast])
        let source = folder.file("cut.mp4")
        try Data(try Data(contentsOf: URL(fileURLWithPath: fast)).prefix(data.count / 2))
            .write(to: URL(fileURLWithPath: source))
        let output = folder.file("out")
        let result = try run(source, "-o", output, "--every", "1")
        #expect(result.status == 65, "\(result.summary)")
        #expect(!folder.names.contains { $0.hasPrefix("out") || $0.hasPrefix(".out") })
        #expect(try run(source, "-o", output, "--every", "1", "--allow-truncated").status == 0)
    }

    @Test("What cannot be extracted is refused, and nothing is written")
    func refusals() throws {
        let source = try movie()
        for (name, options, words) in [
            ("out.srt", [], "no subtitles"), ("out.jpg", ["--cover"], "no cover art"),
            ("out.png", ["--at", "9"], "beyond the end"), ("out.gif", ["--start", "9"], "beyond the end"),
            ("out.mp4", [], "vtx transcode"),
        ] as [(String, [String], String)] {
            let result = try startVTX(["extract", source, "-o", folder.file(name)] + options).wait(within: 60)
            #expect(result.status == 64 && result.errors.contains(words), "\(result.summary)")
            #expect(!folder.names.contains(name))
        }
        #expect(
            try run(source, "-o", folder.file("out.png"), "--dry-run", "--json").json().contains { $0.type == "plan" })
        #expect(!folder.names.contains("out.png"))
    }
}
