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

    @Test("What is asked of a kind of stream that the source does not have is reported as left out")
    func withoutEffect() throws {
        let plan = try vtx(
            "transcode", fixture("hdr.mp4"), "-o", folder.file("out.mp4"), "--volume", "2", "--channels", "mono",
            "--dry-run")
        #expect(plan.status == 0 && plan.output.contains("left out"), "\(plan.summary)")
        #expect(plan.output.contains("--volume") && plan.output.contains("the source has no audio"), "\(plan.summary)")
    }

    @Test("What stands in a bar between keyframes keeps the bar")
    func textInBar() throws {
        let input = folder.file("in.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=320x136:r=25:d=24", "-vf",
            "pad=320:180:0:22,drawbox=100:160:120:16:white:fill:enable='between(t,10.3,11.7)'", "-c:v", "libx264",
            "-preset",
            "ultrafast", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-force_key_frames", "0", input,
        ])
        let plan = try vtx("transcode", input, "-o", folder.file("out.mp4"), "--crop", "auto", "--dry-run")
        #expect(plan.output.contains("cropped from 320x180 to 320x158, at 0:22"), "\(plan.summary)")
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

    @Test(
        "Named filters do what ffmpeg's do",
        arguments: [
            (["--rotate", "90"], "transpose=clock"),
            (["--rotate", "270", "--flip", "vertical"], "transpose=cclock,vflip"),
            (["--flip", "horizontal"], "hflip"), (["--denoise", "strong"], "hqdn3d=7:7:5:5"), (["--deband"], "deband"),
            (["--sharpen", "strong"], "cas=strength=0.9:planes=1"),
            (["--fade", "0.2:0.4"], "fade=t=in:st=0:d=0.2,fade=t=out:st=0.6:d=0.4"),
        ])
    func named(options: [String], filter: String) throws {
        let input = try source("in.mp4", "noise=alls=12:allf=t")
        let output = folder.file("out.mkv")
        let result = try startVTX(["transcode", input, "-o", output, "--video", "ffv1", "--json"] + options).wait(
            within: 60)
        #expect(result.status == 0, "\(result.summary)")
        #expect(try Oracle.psnr(output, against: input, filter) > 60)
        let video = try Oracle.describe(output).video[0]
        #expect(try Oracle.psnr(output, against: input, "scale=\(video.width!):\(video.height!)") < 50)
    }

    @Test("A chain in libavfilter's words does what it does in ffmpeg, or is refused before the job begins")
    func chains() throws {
        let input = try source("in.mp4", "null")
        let output = folder.file("out.mkv")
        let result = try startVTX([
            "transcode", input, "-o", output, "--video", "ffv1", "--filter",
            "negate,split[a][b];[a]hflip[c];[c][b]blend",
            "--audio-filter", "volume=0.5", "--json",
        ]).wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        #expect(try Oracle.psnr(output, against: input, "negate,split[a][b];[a]hflip[c];[c][b]blend") > 60)
        #expect(near(try Oracle.level(output) - Oracle.level(input), -6, 0.3))
        for (chain, words) in [
            ("scale=100:100", "100x100"), ("eq=contrast=banana", "libavfilter does not take"),
            ("hflip[a", "libavfilter"),
            ("framerate=50", "--fps"), ("nosuch", "vtx filters"),
        ] {
            let refused = try vtx("transcode", input, "-o", folder.file("no.mp4"), "--filter", chain)
            #expect([64, 69].contains(refused.status) && refused.errors.contains(words), "\(refused.summary)")
        }
        #expect(!folder.names.contains("no.mp4"))
    }

    @Test("Volume and fades of audio are what they say")
    func volume() throws {
        let input = try source("in.mp4", "null")
        let level = try Oracle.level(input)
        for (options, change) in [(["--volume", "-6dB"], -6.0), (["--volume", "2"], 6), (["--volume", "+3dB"], 3)] {
            let output = folder.file("out.wav")
            let result = try startVTX(["transcode", input, "-o", output, "--overwrite"] + options).wait(within: 60)
            #expect(result.status == 0, "\(result.summary)")
            #expect(near(try Oracle.level(output) - level, change, 0.2))
        }
        let output = folder.file("faded.wav")
        let result = try startVTX(["transcode", input, "-o", output, "--fade", "0.4:0.4"]).wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        for part in ["atrim=0:0.05", "atrim=0.97:1"] {
            #expect(try Oracle.level(output, filter: part) < level - 15, "\(part)")
        }
        #expect(near(try Oracle.level(output, filter: "atrim=0.45:0.55"), level, 0.5))
    }

    @Test("A ladder has the filters too, the same however its passes are divided")
    func filteredLadder() throws {
        let input = folder.file("in.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4", "-f", "lavfi", "-i",
            "sine=frequency=440:duration=4", "-vf", "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "25", "-pix_fmt", "yuv420p", input,
        ])
        var bytes: [Data] = []
        for jobs in ["1", "2"] {
            let package = folder.file("package\(jobs)")
            let result = try startVTX([
                "ladder", input, "-o", package, "--jobs", jobs, "--chunk", "1", "--segment", "1", "--gop", "1",
                "--single-file", "--no-thumbnails", "--speed", "ultrafast", "--rotate", "180", "--denoise", "medium",
                "--fade", "1:1", "--volume", "-3dB", "--json",
            ]).wait(within: 100)
            #expect(result.status == 0, "\(result.summary)")
            let names = try #require(FileManager.default.enumerator(atPath: package)).compactMap { $0 as? String }
            bytes.append(
                try names.filter { $0.hasSuffix(".mp4") || $0.hasSuffix(".m4s") }.sorted()
                    .reduce(into: Data()) { $0 += try Data(contentsOf: URL(fileURLWithPath: package + "/" + $1)) })
        }
        #expect(bytes[0].count > 1000 && bytes[0] == bytes[1])
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

extension FilterTests {
    /// How often the signal of a file's audio crosses zero, per second.
    private func crossings(_ path: String) throws -> Double {
        let report = try Oracle.ffmpeg(
            ["-i", path, "-map", "0:a:0", "-af", "astats=measure_perchannel=Zero_crossings_rate", "-f", "null", "-"],
            level: "info"
        ).errors
        let rate = report.split(separator: "\n").first { $0.contains("Zero crossings rate:") }?
            .split(separator: " ").last
        return (rate.flatMap { Double($0) } ?? 0) * 48_000
    }

    @Test("Output that is faster or slower is as long as it should be, and in tune", arguments: [2.0, 0.5, 3])
    func speed(speed: Double) throws {
        let input = folder.file("in.mkv")
        let subtitles = try folder.write(
            "1\n00:00:00,400 --> 00:00:00,800\nOne\n\n2\n00:00:01,200 --> 00:00:01,600\nTwo\n", to: "in.srt")
        let chapters = try folder.write(
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=First\n"
                + "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Second\n", to: "in.txt")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=2", "-f", "lavfi", "-i",
            "sine=frequency=440:sample_rate=48000:duration=2", "-i", subtitles, "-i", chapters, "-map", "0", "-map",
            "1",
            "-map", "2", "-map_metadata", "3", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a",
            "flac", "-c:s", "srt", input,
        ])
        for name in ["out.mp4", "out.mkv"] {
            let output = folder.file(name)
            let result = try transcode(input, to: output, "--speed-up", "\(speed)", "--json")
            let file = try Oracle.describe(output)
            #expect(near(file.duration, 2 / speed, 0.09), "\(file.duration) \(result.errors)")
            let frames = try Oracle.frameTimes(output)
            #expect(near(Double(frames.count), speed > 1 ? 50 / speed : 50, 1.1), "\(frames.count)")
            #expect(near(try crossings(output), 880, 120))
            #expect(near(file.chapters[1].start, 1 / speed, 0.01))
            // Matroska moves all tracks by what AAC's encoder puts in front.
            guard name == "out.mp4" else { continue }
            let text = folder.file("\(name).srt")
            try Oracle.ffmpeg(["-i", output, "-map", "0:s:0", text])
            let start = String(format: "%.3f", 1.2 / speed).replacingOccurrences(of: ".", with: ",")
            let end = String(format: "%.3f", 1.6 / speed).replacingOccurrences(of: ".", with: ",")
            let cues = try String(contentsOfFile: text, encoding: .utf8)
            #expect(cues.contains("00:00:0\(start) --> 00:00:0\(end)"), "\(cues)")
        }
        // The frame in the middle is the one of the source's middle.
        let output = folder.file("out.mkv")
        let count = try Oracle.frameTimes(output).count
        #expect(
            try Oracle.psnr(output, frame: count / 2, against: input, frame: speed == 2 ? 24 : 25) > 28 || speed == 3)
    }

    @Test("A piece of the source is as long as its speed makes it")
    func spedUpPiece() throws {
        let output = folder.file("out.mp4")
        let result = try transcode(
            fixture("clip.mkv"), to: output, "--speed-up", "2", "--start", "0.4", "--end", "1.6", "--loudness", "-20")
        #expect(near(try Oracle.describe(output).duration, 0.6, 0.09), "\(result.errors)")
        #expect(result.errors.contains("played at 2 times the speed"))
    }
}

extension FilterTests {
    /// A ring with a soft edge on transparent ground.
    private func logo(_ name: String) throws -> String {
        let path = folder.file(name)
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "nullsrc=size=80x40:duration=0.04", "-frames:v", "1", "-vf",
            "format=rgba,geq=r=255:g='X*3':b=0:a='255-abs(X-40)*6'", path,
        ])
        return path
    }

    @Test(
        "An image lies over the video as ffmpeg lays it, with its transparency", arguments: [("1", 1.0), ("0.5", 0.5)])
    func overlay(opacity: String, value: Double) throws {
        let input = try source("in.mp4", "null")
        let image = try logo("it's a logo: 50.png")
        let output = folder.file("out.mkv")
        let result = try startVTX([
            "transcode", input, "-o", output, "--video", "ffv1", "--overlay", "\(image):top-right:25%:\(opacity)",
        ]).wait(within: 60)
        #expect(result.status == 0 && result.errors.contains("overlaid with an image"), "\(result.summary)")
        let expected = folder.file("expected.mkv")
        try Oracle.ffmpeg([
            "-i", input, "-i", image, "-filter_complex",
            "[1]colorchannelmixer=aa=\(opacity),scale=out_color_matrix=smpte170m:out_range=limited,format=yuva444p[o];"
                + "[0][o]overlay=x=W-w-4:y=4:format=auto", "-c:v", "ffv1", expected,
        ])
        #expect(try Oracle.psnr(output, against: expected) > 50)
        #expect(try Oracle.psnr(output, against: input) < 40)
    }

    @Test("All chunks and rungs of a ladder have the image")
    func overlaidLadder() throws {
        let input = folder.file("in.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "25", "-pix_fmt", "yuv420p", input,
        ])
        let image = try logo("logo.png")
        var bytes: [Data] = []
        for (jobs, chunk) in [("1", "1"), ("2", "1")] {
            let package = folder.file("package\(jobs)")
            let result = try startVTX([
                "ladder", input, "-o", package, "--jobs", jobs, "--chunk", chunk, "--segment", "1", "--gop", "1",
                "--single-file", "--no-thumbnails", "--speed", "ultrafast", "--overlay", "\(image):center:50%",
            ]).wait(within: 100)
            #expect(result.status == 0, "\(result.summary)")
            let names = try #require(FileManager.default.enumerator(atPath: package)).compactMap { $0 as? String }
            bytes.append(
                try names.filter { $0.hasSuffix(".mp4") || $0.hasSuffix(".m4s") }.sorted()
                    .reduce(into: Data()) { $0 += try Data(contentsOf: URL(fileURLWithPath: package + "/" + $1)) })
        }
        #expect(bytes[0].count > 1000 && bytes[0] == bytes[1])
        let plain = try Oracle.brightness(input, crop: "20:16:70:37").map(\.value)
        let shown = try Oracle.brightness(folder.file("package1/master.m3u8"), crop: "20:16:70:37").map(\.value)
        #expect(plain.count == shown.count)
        // The image's brightness is that of some frames below it.
        let changed = zip(plain, shown).count { abs($0 - $1) > 3 }
        #expect(changed > plain.count * 3 / 4, "\(changed) of \(plain.count)")
    }

    @Test("What is no image is refused before anything is written")
    func noOverlay() throws {
        let text = try folder.write("no image", to: "logo.png")
        for (file, status, words) in [
            (text, 64, "not a PNG"), (folder.file("missing.png"), 66, "missing.png"),
            (fixture("clip.mkv"), 64, "not a PNG"),
        ] as [(String, Int32, String)] {
            let result = try startVTX([
                "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--overlay", file,
            ]).wait(within: 60)
            #expect(result.status == status && result.errors.contains(words), "\(result.summary)")
        }
        #expect(folder.names == ["logo.png"])
    }
}
