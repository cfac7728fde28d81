// Packages of streams whose parameters change midway, and copies of streams that have no timestamps.

import Foundation
import Testing

@Suite("configuration", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct ConfigurationTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Two seconds of video and audio, as a transport stream.
    private func part(_ name: String, _ video: [String], rate: String = "48000") throws -> String {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2", "-f", "lavfi", "-i", "sine=r=\(rate):d=2", "-g", "25"]
                + video + ["-preset", "ultrafast", "-c:a", "aac", "-ar", rate, path])
        return path
    }

    private func joined(_ parts: [String], to name: String = "joined.ts") throws -> String {
        let list = try folder.write(parts.map { "file '\($0)'\n" }.joined(), to: "list.txt")
        try Oracle.ffmpeg(["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", folder.file(name)])
        return folder.file(name)
    }

    private let avc = ["-c:v", "libx264"]

    @Test(
        "Parameters that change midway are refused, with the file and the time",
        arguments: [
            (["-c:v", "libx264", "-s", "96x64"], "48000"),
            (["-c:v", "libx264", "-x264-params", "8x8dct=1:cabac=1"], "48000"),
            (["-c:v", "libx264"], "44100"),
        ], ["fmp4", "ts"])
    func changed(second: (video: [String], rate: String), segments: String) throws {
        let source = try joined([try part("1.ts", avc), try part("2.ts", second.video, rate: second.rate)])
        let result = try vtx(
            "package", source, "-o", folder.file("out"), "--segments", segments, "--segment", "1")
        #expect(result.status == 65, "\(result.summary)")
        #expect(result.errors.contains("joined.ts changes its parameters at 0:00:02"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }

    @Test("HEVC, too")
    func hevc() throws {
        let options = ["-c:v", "libx265", "-x265-params", "log-level=none"]
        let source = try joined([try part("1.ts", options), try part("2.ts", options + ["-s", "96x64"])])
        let result = try vtx("package", source, "-o", folder.file("out"), "--segment", "1")
        #expect(result.status == 65 && result.errors.contains("changes its parameters at 0:00:02"), "\(result.summary)")
    }

    @Test("Parameters that repeat are fine", arguments: ["fmp4", "ts"])
    func repeated(segments: String) throws {
        let source = try joined([try part("1.ts", avc), try part("2.ts", avc)])
        let result = try vtx(
            "package", source, "-o", folder.file("out"), "--segments", segments, "--segment", "1")
        #expect(result.status == 0, "\(result.summary)")
    }

    // MARK: Streams without timestamps

    @Test(
        "Copied elementary streams get timestamps in the order of display",
        arguments: [
            ("libx264", "h264", ["-bf", "3"]), ("libx264", "h264", ["-bf", "0"]),
            ("libx264", "264", ["-bf", "3", "-x264-params", "open-gop=1:b-pyramid=normal:b-adapt=0"]),
            ("libx265", "hevc", ["-x265-params", "bframes=3:open-gop=1:log-level=none"]),
            ("mpeg2video", "m2v", ["-bf", "2"]),
        ], ["mp4", "mkv"])
    func elementary(stream: (encoder: String, suffix: String, options: [String]), container: String) throws {
        let source = folder.file("source.\(stream.suffix)")
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=64x48:r=30000/1001:d=2", "-c:v", stream.encoder, "-preset", "veryfast",
                "-g",
                "20", "-f", stream.suffix == "m2v" ? "mpeg2video" : stream.suffix == "264" ? "h264" : stream.suffix,
            ] + stream.options + [source])
        if stream.suffix == "m2v", container == "mp4" { return }
        let output = folder.file("out.\(container)")
        let result = try transcode(source, to: output, "--video", "copy", "--strict")
        #expect(result.errors.contains("timestamps made at 29.97 fps"), "\(result.errors)")
        let times = try Oracle.frameTimes(output)
        #expect(times.count == 60)
        for (number, time) in times.enumerated() {
            #expect(near(time - times[0], Double(number) * 1001 / 30000, 0.0011), "frame \(number) at \(time)")
        }
        #expect(try Oracle.decodeErrors(output) == "")
        #expect(try Oracle.hashes(output, "v:0", decoded: true) == Oracle.hashes(source, "v:0", decoded: true))
    }

    @Test("Copies of program streams have the presentation times that the stream leaves out", arguments: ["2", "0"])
    func programStream(between: String) throws {
        let source = folder.file("source.mpg")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2", "-c:v", "mpeg2video",
            "-bf",
            between, "-g", "12", "-c:a", "mp2", source,
        ])
        let output = folder.file("out.mkv")
        try transcode(source, to: output, "--video", "copy", "--audio-codec", "copy", "--strict")
        let times = try Oracle.frameTimes(output)
        try #require(times.count == 50)
        for (number, time) in times.enumerated() {
            #expect(near(time - times[0], Double(number) / 25, 0.0011), "frame \(number) at \(time)")
        }
        #expect(try Oracle.hashes(output, "v:0", decoded: true) == Oracle.hashes(source, "v:0", decoded: true))
    }

    @Test("An elementary stream whose timestamps cannot be told is refused with the way out")
    func untold() throws {
        let source = folder.file("source.m2v")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=30000/1001:d=1", "-c:v", "mpeg2video", "-f", "mpeg2video", source,
        ])
        var data = try Data(contentsOf: URL(fileURLWithPath: source))
        // Pulldown: repeat_first_field in each picture_coding_extension.
        for place in data.indices.dropLast(8)
        where data[place..<place + 4] == Data([0, 0, 1, 0xB5]) && data[place + 4] >> 4 == 8 {
            data[place + 7] |= 2
        }
        try data.write(to: URL(fileURLWithPath: source))
        let result = try vtx("transcode", source, "-o", folder.file("out.mkv"), "--video", "copy")
        #expect(result.status == 69 && result.errors.contains("leave out --video copy"), "\(result.summary)")
        #expect(folder.names == ["source.m2v"])
        try transcode(source, to: folder.file("out.mkv"))
    }

    @Test("Audio of a low rate is cut at its nearest packet", arguments: ["22050", "11025"])
    func lowRate(rate: String) throws {
        let source = folder.file("source.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=6", "-f", "lavfi", "-i", "sine=r=\(rate):d=6", "-c:v",
            "libx264",
            "-preset", "ultrafast", "-g", "50", "-c:a", "aac", "-ar", rate, source,
        ])
        let result = try vtx("package", source, "-o", folder.file("out"), "--segments", "ts", "--segment", "2")
        #expect(result.status == 0, "\(result.summary)")
        let list = try String(contentsOfFile: folder.file("out/audio-1/index.m3u8"), encoding: .utf8)
        let lengths = list.split(separator: "\n").compactMap { line in
            line.hasPrefix("#EXTINF:") ? Double(line.dropFirst(8).prefix { $0 != "," }) : nil
        }
        #expect(lengths.count == 3)
        var start = 0.0
        for (index, length) in lengths.enumerated() {
            let times = try Oracle.frameTimes(folder.file("out/audio-1/segment-0000\(index + 1).ts"), "a:0")
            // From the first packet to the end of the last one.
            let packet = 1024 / Double(rate)! + 0.001
            #expect(
                near(try #require(times.first) - 10, start, packet), "segment \(index) begins at \(times.first ?? 0)")
            start += length
            #expect(
                near(try #require(times.last) + packet - 10, start, packet),
                "segment \(index) ends at \(times.last ?? 0)")
        }
    }
}
