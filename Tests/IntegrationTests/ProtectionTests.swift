// What only the container says of a track: that it is encrypted, what shape its pixels have, that it is Dolby Vision.

import Foundation
import Testing

@Suite("What the container says", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct ProtectionTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func clip(_ name: String, _ options: [String]) throws -> String {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=1", "-f", "lavfi", "-i",
                "sine=duration=1", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac",
            ] + options + [path])
        return path
    }

    @Test(
        "Encrypted MP4 is named by probe and refused by everything else", arguments: ["", "+frag_keyframe+empty_moov"])
    func encrypted(flags: String) throws {
        let key = "0123456789abcdef0123456789abcdef"
        let source = try clip(
            "encrypted.mp4",
            ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key, "-encryption_kid", key]
                + (flags.isEmpty ? [] : ["-movflags", flags]))
        let probed = try vtx("probe", "--json", source)
        #expect(probed.output.contains(#""code":"encrypted""#), "\(probed.summary)")
        let output = folder.file("out.mp4")
        for arguments in [
            ["transcode", source, "-o", output], ["package", source, "-o", folder.file("out")],
            ["transcode", source, "-o", output, "--video", "copy", "--audio-codec", "copy"],
        ] {
            let made = try startVTX(arguments).wait(within: 100)
            #expect(made.status == 65, "\(made.summary)")
            #expect(made.errors.contains("encrypted (CENC)"), "\(made.summary)")
        }
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect(try !vtx("probe", "--json", try clip("clear.mp4", [])).output.contains("encrypted\""))
    }

    /// A transport stream whose second half is scrambled.
    private func scrambled() throws -> String {
        let path = try clip("scrambled.ts", [])
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for start in stride(from: bytes.count / 376 * 188, to: bytes.count, by: 188) where bytes[start + 1] & 0x1F == 1
        {
            bytes[start + 3] |= 0x80
            for place in start + 12..<start + 188 { bytes[place] = ~bytes[place] }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("Scrambled transport streams are refused, in part too; a clear one is not")
    func scrambling() throws {
        let (clear, source) = (try clip("clear.ts", []), try scrambled())
        #expect(try !vtx("probe", "--json", clear).output.contains(#""code":"encrypted""#))
        #expect(try vtx("probe", "--json", source).output.contains(#""code":"encrypted""#))
        for options in [[], ["--video", "copy", "--audio-codec", "copy"]] {
            let made = try startVTX(["transcode", source, "-o", folder.file("out.mp4")] + options).wait(within: 100)
            #expect(made.status == 65 && made.errors.contains("is encrypted (scrambled)"), "\(made.summary)")
        }
    }

    @Test("Copies keep the pixel shape that only the container tells", arguments: ["mp4", "mov", "mkv"])
    func shape(suffix: String) throws {
        let plain = try clip("plain.mkv", [])
        let source = folder.file("shaped.mkv")
        try Oracle.ffmpeg(["-i", plain, "-c", "copy", "-aspect", "16:9", source])
        let output = folder.file("out.\(suffix)")
        let made = try vtx("transcode", source, "-o", output, "--video", "copy")
        #expect(made.status == 0, "\(made.summary)")
        let shape = try Oracle.describe(output).streams.first { $0.codecType == "video" }?.sampleAspectRatio
        #expect(shape == "4:3")
    }
}
