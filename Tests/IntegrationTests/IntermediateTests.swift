// FFV1 and ProRes, as ffprobe and ffmpeg see them.

import Foundation
import Testing

@Suite("intermediate codecs", .needsOracle, .timeLimit(.minutes(60)))
struct IntermediateTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func source(_ format: String) throws -> String {
        let path = folder.file("source.mkv")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=1", "-pix_fmt", format, "-color_range", "tv",
            "-c:v", "ffv1", path,
        ])
        return path
    }

    @Test("FFV1 gives back every sample of the source", arguments: ["yuv420p", "yuv422p10le", "yuv444p"])
    func lossless(format: String) throws {
        let source = try source(format)
        let output = folder.file("out.mkv")
        try transcode(source, to: output, "--video", "ffv1")
        let video = try Oracle.describe(output).video[0]
        #expect(video.codecName == "ffv1")
        #expect(video.pixFmt == format)
        #expect(
            try Oracle.hashes(output, "v:0", decoded: true) == Oracle.hashes(source, "v:0", decoded: true))
    }

    @Test(
        "ProRes has the profile and pixel format asked for",
        arguments: [
            ("proxy", "Proxy", "yuv422p10le", "mov"), ("lt", "LT", "yuv422p10le", "mov"),
            ("standard", "Standard", "yuv422p10le", "mkv"), ("hq", "HQ", "yuv422p10le", "mov"),
            // libavcodec decodes every 4444 to 12 bits.
            ("4444", "4444", "yuv444p12le", "mov"),
        ])
    func profiles(profile: String, name: String, format: String, container: String) throws {
        let source = try source("yuv420p")
        let output = folder.file("out.\(container)")
        try transcode(source, to: output, "--video", "prores", "--option", "profile=\(profile)")
        let video = try Oracle.describe(output).video[0]
        #expect(video.codecName == "prores")
        if container == "mov" { #expect(video.profile == name) }
        #expect(video.pixFmt == format)
        #expect(try Oracle.psnr(output, against: source, "format=yuv420p") > 30)
    }
}
