// Dolby Vision: copied with its configuration, packaged under its own name beside that of its base layer.

import Foundation
import Testing

@Suite("Dolby Vision", .needsOracle, .timeLimit(.minutes(60)))
struct DolbyVisionTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func clip(_ profile: Int, _ compatibility: Int, level: Int = 1, codec: String = "hevc") throws -> String {
        let path = folder.file("clip.mp4")
        // What the base layer is: PQ, HLG or BT.709.
        let transfer = [1: "smpte2084", 4: "arib-std-b67"][compatibility]
        try DolbyVision.clip(
            path, profile: profile, level: level, compatibility: compatibility, codec: codec,
            color: transfer.map { ["-color_trc", $0, "-color_primaries", "bt2020", "-colorspace", "bt2020nc"] } ?? [])
        return path
    }

    @Test(
        "Copies into MP4, MOV and MKV keep the configuration",
        arguments: [(5, 0), (7, 1), (8, 1), (8, 4)], ["mp4", "mov", "mkv"])
    func copied(kind: (profile: Int, compatibility: Int), suffix: String) throws {
        let source = try clip(kind.profile, kind.compatibility, level: 6)
        let output = folder.file("out.\(suffix)")
        let made = try vtx("transcode", source, "-o", output, "--video", "copy", "-q")
        #expect(made.status == 0, "\(made.summary)")
        let sides = try Oracle.describe(output).video.first?.sideDataList?.compactMap(\.sideDataType)
        #expect(sides == ["DOVI configuration record"])
        #expect(try Oracle.hashes(output, "v:0") == Oracle.hashes(source, "v:0"))
        guard suffix != "mkv" else { return }
        #expect(try DolbyVision.read(output).box == DolbyVision.read(source).box)
    }

    @Test("MOV keeps names and languages beside it", arguments: ["A name", String(repeating: "äö", count: 60)])
    func names(title: String) throws {
        let source = folder.file("named.mkv")
        try Oracle.ffmpeg([
            "-i", try clip(8, 4), "-c", "copy", "-strict", "unofficial", "-metadata:s:v", "title=\(title)",
            "-metadata:s:v",
            "language=por", "-metadata", "com.apple.quicktime.make=Maker", source,
        ])
        for suffix in ["mov", "mp4"] {
            let output = folder.file("out.\(suffix)")
            let made = try vtx("transcode", source, "-o", output, "--video", "copy", "-q")
            #expect(made.status == 0, "\(made.summary)")
            let stream = try #require(try Oracle.describe(output).video.first)
            #expect(try DolbyVision.read(output).box?.isEmpty == false)
            #expect(stream.tag("language") == "por")
            // The length of a name has one byte in MOV; libav reads such names wrongly from 128 on.
            let name = try #require(stream.title)
            if suffix == "mp4" || title.utf8.count < 128 {
                #expect(name == title)
            } else {
                #expect(name.contains(title.prefix(100)))
            }
            #expect(try Oracle.decodeErrors(output).isEmpty)
        }
    }

    @Test("Containers without a place for it say so")
    func uncarried() throws {
        let output = folder.file("out.avi")
        let made = try vtx("transcode", try clip(9, 2, codec: "h264"), "-o", output, "--video", "copy")
        // H.264 with lengths in front is not for AVI at all.
        #expect(made.status == 64, "\(made.summary)")
        let packaged = try vtx("package", try clip(9, 2, codec: "h264"), "-o", folder.file("ts"), "--segments", "ts")
        #expect(packaged.status == 0, "\(packaged.summary)")
        #expect(packaged.errors.contains("left out the configuration of Dolby Vision"), "\(packaged.summary)")
        #expect(try !master("ts").contains("SUPPLEMENTAL-CODECS"))
    }

    // MARK: Packages

    private func master(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file("\(name)/master.m3u8"), encoding: .utf8)
    }

    @Test(
        "Packages name it beside its base layer",
        arguments: [
            ("hevc", 8, 1, 7, "hvc1.", "dvh1.08.07/db1p", "PQ"), ("hevc", 8, 4, 13, "hvc1.", "dvh1.08.13/db4h", "HLG"),
            ("hevc", 8, 2, 1, "hvc1.", "dvh1.08.01/db2g", "SDR"), ("h264", 9, 2, 3, "avc1.", "dva1.09.03/db2g", "SDR"),
            ("av1", 10, 1, 5, "av01.", "dav1.10.05/db1p", "PQ"), ("av1", 10, 4, 5, "av01.", "dav1.10.05/db4h", "HLG"),
        ])
    func packaged(
        codec: String, profile: Int, compatibility: Int, level: Int, base: String, name: String, range: String
    ) throws {
        let source = try clip(profile, compatibility, level: level, codec: codec)
        let made = try vtx("package", source, "-o", folder.file("out"), "-q")
        #expect(made.status == 0, "\(made.summary)")
        let lines = try master("out").split(separator: "\n").filter { $0.contains("STREAM-INF") }
        #expect(lines.count == 2)
        for line in lines {
            let found = attributes(String(line))
            #expect(found["CODECS"]?.hasPrefix(base) == true)
            #expect(found["SUPPLEMENTAL-CODECS"] == name)
            #expect(found["VIDEO-RANGE"] == range)
        }
        let initialization = folder.file("out/96p/init.mp4")
        let (entry, box) = try DolbyVision.read(initialization)
        #expect(entry == base.dropLast())
        #expect(box == DolbyVision.box(profile: profile, level: level, compatibility: compatibility))
        let type = [UInt8](try Data(contentsOf: URL(fileURLWithPath: initialization)))
        #expect(type[..<Int(type[3])].suffix(4).elementsEqual(name.suffix(4).utf8))
    }

    @Test("Encryption leaves it in the clear", arguments: ["cbcs", "aes-128"])
    func encrypted(method: String) throws {
        let made = try vtx(
            "package", try clip(8, 1), "-o", folder.file("out"), "-q", "--encrypt", method, "--key-uri",
            "https://example.com/k")
        #expect(made.status == 0, "\(made.summary)")
        #expect(try master("out").contains(#"SUPPLEMENTAL-CODECS="dvh1.08.01/db1p""#))
        if method == "cbcs" { #expect(try DolbyVision.read(folder.file("out/96p/init.mp4")).entry == "encv") }
    }

    @Test("Without a base layer it is refused, with two layers the base layer is packaged and the rest reported")
    func others() throws {
        for (profile, codec) in [(5, "hevc"), (10, "av1")] {
            let made = try vtx("package", try clip(profile, 0, codec: codec), "-o", folder.file("out"))
            #expect(made.status == 69, "\(made.summary)")
            #expect(made.errors.contains("Dolby Vision profile \(profile)"), "\(made.summary)")
        }
        let made = try vtx("package", try clip(7, 1), "-o", folder.file("out"))
        #expect(made.status == 0, "\(made.summary)")
        #expect(made.errors.contains("Dolby Vision profile 7"), "\(made.summary)")
        #expect(try !master("out").contains("SUPPLEMENTAL-CODECS"))
    }
}
