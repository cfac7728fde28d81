// Frames whose size or shape is not what a header says, or not the same throughout.

import Foundation
import Testing

@Suite("frame shape", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct FrameShapeTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func clip(_ name: String, size: String = "160x120", seconds: Int = 1, _ options: String...) throws -> String
    {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=s=\(size):r=25:d=\(seconds)"]
                + (options.contains("-c:v") ? [] : ["-c:v", "libx264", "-preset", "ultrafast"]) + options + [path])
        return path
    }

    @Test(
        "Columns and rows that the stream crops are gone, and all others are there",
        arguments: [
            ("h264_metadata", "libx264", 4, 2), ("h264_metadata", "libx264", 10, 0), ("hevc_metadata", "libx265", 6, 4),
        ])
    func crop(filter: String, encoder: String, left: Int, top: Int) throws {
        let whole = try clip("whole.mp4", size: "160x128", "-c:v", encoder, "-preset", "ultrafast")
        // Without a header that has a size.
        let source = folder.file("source.ts")
        try Oracle.ffmpeg([
            "-i", whole, "-c", "copy", "-bsf:v",
            "\(filter)=crop_left=\(left):crop_top=\(top):crop_right=2:crop_bottom=2",
            source,
        ])
        let output = folder.file("out.mkv")
        try transcode(source, to: output, "--crf", "10")
        let (width, height) = (160 - left - 2, 128 - top - 2)
        #expect(try Oracle.describe(output).video.map { [$0.width, $0.height] } == [[width, height]])
        #expect(try Oracle.psnr(output, against: whole, "crop=\(width):\(height):\(left):\(top)") > 38)
    }

    /// Writes other numbers of pixels (less than 256) into the header of an MP4 or MKV of 160x120.
    private func claim(_ width: UInt8, _ height: UInt8, in path: String) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        if let table = data.range(of: Data("stsd".utf8))?.upperBound {
            let place = try #require(data.range(of: Data("vp09".utf8), in: table..<data.count)?.upperBound) + 24
            data.replaceSubrange(place..<place + 4, with: [0, width, 0, height])
        } else {
            // PixelWidth and PixelHeight, which come before the sizes of the display.
            for (id, old, new) in [(0xB0, 160, width), (0xBA, 120, height)] as [(UInt8, UInt8, UInt8)] {
                let place = try #require(data.range(of: Data([id, 0x81, old])))
                data.replaceSubrange(place, with: [id, 0x81, new])
            }
        }
        try data.write(to: URL(fileURLWithPath: path))
    }

    @Test(
        "The decoder has the say about the size, the container about the shape",
        arguments: [("mp4", "libvpx-vp9"), ("mkv", "libvpx"), ("mkv", "libx264")])
    func containerSize(container: String, encoder: String) throws {
        let path = try clip("source.\(container)", "-c:v", encoder, "-aspect", "16:9")
        try claim(240, 176, in: path)
        let probed = try vtx("probe", "--json", path)
        #expect(probed.output.contains("\"size\":{\"height\":120,\"width\":160}"), "\(probed.output)")
        let output = folder.file("out.mp4")
        try transcode(path, to: output)
        let made = try #require(try Oracle.describe(output).video.first)
        #expect(made.width.map { (212...214).contains($0) } == true && made.height == 120, "\(made)")
        #expect(try Oracle.psnr(output, "setsar=1", against: path, "scale=\(made.width ?? 0):120,setsar=1") > 25)
    }

    /// A white square on black, made of square pixels first and of pixels of 4:3 then.
    private func shapes(_ codec: String) throws -> String {
        let parts = try [(60, "1/1"), (45, "4/3")].enumerated().map { index, part in
            let path = folder.file("\(index).ts")
            try Oracle.ffmpeg([
                "-f", "lavfi", "-i",
                "color=black:s=160x120:r=25:d=1,drawbox=x=(iw-\(part.0))/2:y=30:w=\(part.0):h=60:color=white:t=fill,setsar=\(part.1)",
                "-c:v", codec, "-g", "25", path,
            ])
            return path
        }
        let path = folder.file("shapes.ts")
        let list = try folder.write(parts.map { "file '\($0)'\n" }.joined(), to: "list.txt")
        try Oracle.ffmpeg(["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", path])
        return path
    }

    /// Columns of the white square over its rows, at a time in seconds.
    private func ratio(_ path: String, at time: Double) throws -> Double {
        func share(_ crop: String) throws -> Double {
            let found = try Oracle.brightness(path, crop: crop)
            return try #require(found.min { abs($0.time - found[0].time - time) < abs($1.time - found[0].time - time) })
                .value - 16
        }
        // Both strips are black but for the square.
        return try share("160:2:0:59") * 160 / (try share("2:120:79:0") * 120)
    }

    @Test("Pixels that change their shape midway are scaled to one", arguments: ["libx264", "mpeg2video"])
    func pixelShape(codec: String) throws {
        let source = try shapes(codec)
        let output = folder.file("out.mp4")
        let result = try transcode(source, to: output)
        #expect(result.errors.contains("changes its frame size, pixel shape or format once"), "\(result.errors)")
        let ladder = try vtx(
            "ladder", source, "-o", folder.file("l"), "--speed", "ultrafast", "--no-thumbnails", "--segment", "1",
            "--gop", "1")
        #expect(ladder.status == 0, "\(ladder.summary)")
        #expect(ladder.errors.contains("pixel shape"), "\(ladder.errors)")
        for path in [output, folder.file("l/120p/index.m3u8")] {
            for time in [0.5, 1.5] { #expect(near(try ratio(path, at: time), 1, 0.06), "\(path) at \(time) s") }
        }
    }

    @Test(
        "A size that changes midway makes no frames in containers without timestamps", arguments: ["avi", "mp4", "mkv"])
    func sizeChange(container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("resized.ts"), to: output)
        let frames = try Oracle.frameTimes(fixture("resized.ts")).count
        #expect(try Oracle.frameTimes(output).count == frames)
    }
}
