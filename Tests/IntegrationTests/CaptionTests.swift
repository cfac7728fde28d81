// Closed captions inside the video: kept through every change of frames, declared in packages, made into text.

import Foundation
import Testing

@Suite("captions", .needsOracle, .timeLimit(.minutes(60)))
struct CaptionTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Four seconds with two captions on CC1 (1.0 to 1.8 s, and from 2.6 s on without an end) and none on the second
    /// field.
    ///
    /// - Parameter lead: seconds without captions in front, and half as many behind.
    private func source(rate: Int = 25, lead: Int = 0) throws -> String {
        let stream = folder.file("plain.h264")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=192x108:r=\(rate):d=\(lead * 3 / 2 + 4)", "-c:v", "libx264", "-preset",
            "ultrafast",
            "-bf", "0", "-g", "\(rate)", stream,
        ])
        var frames = [[UInt8]](repeating: [0x80, 0x80], count: rate * (lead * 3 / 2 + 4))
        func put(_ pairs: [[UInt8]], before frame: Int) {
            for (place, pair) in pairs.enumerated() {
                frames[lead * rate + frame - pairs.count + place] = pair.map(withParity)
            }
        }
        // Resume caption loading, row 15, text, end of caption; later erase displayed memory.
        func caption(_ text: String) -> [[UInt8]] {
            let text = Array(text.utf8)
            return [[0x14, 0x20], [0x14, 0x20], [0x14, 0x70], [0x14, 0x70]]
                + stride(from: 0, to: text.count, by: 2).map { [text[$0], $0 + 1 < text.count ? text[$0 + 1] : 0x20] }
        }
        put(caption("First one"), before: rate)
        put([[0x14, 0x2F], [0x14, 0x2F]], before: rate + 2)
        put([[0x14, 0x2C], [0x14, 0x2C]], before: rate * 9 / 5 + 2)
        put(caption("Second"), before: rate * 13 / 5)
        put([[0x14, 0x2F], [0x14, 0x2F]], before: rate * 13 / 5 + 2)

        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: stream)))
        try Data(inserting(frames, into: bytes)).write(to: URL(fileURLWithPath: folder.file("captions.h264")))
        let path = folder.file("source\(rate).mp4")
        try Oracle.ffmpeg([
            "-f", "h264", "-r", "\(rate)", "-i", folder.file("captions.h264"), "-f", "lavfi", "-i",
            "sine=d=\(lead * 3 / 2 + 4)",
            "-c:v", "copy", "-c:a", "aac", path,
        ])
        return path
    }

    private func withParity(_ byte: UInt8) -> UInt8 { byte.nonzeroBitCount % 2 == 0 ? byte | 0x80 : byte }

    /// An SEI unit before each coded frame, of which each is one slice.
    private func inserting(_ frames: [[UInt8]], into stream: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var number = 0
        for index in stream.indices {
            let isFrame =
                index + 4 < stream.count && stream[index] == 0 && stream[index + 1] == 0 && stream[index + 2] == 1
                && [1, 5].contains(stream[index + 3] & 31)
            if isFrame, number < frames.count {
                result += [0, 0, 1, 6, 4, 17, 0xB5, 0, 0x31] + Array("GA94".utf8)
                result += [3, 0xC2, 0xFF, 0xFC] + frames[number] + [0xF9, 0x80, 0x80, 0xFF, 0x80]
                number += 1
            }
            result.append(stream[index])
        }
        return result
    }

    /// `start text` of each caption that ffmpeg's decoder reads in a file's video.
    private func captions(_ path: String) throws -> [String] {
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "movie=\(path)[out+subcc]", "-map", "s:0", "-f", "srt", "-"]).output
            .components(separatedBy: "\n\n").compactMap(cue)
    }

    private func cue(_ block: String) -> String? {
        let plain = block.replacingOccurrences(of: "<[^>]*>|\\{\\\\[^}]*\\}", with: "", options: .regularExpression)
        let lines = plain.split(whereSeparator: \.isNewline).drop { !$0.contains("-->") }
        guard let time = lines.first else { return nil }
        let text = lines.dropFirst().joined(separator: "|").trimmingCharacters(in: .whitespaces)
        return "\(time.split(separator: " ")[0].suffix(6).prefix(4)) \(text)"
    }

    private static let expected = ["01,0 First one", "02,6 Second"]

    @Test(
        "They survive encoding, other rates, sizes and chunks",
        arguments: [
            ["--fps", "25"], ["--fps", "10"],
            ["--video", "hevc", "--fps", "60", "--height", "72"],
            ["--deinterlace", "field", "--speed", "veryfast"], ["--video", "hevc", "--chunk", "1.3"],
            ["--chunk", "1.3"],
        ])
    func transcodes(options: [String]) throws {
        let output = folder.file("out.mkv")
        let usual = options.contains("--speed") ? [] : ["--speed", "ultrafast"]
        let done = try startVTX(["transcode", try source(), "-o", output] + options + usual).wait(within: 100)
        #expect(done.status == 0, "\(done.summary)")
        let found = try captions(output)
        #expect(found == Self.expected)
        guard options == ["--fps", "25"] else { return }
        // Again, from frames that are not in order.
        try transcode(output, to: folder.file("ordered.mp4"), "--speed", "fast", "--overwrite")
        try transcode(folder.file("ordered.mp4"), to: folder.file("again.mp4"), "--video", "hevc")
        #expect(try captions(folder.file("again.mp4")) == found)
    }

    @Test("Codecs without them are reported, and left out only if asked")
    func lost() throws {
        let source = try source()
        let lost = try transcode(source, to: folder.file("lost.avi"), "--video", "mpeg4")
        #expect(lost.errors.contains("captions: dropped (MPEG-4"), "\(lost.summary)")
        let dropped = try transcode(source, to: folder.file("dropped.mp4"), "--captions", "drop")
        #expect(try captions(folder.file("dropped.mp4")) == [])
        #expect(dropped.errors.contains("captions: removed"), "\(dropped.summary)")
        try transcode(source, to: folder.file("copied.mkv"), "--video", "copy")
        #expect(try captions(folder.file("copied.mkv")) == Self.expected)
    }

    @Test("Packages declare them", arguments: [["--codec", "h264,hevc", "--chunk", "2"], ["--segments", "ts"], []])
    func packages(options: [String]) throws {
        let source = try source(rate: 50)
        let output = folder.file("package")
        let command =
            options.isEmpty
            ? ["package"] : ["ladder", "--speed", "ultrafast", "--segment", "1", "--gop", "1", "--rungs", "108p,72p"]
        let done = try startVTX(command + [source, "-o", output] + options).wait(within: 100)
        try #require(done.status == 0, "\(done.summary)")
        let master = try HLSPlaylist("\(output)/master.m3u8")
        #expect(master.values("EXT-X-MEDIA").filter { $0.contains(#"INSTREAM-ID="CC1""#) }.count == 1)
        let variants = master.values("EXT-X-STREAM-INF")
        #expect(variants.allSatisfy { $0.hasSuffix(#"CLOSED-CAPTIONS="captions""#) } && !variants.isEmpty)
        for uri in master.uris {
            let media = try HLSPlaylist("\(output)/\(uri)").join(to: folder.file("joined"))
            #expect(try captions(media).map { $0.drop { $0 != " " } } == [" First one", " Second"], "\(uri)")
        }
    }

    @Test("Captions become a file of text where there is no track of text")
    func extracted() throws {
        let source = try source()
        let output = folder.file("out.srt")
        let done = try vtx("extract", source, "-o", output, "--strict")
        #expect(done.status == 0 && done.errors.contains("CC1"), "\(done.summary)")
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(text.components(separatedBy: "\n\n").compactMap(cue) == Self.expected, "\(text)")
        #expect(try vtx("extract", source, "-o", folder.file("cc3.srt"), "--track", "cc3").status == 64)
    }

    @Test("They become text: in files, in packages, and from a track of their own")
    func text() throws {
        let source = try source()
        for name in ["out.mp4", "out.mkv", "out.webm"] {
            let options = name.hasSuffix("webm") ? ["--video", "vp9", "--speed", "8"] : ["--speed", "ultrafast"]
            let done = try startVTX(
                ["transcode", source, "-o", folder.file(name), "--captions", "webvtt", "--strict"] + options
            ).wait(within: 100)
            #expect(done.status == 0, "\(done.summary)")
            let output = try Oracle.ffmpeg(["-i", folder.file(name), "-map", "0:s:0", "-f", "srt", "-"]).output
            #expect(output.components(separatedBy: "\n\n").compactMap(cue) == Self.expected, "\(name)")
            // The last one stays to the end.
            #expect(output.contains("--> 00:00:04,0") || output.contains("--> 00:00:03,9"), "\(output)")
            #expect(try captions(folder.file(name)) == [])
        }
        let ladder = try vtx(
            "ladder", source, "-o", folder.file("ladder"), "--captions", "webvtt", "--speed", "ultrafast", "--rungs",
            "108p,72p")
        try #require(ladder.status == 0, "\(ladder.summary)")
        let master = try HLSPlaylist(folder.file("ladder/master.m3u8"))
        #expect(master.values("EXT-X-STREAM-INF").allSatisfy { $0.hasSuffix("CLOSED-CAPTIONS=NONE") })
        let segment = try String(contentsOfFile: folder.file("ladder/subtitles-1/segment-00001.vtt"), encoding: .utf8)
        #expect(segment.contains("00:01.000 --> 00:00:01.800\nFirst one") || segment.contains("First one"))
        #expect(segment.contains("Second"))

        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "movie=\(source)[out0+subcc]", "-map", "v", "-map", "s", "-c:v", "libx264", "-preset",
            "ultrafast", "-a53cc", "0", "-c:s", "copy", folder.file("c608.mov"),
        ])
        try transcode(folder.file("c608.mov"), to: folder.file("c608.mkv"), "--strict")
        let output = try Oracle.ffmpeg(["-i", folder.file("c608.mkv"), "-map", "0:s:0", "-f", "srt", "-"]).output
        #expect(output.components(separatedBy: "\n\n").compactMap(cue) == Self.expected)
    }

    @Test("They become text wherever they begin")
    func late() throws {
        // Between all places that are sampled.
        let source = try source(lead: 18)
        #expect(try !vtx("probe", "--json", source).output.contains(#""CC1""#))
        for command in ["transcode", "ladder"] {
            let plan = try vtx(
                command, source, "-o", folder.file(command == "ladder" ? "package" : "out.mkv"), "--captions", "webvtt",
                "--dry-run")
            #expect(
                plan.status == 0 && (plan.output + plan.errors).contains("CC1 converted to text"), "\(plan.summary)")
        }
    }

    @Test("probe names the channels")
    func probe() throws {
        let done = try vtx("probe", "--json", try source())
        #expect(done.output.contains(#""captions":["CC1"]"#), "\(done.summary)")
    }
}
