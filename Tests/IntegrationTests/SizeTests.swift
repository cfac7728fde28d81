// Outputs of a size, and what is reported of sizes.

import Foundation
import Testing

@Suite("sizes", .needsOracle, .timeLimit(.minutes(60)))
struct SizeTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func size(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    /// Noise that moves, of which encoders can make any size.
    private func source(_ seconds: Int = 4) throws -> String {
        let path = folder.file("in.mkv")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=\(seconds)", "-f", "lavfi", "-i",
            "sine=frequency=440:duration=\(seconds)", "-vf", "noise=alls=20:allf=t", "-c:v", "libx264", "-preset",
            "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k", path,
        ])
        return path
    }

    @Test(
        "The output fills its size and does not exceed it",
        arguments: [
            ("out.mp4", "200k", 200_000, ["--speed", "ultrafast"]),
            ("out.mkv", "300KiB", 307_200, ["--speed", "ultrafast"]),
            ("out.webm", "0.2MB", 200_000, ["--speed", "8"]),
            ("out.mp4", "200k", 200_000, ["--video", "av1", "--speed", "13"]),
            ("out.avi", "250k", 250_000, []),
            ("out.mov", "200k", 200_000, ["--speed-up", "2", "--speed", "ultrafast"]),
            ("out.m4a", "40k", 40_000, []), ("out.opus", "60k", 60_000, []),
        ])
    func fills(output: String, size target: String, bytes: Int, options: [String]) throws {
        let path = folder.file(output)
        let result = try startVTX(
            ["transcode", try source(), "-o", path, "--target-size", target, "--json"] + options
        ).wait(within: 100)
        #expect(result.status == 0, "\(result.summary)")
        let part = Double(try size(path)) / Double(bytes)
        #expect((0.97...1).contains(part), "\(part) \(result.output)")
        #expect(folder.names.sorted() == ["in.mkv", output])
        #expect(try Oracle.decodeErrors(path).isEmpty)
        var percent = 0.0
        for line in result.json() where line.type == "progress" {
            guard let value: Double = line.value("percent") else { continue }
            #expect(value >= percent)
            percent = value
        }
    }

    @Test("What cannot fill its size says so, and is no error")
    func still() throws {
        let input = folder.file("in.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "color=gray:size=160x90:rate=25:duration=2", "-c:v", "libx264", "-preset", "ultrafast",
            input,
        ])
        let result = try vtx(
            "transcode", input, "-o", folder.file("out.mp4"), "--target-size", "100k", "--speed", "ultrafast", "--json")
        #expect(result.status == 0, "\(result.summary)")
        let notes: [String] = try #require(result.json().last?.value("notes"))
        #expect(notes.contains { $0.contains("of 100.0 kB: ") }, "\(notes)")
    }

    @Test("A size that would look bad is refused before anything is written")
    func refused() throws {
        let result = try vtx(
            "transcode", try source(), "-o", folder.file("out.mp4"), "--target-size", "10k", "--audio", "none")
        #expect(result.status == 0 || result.errors.contains("too small"), "\(result.summary)")
        let large = try vtx(
            "transcode", try source(), "-o", folder.file("big.mp4"), "--target-size", "50k", "--size", "1280x720")
        #expect(large.status == 64 && large.errors.contains("--height"), "\(large.summary)")
        #expect(large.errors.contains("--target-size") && !folder.names.contains("big.mp4"))
        let form = try vtx("transcode", "in.mkv", "-o", "out.mp4", "--target-size", "25X")
        #expect(form.status == 64 && form.errors.contains("8MiB"), "\(form.summary)")
    }

    @Test("An output that is larger than the source is reported; parts and copies are not")
    func larger() throws {
        let input = try source(1)
        let output = folder.file("out.mkv")
        let result = try vtx("transcode", input, "-o", output, "--crf", "4", "--speed", "ultrafast")
        #expect(result.errors.contains("larger than the source"), "\(result.summary)")
        for options in [
            ["--video", "copy", "--audio-codec", "copy"], ["--crf", "4", "--speed", "ultrafast", "--start", "0.2"],
        ] {
            let other = try startVTX(["transcode", input, "-o", output, "--overwrite"] + options).wait(within: 60)
            #expect(other.status == 0 && !other.errors.contains("larger than"), "\(other.summary)")
        }
    }

    @Test("A batch meets the size with each file, and presets keep their limits")
    func batch() throws {
        let sources = folder.file("sources")
        try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: try source(), toPath: sources + "/a.mkv")
        let result = try startVTX([
            "batch", sources, folder.file("made"), "--to", "mp4", "--jobs", "1", "--target-size", "200k", "--speed",
            "ultrafast", "--json",
        ]).wait(within: 100)
        #expect(result.status == 0, "\(result.summary)")
        #expect((194_000...200_000).contains(try size(folder.file("made/a.mp4"))), "\(result.summary)")
        let mail = try vtx(
            "transcode", sources + "/a.mkv", "-o", folder.file("mail.mp4"), "--preset", "discord", "--speed",
            "ultrafast",
            "--json")
        #expect(
            mail.status == 0 && mail.json().contains { $0.value("target_size.is_limit") == true }, "\(mail.summary)")
        #expect(try size(folder.file("mail.mp4")) < 1_000_000)
    }
}
