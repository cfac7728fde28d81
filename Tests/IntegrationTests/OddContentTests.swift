// What files say about their contents in ways that libav does not tell, or tells wrongly.

import Foundation
import Testing

@Suite("odd contents", .needsOracle, .timeLimit(.minutes(60)))
struct OddContentTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func clip(_ name: String, _ options: [String], from inputs: [String] = []) throws -> String {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2", "-f", "lavfi", "-i", "sine=r=48000:d=2",
            ] + inputs + ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"] + options + [path])
        return path
    }

    private func change(_ path: String, _ edit: (inout Data) throws -> Void) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        try edit(&data)
        try data.write(to: URL(fileURLWithPath: path))
    }

    // MARK: Frames that are only decoded

    @Test(
        "A copy does not show frames at the end that the edit list hides", arguments: [1920, 1880, 1840, 1800, 1760],
        ["mp4", "mov"])
    func hiddenEnd(end: Int, suffix: String) throws {
        let source = try clip("in.mp4", ["-bf", "3", "-x264-params", "b-adapt=0:scenecut=0"])
        try change(source) { data in
            let list = try #require(data.range(of: Data("elst".utf8))).upperBound
            data.replaceSubrange(
                list + 8..<list + 12, with: withUnsafeBytes(of: UInt32(end).bigEndian) { Data($0) })
        }
        let output = folder.file("out.\(suffix)")
        try transcode(source, to: output, "--video", "copy", "--audio-codec", "copy")
        let (shown, made) = (try Oracle.frameTimes(source), try Oracle.frameTimes(output))
        #expect(shown.count == end / 40)
        #expect(made.count == shown.count, "\(made)")
        #expect(near(made.max() ?? 0, shown.max() ?? 0, 0.001))
        let stream = try #require(try Oracle.describe(output).video.first)
        #expect(near(stream.duration.flatMap(Double.init) ?? 0, Double(end) / 1000, 0.08))
    }

    // MARK: Variable rates

    @Test("Samples of a package last as long as its frames are shown, whatever their lengths")
    func variableRate() throws {
        let source = folder.file("in.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2", "-f", "lavfi", "-i", "sine=r=48000:d=4", "-vf",
            "setpts='if(eq(N,0),0,PTS+2/TB)'", "-vsync", "vfr", "-c:v", "libx264", "-preset", "veryfast", "-bf", "3",
            "-c:a", "aac", source,
        ])
        let made = try vtx("package", source, "-o", folder.file("package"))
        #expect(made.status == 0, "\(made.summary)")
        let rendition = folder.file("package/64p/")
        let whole = folder.file("whole.mp4")
        let parts = try ["init.mp4", "segment-00001.m4s"].map {
            try Data(contentsOf: URL(fileURLWithPath: rendition + $0))
        }
        try parts.reduce(Data(), +).write(to: URL(fileURLWithPath: whole))
        let packets = try Program.run(
            "ffprobe",
            ["-v", "error", "-show_entries", "packet=pts_time,dts_time,duration_time", "-of", "csv=p=0", whole]
        ).output.split(separator: "\n").map { $0.split(separator: ",").compactMap { Double($0) } }
        let (first, last) = (try #require(packets.first), try #require(packets.last))
        #expect(packets.count == 50 && first.count == 3 && last.count == 3)
        #expect(near(last[1] + last[2] - first[1], 4, 0.001), "\(packets)")
        let shown = packets.map { $0[0] - first[0] }.sorted()
        #expect(near(shown[1], 2.04, 0.001) && near(shown[49], 3.96, 0.001), "\(shown)")
    }

    // MARK: Formats

    @Test("JPEG images one behind the other are a video, and one alone is not")
    func motionJPEG() throws {
        for (seconds, status) in [(2.0, Int32(0)), (0.04, 69)] {
            let source = folder.file("in.bin")
            try Oracle.ffmpeg([
                "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=\(seconds)", "-c:v", "mjpeg", "-f", "mjpeg", source,
            ])
            let made = try vtx(
                "transcode", source, "-o", folder.file("out.mp4"), "--overwrite", "--speed", "ultrafast")
            #expect(made.status == status, "\(made.summary)")
        }
        #expect(try Oracle.frameTimes(folder.file("out.mp4")).count == 50)
    }

    // MARK: Tags

    @Test(
        "Tags that are not UTF-8 are decoded, and that is reported",
        arguments: [("avi", "Caf\u{E9} M\u{FC}ller"), ("mkv", "Se\u{F1}or"), ("mp3", "\u{C9}t\u{E9}")])
    func tags(suffix: String, title: String) throws {
        let plain = title.unicodeScalars.map { $0.value < 0x80 ? String($0) : "#" }.joined()
        let options =
            suffix == "mp3"
            ? ["-map", "1:a", "-c:a", "libmp3lame", "-id3v2_version", "0"]
            : suffix == "avi" ? ["-c:a", "libmp3lame"] : []
        let source = try clip("in.\(suffix)", options + ["-metadata", "title=\(plain)"])
        try change(source) { data in
            let bytes = Data(title.unicodeScalars.map { UInt8($0.value) })
            if suffix == "mp3" {
                // ID3v1
                data += Data("TAG".utf8) + bytes + Data(count: 125 - bytes.count)
            } else {
                let place = try #require(data.range(of: Data(plain.utf8), options: .backwards))
                data.replaceSubrange(place, with: bytes)
            }
        }
        let probed = try vtx("probe", "--json", source)
        #expect(probed.output.contains("\"title\":\"\(title)\""), "\(probed.output)")
        #expect(probed.output.contains(#""tag_encoding":"WINDOWS-1252""#))
        let output = folder.file("out.\(suffix == "mp3" ? "m4a" : "mp4")")
        let made = try transcode(source, to: output)
        #expect(made.errors.contains("tags read as WINDOWS-1252"), "\(made.summary)")
        #expect(try Oracle.describe(output).tag("title") == title)
    }

    // MARK: Tracks

    @Test("TTML in MP4 is a subtitle track that cannot be read here")
    func timedText() throws {
        let cues = folder.file("cues.srt")
        try "1\n00:00:00,200 --> 00:00:01,000\nHello\n\n".write(toFile: cues, atomically: true, encoding: .utf8)
        let source = try clip("in.mp4", ["-c:s", "ttml"], from: ["-i", cues])
        let probed = try vtx("probe", "--json", source)
        #expect(probed.output.contains(#""codec":"ttml""#), "\(probed.output)")
        #expect(probed.output.contains(#""code":"undecodable_codec""#))
        for options in [[], ["--video", "copy", "--audio-codec", "copy"]] {
            let arguments = ["transcode", source, "-o", folder.file("out.mp4"), "--overwrite"] + options
            let made = try startVTX(arguments).wait(within: 100)
            #expect(made.status == 0 && made.errors.contains("ttml cannot be read as text"), "\(made.summary)")
            #expect(!made.errors.contains("data track"))
        }
    }

    /// Makes the sample entry of the video a protected one.
    private func wrap(_ data: inout Data, protected: UInt8) throws {
        func box(_ type: String, _ body: Data) -> Data {
            withUnsafeBytes(of: UInt32(body.count + 8).bigEndian) { Data($0) } + Data(type.utf8) + body
        }
        let encryption = box("tenc", Data([0, 0, 0, 0, 0, 0, protected, 8]) + Data(repeating: 7, count: 16))
        let scheme = box("schm", Data(count: 4) + Data("cenc".utf8) + Data([0, 1, 0, 0]))
        let information = box("sinf", box("frma", Data("avc1".utf8)) + scheme + box("schi", encryption))
        var place = try #require(data.range(of: Data("moov".utf8))).lowerBound - 4
        var sizes = [place]
        for type in ["trak", "mdia", "minf", "stbl", "stsd", "avc1"] {
            place = try #require(data[place...].range(of: Data(type.utf8))).lowerBound - 4
            sizes.append(place)
        }
        func size(_ place: Int) -> Int { data[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        let end = place + size(place)
        for place in sizes {
            let grown = UInt32(size(place) + information.count).bigEndian
            data.replaceSubrange(place..<place + 4, with: withUnsafeBytes(of: grown) { Data($0) })
        }
        data.replaceSubrange(place + 4..<place + 8, with: Data("encv".utf8))
        data.insert(contentsOf: information, at: end)
    }

    @Test("A protected track whose samples are all in the clear is read", arguments: [UInt8(0), 1])
    func clearSamples(protected: UInt8) throws {
        let source = try clip("in.mp4", [])
        try change(source) { try wrap(&$0, protected: protected) }
        for options in [["--speed", "ultrafast"], ["--video", "copy", "--audio-codec", "copy"]] {
            let output = folder.file("out.mp4")
            let arguments = ["transcode", source, "-o", output, "--overwrite"] + options
            let made = try startVTX(arguments).wait(within: 100)
            guard protected == 0 else {
                #expect(made.status == 65 && made.errors.contains("encrypted (CENC)"), "\(made.summary)")
                continue
            }
            #expect(made.status == 0, "\(made.summary)")
            let stream = try #require(try Oracle.describe(output).video.first)
            #expect(stream.codecTagString == "avc1" && stream.codecName == "h264")
            #expect(try Oracle.frameTimes(output).count == 50)
        }
        if protected == 0 {
            let made = try vtx("package", source, "-o", folder.file("package"))
            #expect(made.status == 0, "\(made.summary)")
        }
    }
}
