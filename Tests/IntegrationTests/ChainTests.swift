// Chained Ogg, and audio and video that libav does not decode.

import Foundation
import Testing

@Suite("Chained and unsupported sources", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct ChainTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Links one behind the other; seconds and sample rate of each.
    private func chain(_ codec: String, _ links: [(seconds: Double, rate: Int)]) throws -> String {
        var bytes = Data()
        for (index, link) in links.enumerated() {
            let path = folder.file("link\(index).ogg")
            try Oracle.ffmpeg([
                "-f", "lavfi", "-i", "sine=f=\(300 * (index + 1)):r=\(link.rate):d=\(link.seconds)", "-c:a", codec,
                "-f", "ogg", path,
            ])
            bytes += try Data(contentsOf: URL(fileURLWithPath: path))
        }
        let path = folder.file("chain.ogg")
        try bytes.write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test(
        "Every link of chained Ogg is there",
        arguments: [
            ("libvorbis", [(3.0, 44100), (3.0, 44100), (3.0, 44100)]),
            ("libvorbis", [(1.0, 48000), (1.0, 48000), (0.5, 48000)]), ("libopus", [(1.0, 48000), (1.0, 48000)]),
            ("flac", [(1.0, 48000), (1.0, 48000), (1.0, 48000)]), ("libvorbis", [(1.0, 48000), (1.0, 44100)]),
        ])
    func links(codec: String, links: [(Double, Int)]) throws {
        let source = try chain(codec, links.map { ($0.0, $0.1) })
        let output = folder.file("out.wav")
        let made = try vtx("transcode", source, "-o", output)
        #expect(made.status == 0, "\(made.summary)")
        let seconds = Double(try Oracle.samples(output)) / Double(links[0].1)
        let expected = links.reduce(0) { $0 + $1.0 }
        #expect(near(seconds, expected, 0.03 * Double(links.count)), "\(seconds), not \(expected): \(made.summary)")
    }

    @Test("Copied links have one description; those that need others are refused")
    func copiedLinks() throws {
        let (first, second) = (
            try link("1.ogg", ["-c:a", "libvorbis", "-q:a", "3"]),
            try link("2.ogg", ["-c:a", "libvorbis", "-q:a", "6"])
        )
        let output = folder.file("out.mkv")
        for container in ["mkv", "webm"] {
            let output = folder.file("same.\(container)")
            let same = try vtx("transcode", try join([first, first]), "-o", output, "--audio-codec", "copy")
            #expect(same.status == 0, "\(same.summary)")
            #expect(try near(Oracle.describe(output).duration, 2, 0.05) && Oracle.decodeErrors(output) == "")
        }
        let other = try vtx("transcode", try join([first, second]), "-o", output, "--audio-codec", "copy")
        #expect(other.status == 65, "\(other.summary)")
        #expect(other.errors.contains("chain.ogg changes its parameters at 0:00:01"), "\(other.errors)")
        #expect(other.errors.contains("leave out --audio-codec copy"), "\(other.errors)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test("Chains that libav does not read are called by their name", arguments: ["codec", "streams"])
    func unreadableChain(what: String) throws {
        let source: String
        if what == "codec" {
            source = try join([try link("1.ogg", ["-c:a", "libvorbis"]), try link("2.ogg", ["-c:a", "libopus"])])
        } else {
            let parts = try [1, 2].map { number in
                try link(
                    "\(number).ogv",
                    [
                        "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1", "-map", "1", "-map", "0", "-c:v", "libtheora",
                        "-c:a", "libvorbis",
                    ])
            }
            source = try join(parts)
        }
        let made = try vtx("transcode", source, "-o", folder.file("out.mp4"))
        #expect(made.status == 69, "\(made.summary)")
        #expect(made.errors.contains("chained Ogg") && made.errors.contains("--allow-truncated"), "\(made.errors)")
        #expect(!made.errors.contains("whole copy"), "\(made.errors)")
    }

    @Test("Comments of Theora's links are not damage")
    func theora() throws {
        let parts = try [1, 2].map { number in
            let path = folder.file("\(number).ogv")
            try Oracle.ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1", "-c:v", "libtheora", path])
            return path
        }
        let output = folder.file("out.mp4")
        let made = try transcode(try join(parts), to: output)
        #expect(!made.errors.contains("damaged"), "\(made.errors)")
        #expect(try Oracle.frameTimes(output).count == 50)
    }

    private func link(_ name: String, _ options: [String]) throws -> String {
        let path = folder.file(name)
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "sine=r=48000:d=1"] + options + [path])
        return path
    }

    private func join(_ parts: [String]) throws -> String {
        let bytes = try parts.reduce(into: Data()) { $0 += try Data(contentsOf: URL(fileURLWithPath: $1)) }
        try bytes.write(to: URL(fileURLWithPath: folder.file("chain.ogg")))
        return folder.file("chain.ogg")
    }

    @Test("Ambisonics are not supported, and called by their name", arguments: [UInt8(2), 3])
    func ambisonics(family: UInt8) throws {
        let plain = folder.file("plain.mkv")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "sine=d=0.5", "-ac", "4", "-c:a", "libopus", "-mapping_family", "255", plain,
        ])
        var bytes = try Data(contentsOf: URL(fileURLWithPath: plain))
        let head = try #require(bytes.range(of: Data("OpusHead".utf8)))
        bytes[head.lowerBound + 18] = family
        let source = folder.file("ambisonic.mkv")
        try bytes.write(to: URL(fileURLWithPath: source))
        let made = try vtx("transcode", source, "-o", folder.file("out.m4a"))
        #expect(made.status == 69, "\(made.summary)")
        #expect(
            made.errors.contains(family == 2 ? "ambisonic" : "Mapping type 3 is not implemented"), "\(made.summary)")
    }

    @Test("HTJ2K is not supported, and called by its name")
    func highThroughput() throws {
        let plain = folder.file("plain.mxf")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=0.2", "-c:v", "jpeg2000", "-pix_fmt", "yuv420p",
            plain,
        ])
        var bytes = try Data(contentsOf: URL(fileURLWithPath: plain))
        var place = bytes.startIndex
        while let found = bytes.range(of: Data([0xFF, 0x4F, 0xFF, 0x51]), in: place..<bytes.endIndex) {
            bytes[found.lowerBound + 6] |= 0x40
            place = found.upperBound
        }
        let source = folder.file("ht.mxf")
        try bytes.write(to: URL(fileURLWithPath: source))
        let made = try vtx("transcode", source, "-o", folder.file("out.mp4"), "--speed", "ultrafast")
        #expect(made.status == 69 && made.errors.contains("HTJ2K"), "\(made.summary)")
        #expect(try vtx("transcode", plain, "-o", folder.file("out.mp4"), "--speed", "ultrafast").status == 0)
    }

    @Test("A broken audio track beside good ones: the hint says how to leave it out")
    func brokenTrack() throws {
        let good = folder.file("good.mkv")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "sine=d=1", "-f", "lavfi", "-i", "sine=f=600:d=1", "-map", "0", "-map", "1", "-c:a",
            "aac", good,
        ])
        let source = folder.file("broken.mkv")
        try Oracle.ffmpeg(["-i", good, "-map", "0", "-c", "copy", "-bsf:a:0", "noise=amount=3", source])
        let made = try vtx("transcode", source, "-o", folder.file("out.mkv"))
        #expect(made.status == 65 && made.errors.contains("choose other tracks with --audio"), "\(made.summary)")
        let rest = try vtx("transcode", source, "-o", folder.file("out.mkv"), "--audio", "2")
        #expect(rest.status == 0, "\(rest.summary)")
    }
}
