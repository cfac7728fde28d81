// Filters by name, compared with those of ffmpeg.

import Foundation
import Testing

@Suite("filters", .needsOracle, .timeLimit(.minutes(60)))
struct FilterTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A second of a moving image, after further filters.
    private func source(_ name: String, _ filters: String, _ options: String...) throws -> String {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=1", "-f", "lavfi", "-i",
                "sine=frequency=440:duration=1", "-vf", filters, "-c:v", "libx264", "-preset", "ultrafast", "-crf",
                "26",
                "-g", "5", "-pix_fmt", "yuv420p",
            ] + options + [path])
        return path
    }

    @Test(
        "Black bars are cut off, and nothing else",
        arguments: [
            ("letterbox.mp4", "pad=320:240:0:30", "320:180:0:30", []),
            ("pillarbox.mkv", "pad=400:180:40:0", "320:180:40:0", []),
            ("window.mp4", "pad=384:240:32:30,noise=alls=6:allf=t", "320:180:32:30", []),
            ("dark.mp4", "fade=in:0:20,pad=320:240:0:30", "320:180:0:30", []),
            ("ten.mkv", "pad=320:240:0:30", "320:180:0:30", ["-pix_fmt", "yuv420p10le"]),
            ("wide.mp4", "pad=320:240:0:30,setsar=4/3", "320:180:0:30", []),
            ("full.mkv", "null", "320:180:0:0", []),
            ("night.mp4", "scale=320:240,geq=lum='16+max(0,Y-60)*0.4':cb=128:cr=128,setsar=1", "320:240:0:0", []),
        ])
    func bars(name: String, filters: String, area: String, options: [String]) throws {
        let input = folder.file(name)
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=1", "-vf", filters, "-c:v", "libx264",
                "-preset", "ultrafast", "-crf", "28", "-g", "2", "-pix_fmt", "yuv420p",
            ] + options + [input])
        let output = folder.file("out.mp4")
        let result = try transcode(input, to: output, "--crop", "auto", "--crf", "14")
        let parts = area.split(separator: ":").compactMap { Int($0) }
        let video = try Oracle.describe(output).video[0]
        let width = name == "wide.mp4" ? parts[0] * 4 / 3 : parts[0]
        #expect(abs((video.width ?? 0) - width) <= 2 && abs((video.height ?? 0) - parts[1]) <= 2, "\(result.errors)")
        guard video.width == width, video.height == parts[1] else { return }
        #expect(
            try Oracle.psnr(output, against: input, "crop=\(area),scale=\(width):\(parts[1]):flags=bicubic,setsar=1")
                > 32)
    }

    @Test("A part is cut as the frame is shown")
    func area() throws {
        let output = folder.file("out.mp4")
        let result = try transcode(fixture("rotated.mp4"), to: output, "--crop", "120:200:40:80", "--duration", "0.4")
        #expect(result.errors.contains("cropped from 240x320 to 120x200, at 40:80"), "\(result.errors)")
        let video = try Oracle.describe(output).video[0]
        #expect(video.width == 120 && video.height == 200)
        #expect(try Oracle.psnr(output, against: fixture("rotated.mp4"), "crop=120:200:40:80") > 30)
    }

    @Test("A ladder is as large as what lies within the bars")
    func ladder() throws {
        let input = try source("in.mp4", "pad=320:240:0:30")
        let result = try startVTX([
            "ladder", input, "-o", folder.file("package"), "--crop", "auto", "--speed", "ultrafast", "--no-thumbnails",
        ]).wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        #expect(try String(contentsOfFile: folder.file("package/master.m3u8"), encoding: .utf8).contains("320x180"))
    }

    @Test("A batch crops each file by itself, and refuses what is no crop")
    func batch() throws {
        try FileManager.default.createDirectory(atPath: folder.file("in"), withIntermediateDirectories: true)
        _ = try source("in/a.mp4", "pad=320:240:0:30")
        _ = try source("in/b.mp4", "null")
        let words = ["batch", folder.file("in"), "-o", folder.file("out"), "--speed", "ultrafast", "--crop"]
        #expect(try startVTX(words + ["bars"]).wait(within: 60).status == 64)
        let result = try startVTX(words + ["auto"]).wait(within: 100)
        #expect(result.status == 0, "\(result.summary)")
        for name in ["a", "b"] { #expect(try Oracle.describe(folder.file("out/\(name).mp4")).video[0].height == 180) }
    }
}
