// The picture: upright, square pixels, even sides, no fields, right colours; sizes that were asked for.

import Foundation
import Testing

@Suite("picture", .needsOracle, .timeLimit(.minutes(60)))
struct VideoTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test("A rotated picture is turned upright, as ffmpeg turns it", arguments: ["mp4", "webm", "avi"])
    func rotation(container: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(fixture("rotated.mp4"), to: output)
        #expect(result.errors.contains("turned 90 degrees counterclockwise"))
        let video = try Oracle.describe(output).video[0]
        #expect(video.width == 240 && video.height == 320)
        #expect(video.sideDataList?.contains { $0.sideDataType == "Display Matrix" } != true)
        #expect(try Oracle.psnr(output, against: fixture("rotated.mp4")) > 30)
    }

    @Test("Wide pixels become square ones")
    func anamorphic() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("anamorphic.mpg"), to: output)
        let video = try Oracle.describe(output).video[0]
        #expect(video.sampleAspectRatio == nil || video.sampleAspectRatio == "1:1")
        let (width, height) = (try #require(video.width), try #require(video.height))
        #expect(width % 2 == 0 && height == 240)
        #expect(near(Double(width) / Double(height), 16.0 / 9, 0.01))
        #expect(
            try Oracle.psnr(
                output, against: fixture("anamorphic.mpg"), "scale=\(width):\(height):flags=bicubic,setsar=1")
                > 30)
    }

    @Test("Odd sides become even ones", arguments: ["mp4", "webm", "mkv"])
    func odd(container: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(fixture("odd.webm"), to: output)
        #expect(result.errors.contains("even sides"))
        let video = try Oracle.describe(output).video[0]
        #expect([160, 162].contains(video.width) && [120, 122].contains(video.height))
        #expect(try Oracle.frameTimes(output).count == 25)
        #expect(
            try Oracle.psnr(
                output, against: fixture("odd.webm"), "scale=\(video.width!):\(video.height!):flags=bicubic")
                > 28)
    }

    /// No field lines are left; a good deinterlacer still leaves one frame in ten in doubt.
    private func isWhole(_ path: String) throws -> Bool {
        let found = try Oracle.combedFrames(path)
        return found.progressive > 4 * found.combed
    }

    @Test("Interlaced pictures are deinterlaced")
    func interlaced() throws {
        #expect(try Oracle.combedFrames(fixture("interlaced.mpg")).combed > 30)
        let output = folder.file("out.mp4")
        let result = try transcode(fixture("interlaced.mpg"), to: output)
        #expect(result.errors.contains("deinterlaced"))
        #expect(try isWhole(output))
        let video = try Oracle.describe(output).video[0]
        #expect(video.fieldOrder == nil || video.fieldOrder == "progressive" || video.fieldOrder == "unknown")
        #expect(try Oracle.frameTimes(output).count == 50)
    }

    @Test("Combed pictures without a flag are found in the rasters of television")
    func combedTelevision() throws {
        let source = folder.file("source.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i",
            "testsrc2=size=720x576:rate=50:duration=1,tinterlace=mode=interleave_top,setfield=prog", "-c:v",
            "libx264",
            "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p", source,
        ])
        let output = folder.file("out.mp4")
        let result = try transcode(source, to: output)
        #expect(result.errors.contains("deinterlaced"))
        #expect(try isWhole(output))
    }

    @Test("Combed pictures without a flag are found in other rasters")
    func combed() throws {
        let output = folder.file("out.mp4")
        let result = try transcode(fixture("combed.mp4"), to: output)
        #expect(result.errors.contains("deinterlaced"))
        #expect(try isWhole(output))
        let forced = folder.file("forced.mp4")
        try transcode(fixture("combed.mp4"), to: forced, "--deinterlace", "frame")
        #expect(try isWhole(forced))
        #expect(try Oracle.frameTimes(forced).count == 25)
    }

    @Test(
        "Progressive pictures are left alone",
        arguments: ["silent.mp4", "clip.mkv", "vfr.mp4", "anamorphic.mpg", "late_audio.mp4", "odd.webm"])
    func progressive(source: String) throws {
        let plan = try vtx("transcode", fixture(source), "-o", folder.file("out.mp4"), "--dry-run").output
        // The fine moving lines of testsrc2 come close to what fields look like.
        #expect(!plan.contains("deinterlaced"), "\(plan)")
    }

    @Test("A frame for each field doubles the rate", arguments: ["mp4", "mkv"])
    func fields(container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("interlaced.mpg"), to: output, "--deinterlace", "field")
        let times = try Oracle.frameTimes(output)
        #expect(times.count == 100)
        for (a, b) in zip(times, times.dropFirst()) { #expect(near(b - a, 0.02, 0.0011)) }
        #expect(try isWhole(output))
    }

    @Test("--deinterlace off leaves the fields")
    func notDeinterlaced() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("interlaced.mpg"), to: output, "--deinterlace", "off", "--crf", "12")
        #expect(try Oracle.combedFrames(output).combed > 30)
    }

    @Test("HDR is mapped to BT.709 and tagged so", arguments: ["hdr.mp4", "hlg.mkv"], ["mp4", "webm"])
    func toneMapped(source: String, container: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(fixture(source), to: output)
        #expect(result.errors.contains("tone-mapped to BT.709"))
        let video = try Oracle.describe(output).video[0]
        #expect(video.pixFmt == "yuv420p")
        #expect(
            [video.colorTransfer, video.colorPrimaries, video.colorSpace] == ["bt709", "bt709", "bt709"])
        #expect(video.colorRange == "tv")
        #expect(video.sideDataList?.contains { $0.sideDataType?.contains("Mastering") == true } != true)
        // Neither black nor burnt out.
        let brightness = try Oracle.brightness(output).map(\.value)
        #expect(brightness.allSatisfy { $0 > 40 && $0 < 215 }, "\(brightness)")
    }

    @Test(
        "HDR is passed on when asked, with its metadata",
        arguments: [
            ("hdr.mp4", "mp4", "hevc", "smpte2084"), ("hdr.mp4", "mkv", "hevc", "smpte2084"),
            ("hlg.mkv", "mp4", "hevc", "arib-std-b67"),
            ("hdr.mp4", "webm", "vp9", "smpte2084"), ("hdr.mp4", "mp4", "av1", "smpte2084"),
        ])
    func kept(source: String, container: String, codec: String, transfer: String) throws {
        let output = folder.file("out.\(container)")
        let speed = ["hevc": "ultrafast", "vp9": "8", "av1": "12"][codec]!
        try transcode(fixture(source), to: output, "--video", codec, "--hdr", "keep", "--speed", speed)
        let video = try Oracle.describe(output).video[0]
        #expect(video.codecName == codec && video.pixFmt == "yuv420p10le")
        #expect(
            video.colorTransfer == transfer && video.colorPrimaries == "bt2020"
                && video.colorSpace == "bt2020nc")
        #expect(try Oracle.psnr(output, against: fixture(source)) > 28)
        let media = try #require(vtx("probe", "--json", output).json().last)
        guard source == "hdr.mp4" else { return }
        #expect(media.value("media.streams.0.video.hdr.format") == "hdr10")
        #expect(media.value("media.streams.0.video.hdr.content_light.maximum") == 1000)
        #expect(media.value("media.streams.0.video.hdr.mastering.maximum_luminance") == "1000")
    }

    @Test("HDR is not kept in eight bits")
    func keptNot() throws {
        let result = try vtx("transcode", fixture("hdr.mp4"), "-o", folder.file("out.mp4"), "--hdr", "keep")
        #expect(result.status == 64)
        #expect(result.errors.contains("hevc"))
    }

    @Test("Ten bits become eight unless asked for")
    func tenBit() throws {
        let eight = folder.file("eight.mp4")
        let result = try transcode(fixture("tenbit.mp4"), to: eight)
        #expect(result.errors.contains("10 bits"))
        #expect(try Oracle.describe(eight).video[0].pixFmt == "yuv420p")
        #expect(try Oracle.psnr(eight, against: fixture("tenbit.mp4")) > 30)
        let ten = folder.file("ten.mp4")
        try transcode(fixture("tenbit.mp4"), to: ten, "--video", "hevc", "--pixel-format", "yuv420p10le")
        #expect(try Oracle.describe(ten).video[0].pixFmt == "yuv420p10le")
    }

    @Test("Full range becomes limited, with the same picture")
    func fullRange() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("mjpeg.avi"), to: output)
        let video = try Oracle.describe(output).video[0]
        #expect(video.pixFmt == "yuv420p" && video.colorRange != "pc")
        #expect(
            try Oracle.psnr(
                output, "scale=out_range=tv", against: fixture("mjpeg.avi"), "scale=in_range=pc:out_range=tv")
                > 28)
    }

    @Test("Cover art is never the video", arguments: ["cover.mp3", "cover.m4a"])
    func cover(source: String) throws {
        for name in ["out.mp4", "out.mkv", "out.m4a", "out.mp3", "out.flac"] {
            let output = folder.file(name)
            try transcode(fixture(source), to: output)
            let file = try Oracle.describe(output)
            #expect(file.video.isEmpty, "\(name)")
            #expect(file.audio.count == 1)
            if name != "out.mkv" { #expect(file.covers.count == 1, "\(name)") }
            #expect(near(Double(try Oracle.samples(output)) / 48000, 2.03, 0.06))
        }
    }

    @Test(
        "Sizes are what was asked for",
        arguments: [
            (["--height", "120p"], 160, 120), (["--height", "480"], 640, 480),
            (["--resolution", "120p"], 160, 120), (["--resolution", "480"], 320, 240),
            (["--fit", "200x200"], 200, 150), (["--fit", "640x640"], 320, 240),
            (["--size", "400x240"], 400, 240), (["--size", "160x240"], 160, 240),
        ])
    func sizes(options: [String], width: Int, height: Int) throws {
        let output = folder.file("out.mp4")
        let result = try startVTX(
            ["transcode", fixture("clip.mkv"), "-o", output, "--speed", "ultrafast", "--duration", "0.5"]
                + options
        ).wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        let video = try Oracle.describe(output).video[0]
        #expect(video.width == width && video.height == height, "\(video.width ?? 0)x\(video.height ?? 0)")
    }

    @Test("A resolution is the width of portrait video")
    func portraitResolution() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("rotated.mp4"), to: output, "--resolution", "120p", "--duration", "0.2")
        let video = try Oracle.describe(output).video[0]
        #expect(video.width == 120 && video.height == 160)
    }

    @Test("What the picture does not cover is black")
    func bars() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("clip.mkv"), to: output, "--size", "400x240", "--duration", "0.2")
        #expect(try Oracle.brightness(output, crop: "36:240:0:0").allSatisfy { near($0.value, 16, 1.5) })
        #expect(try Oracle.brightness(output, crop: "36:240:364:0").allSatisfy { near($0.value, 16, 1.5) })
        #expect(try Oracle.psnr(output, "crop=320:240:40:0", against: fixture("clip.mkv"), count: 4) > 28)
    }

    @Test("Quality options do what they say")
    func quality() throws {
        func size(_ name: String, _ options: String...) throws -> Int {
            let output = folder.file(name)
            let result = try startVTX(
                ["transcode", fixture("silent.mp4"), "-o", output, "--speed", "veryfast"] + options
            ).wait(within: 60)
            #expect(result.status == 0, "\(result.summary)")
            return try #require(try FileManager.default.attributesOfItem(atPath: output)[.size] as? Int)
        }
        let (fine, coarse) = (try size("fine.mp4", "--crf", "15"), try size("coarse.mp4", "--crf", "38"))
        #expect(fine > 2 * coarse)
        let (one, two) = (
            try size("one.mp4", "--bitrate", "200k"), try size("two.mp4", "--bitrate", "200k", "--two-pass")
        )
        #expect(near(Double(one) * 8 / 2, 200_000, 60_000), "\(one) bytes")
        #expect(near(Double(two) * 8 / 2, 200_000, 40_000), "\(two) bytes")
        #expect(folder.names == ["coarse.mp4", "fine.mp4", "one.mp4", "two.mp4"])
    }

    @Test(
        "Two passes work with every codec that has them",
        arguments: [("h264", "mp4", "ultrafast"), ("hevc", "mkv", "ultrafast"), ("vp9", "webm", "8")])
    func twoPass(codec: String, container: String, speed: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(
            fixture("silent.mp4"), to: output, "--video", codec, "--bitrate", "150k", "--two-pass", "--speed",
            speed)
        #expect(folder.names == ["out.\(container)"])
        #expect(try Oracle.frameTimes(output).count == 50)
    }

    @Test("An encoder's own option reaches it")
    func encoderOption() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("silent.mp4"), to: output, "--option", "g=10", "--option", "sc_threshold=0")
        let keys = try Oracle.keyTimes(output)
        #expect(keys.count == 5, "\(keys)")
    }
}
