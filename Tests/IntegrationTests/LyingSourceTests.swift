// Sources that are not what they say, or change midway: each row of the table in docs/robustness.md.

import Foundation
import Testing

@Suite("sources that lie", .needsOracle, .timeLimit(.minutes(60)))
struct LyingSourceTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private static let codecs = [
        "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a",
        "48k", "-threads", "1",
    ]

    /// Black with a white frame and a beep at each full second but 0; different grey for each `part`.
    private func recording(
        _ name: String, part: Int = 0, seconds: Double = 3, codecs: [String] = Self.codecs, _ options: [String] = []
    ) throws -> String {
        let grey = String(format: "0x%02x%02x%02x", 16 * part, 16 * part, 16 * part)
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i",
                "color=\(grey):size=160x120:rate=25:duration=\(seconds),"
                    + "drawbox=color=white:t=fill:enable='gte(n,25)*eq(mod(n,25),0)'",
                "-f", "lavfi", "-i",
                "aevalsrc='0.5*sin(2000*PI*t)*lt(mod(t,1),0.04)*gte(t,0.9)':sample_rate=48000:duration=\(seconds)",
            ] + codecs + options + [folder.file(name)])
        return folder.file(name)
    }

    private func join(_ names: [String], to name: String) throws -> String {
        var all = Data()
        for name in names { all += try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) }
        try all.write(to: URL(fileURLWithPath: folder.file(name)))
        return folder.file(name)
    }

    private func ladder(_ input: String, to name: String, _ options: [String] = []) throws -> ProgramResult {
        try startVTX(["ladder", input, "-o", folder.file(name), "--speed", "ultrafast"] + options).wait(within: 100)
    }

    /// Flash and beep fall together, and there are as many as there should be.
    private func checkFlashes(
        _ picture: String, _ audio: String, count: Int, location: SourceLocation = #_sourceLocation
    ) throws {
        let flashes = try Oracle.brightness(picture).filter { $0.value > 128 }.map(\.time)
        let beeps = try Oracle.beeps(audio)
        #expect(flashes.count == count && beeps.count >= count, "\(flashes) \(beeps)", sourceLocation: location)
        for (flash, beep) in zip(flashes, beeps) {
            #expect(near(flash, beep, 0.045), "\(flash) and \(beep)", sourceLocation: location)
        }
    }

    // MARK: Clocks that jump

    static let jumps: [(name: String, suffix: String, offset: Double, words: String)] = [
        ("starts again", "ts", 0, "jumps back by 0:00:03"), ("an hour ahead", "ts", 3600, "jumps ahead by 0:59:5"),
        ("overlaps", "ts", 1, "jumps back by 0:00:02"), ("starts again", "mpg", 0, "jumps back by 0:00:03"),
        ("starts again", "mkv", 0, "jumps back by 0:00:02"),
    ]

    @Test("A clock that jumps is set right in transcode and ladder, and said", arguments: jumps)
    func clockJumps(name: String, suffix: String, offset: Double, words: String) throws {
        let codecs = suffix == "mpg" ? ["-c:v", "mpeg2video", "-q:v", "4", "-g", "12", "-c:a", "mp2"] : Self.codecs
        _ = try recording("1.\(suffix)", part: 1, codecs: codecs)
        _ = try recording("2.\(suffix)", part: 2, codecs: codecs, ["-output_ts_offset", "\(offset)"])
        let source = try join(["1.\(suffix)", "2.\(suffix)"], to: "source.\(suffix)")

        let made = try transcode(source, to: folder.file("out.mp4"))
        #expect(made.errors.contains(words), "\(made.errors)")
        try checkFlashes(folder.file("out.mp4"), folder.file("out.mp4"), count: 4)
        let times = try Oracle.frameTimes(folder.file("out.mp4"))
        #expect(times.count == 150)
        #expect(near(times.last ?? 0, 5.96, 0.1), "\(times.last ?? 0)")

        let options = ["--segment", "2", "--chunk", "2"]
        let straight = try ladder(source, to: "one", options)
        #expect(straight.status == 0 && straight.errors.contains(words), "\(straight.summary)")
        let package = try HLSPackage(folder.file("one"))
        let picture = try package.pictures()[0].join(to: folder.file("picture"))
        try checkFlashes(picture, try package.audioRenditions()[0].join(to: folder.file("audio")), count: 4)
        // Passes that enter midway see the same times, or do not enter midway.
        #expect(try ladder(source, to: "two", options + ["--jobs", "2"]).status == 0)
        let difference = try Program.run("diff", ["-r", folder.file("one"), folder.file("two")])
        #expect(difference.output == "")
    }

    @Test("A cut behind a jump begins where a straight reading is", arguments: [0, 3600])
    func cutBehindJump(offset: Double) throws {
        _ = try recording("1.ts", part: 1)
        _ = try recording("2.ts", part: 2, ["-output_ts_offset", "\(offset)"])
        let source = try join(["1.ts", "2.ts"], to: "source.ts")
        try transcode(source, to: folder.file("out.mp4"), "--start", "4.5", "--duration", "1")
        let frames = try Oracle.brightness(folder.file("out.mp4"))
        #expect(frames.count == 25)
        // Of the second part, with its flash at 2 s.
        #expect(frames.filter { $0.value > 128 }.map(\.time).allSatisfy { near($0, 0.5, 0.03) }, "\(frames)")
        #expect(frames.filter { $0.value < 128 }.allSatisfy { near($0.value, 43, 4) }, "\(frames)")
    }

    @Test("A clock that jumps cannot be packaged without encoding")
    func packageJump() throws {
        _ = try recording("1.ts")
        let source = try join(["1.ts", "1.ts"], to: "source.ts")
        let result = try vtx("package", source, "-o", folder.file("out"))
        #expect(result.status == 65 && result.errors.contains("jumps at"), "\(result.summary)")
        #expect(!folder.names.contains("out"))
    }

    // MARK: What is repaired, and refused with --strict

    /// A copy with bytes of `path` replaced.
    private func damage(_ path: String, to name: String, _ change: (inout Data) throws -> Void) throws -> String {
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        try change(&data)
        try data.write(to: URL(fileURLWithPath: folder.file(name)))
        return folder.file(name)
    }

    /// Transcode and ladder both take `source` and say `words`; with `--strict` both refuse it, and nothing is left.
    private func checkRepair(
        _ source: String, _ words: String, seconds: Double, location: SourceLocation = #_sourceLocation
    ) throws {
        let made = try transcode(source, to: folder.file("out.mp4"), location: location)
        #expect(made.errors.contains(words), "\(made.errors)", sourceLocation: location)
        #expect(near(try Oracle.describe(folder.file("out.mp4")).duration, seconds, 0.15), sourceLocation: location)
        let package = try ladder(source, to: "package")
        #expect(package.status == 0 && package.errors.contains(words), "\(package.summary)", sourceLocation: location)
        let length = try HLSPackage(folder.file("package")).pictures()[0].duration
        #expect(near(length, seconds, 0.15), "\(length)", sourceLocation: location)
        for command in [
            ["transcode", source, "-o", folder.file("s.mp4")], ["ladder", source, "-o", folder.file("s")],
        ] {
            let refused = try startVTX(command + ["--speed", "ultrafast", "--strict"]).wait(within: 100)
            #expect(refused.status == 65, "\(refused.summary)", sourceLocation: location)
            #expect(refused.errors.contains("--strict accepts no repair"), sourceLocation: location)
            #expect(
                !folder.names.contains { ($0.hasPrefix("s") && !$0.hasPrefix("source")) || $0.hasPrefix(".") },
                sourceLocation: location)
        }
    }

    @Test("A audio source is taken with --strict")
    func strict() throws {
        let source = try recording("source.mp4")
        try transcode(source, to: folder.file("out.mp4"), "--strict")
        #expect(try ladder(source, to: "package", ["--strict"]).status == 0)
        #expect(try vtx("package", source, "-o", folder.file("same"), "--strict").status == 0)
    }

    @Test("Damaged packets in the middle are said")
    func corrupt() throws {
        let source = try damage(try recording("whole.ts"), to: "source.ts") { data in
            for place in stride(from: data.count / 2, to: data.count / 2 + 400, by: 100) {
                data.replaceSubrange(place..<place + 20, with: Data(repeating: 0x55, count: 20))
            }
        }
        try checkRepair(source, "packets are damaged", seconds: 3)
    }

    @Test("Frames with the same time are moved apart")
    func duplicateTimes() throws {
        let source = folder.file("source.mkv")
        let times = "setts=ts='if(eq(mod(N,10),5),PREV_OUTDTS,DTS)'"
        _ = try recording("whole.mp4", ["-bf", "0"])
        try Oracle.ffmpeg(["-i", folder.file("whole.mp4"), "-c", "copy", "-bsf:v", times, source])
        try checkRepair(source, "times did not rise", seconds: 3)
        #expect(try Oracle.frameTimes(folder.file("out.mp4")).count == 75)
    }

    @Test("A picture whose last frames are shown before others ends where the latest one does")
    func timesBack() throws {
        let source = folder.file("back.mkv")
        let times = "if(eq(N\\,40)\\,2600\\,if(gt(N\\,40)\\,1700+N\\,N*1000/24))"
        let made = try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=160x120:r=24:d=4", "-f", "lavfi", "-i", "sine=d=1.5", "-c:v", "mjpeg",
            "-enc_time_base", "1/1000", "-bsf:v", "setts=dts=N:pts=\(times):duration=41", "-c:a", "pcm_s16le", source,
        ])
        try #require(made.status == 0, "\(made.summary)")
        let result = try ladder(source, to: "package")
        #expect(result.status == 0, "\(result.summary)")
        let package = try HLSPackage(folder.file("package"))
        for playlist in try package.pictures() + package.audioRenditions() {
            #expect(near(playlist.durations.reduce(0, +), 2.65, 0.06), "\(playlist.durations)")
        }
    }

    @Test("A frame that MPEG-TS wants shown a day after it is decoded is shown in its turn")
    func damagedTime() throws {
        let source = folder.file("source.ts")
        _ = try recording("whole.ts", ["-bf", "0"])
        let time = "setts=pts='if(eq(N,3),PTS+8000000000,PTS)':dts=DTS"
        try Oracle.ffmpeg(["-i", folder.file("whole.ts"), "-c", "copy", "-bsf:v", time, source])
        try transcode(source, to: folder.file("out.mp4"))
        #expect(near(try Oracle.describe(folder.file("out.mp4")).duration, 3, 0.15))
        #expect(try Oracle.frameTimes(folder.file("out.mp4")).count == 75)
        let package = try ladder(source, to: "package")
        #expect(package.status == 0, "\(package.summary)")
        #expect(near(try HLSPackage(folder.file("package")).pictures()[0].duration, 3, 0.15))
    }

    @Test("Frames without times, as in AVI, come at the times of decoding", arguments: ["0", "2"])
    func missingTimes(between: String) throws {
        let source = try recording("source.avi", ["-bf", between, "-an"])
        try transcode(source, to: folder.file("out.mp4"))
        let found = try Oracle.frameTimes(folder.file("out.mp4"))
        #expect(found.count == 75)
        for (index, time) in found.enumerated() { #expect(near(time - found[0], 0.04 * Double(index), 0.002)) }
    }

    @Test("A gap in the audio is filled with silence")
    func soundGap() throws {
        let source = try recording("source.mkv", seconds: 5, ["-af", "aselect='not(between(t,2.2,2.8))'"])
        try checkRepair(source, "filled with silence", seconds: 5)
        try checkFlashes(folder.file("out.mp4"), folder.file("out.mp4"), count: 4)
    }

    @Test("Audio that changes its rate and layout is converted to one format")
    func soundChange() throws {
        _ = try recording("1.ts", ["-ac", "2"])
        _ = try recording("2.ts", ["-ac", "1", "-ar", "32000", "-output_ts_offset", "3"])
        try checkRepair(try join(["1.ts", "2.ts"], to: "source.ts"), "changes its rate, layout or format", seconds: 6)
    }

    @Test("A picture that changes its size or pixel format is fitted into one", arguments: ["size", "format"])
    func pictureChange(what: String) throws {
        _ = try recording("1.ts", ["-output_ts_offset", "0"])
        let other = what == "size" ? ["-s", "240x136"] : ["-pix_fmt", "yuv444p"]
        _ = try recording("2.ts", other + ["-output_ts_offset", "3"])
        try checkRepair(try join(["1.ts", "2.ts"], to: "source.ts"), "frame size, pixel shape or format", seconds: 6)
    }

    @Test("A file that is longer than its header says is taken whole")
    func shortHeader() throws {
        let source = try damage(try recording("whole.mkv"), to: "source.mkv") { data in
            // Duration, a float of 8 bytes in milliseconds.
            let place = try #require(data.range(of: Data([0x44, 0x89, 0x88]))?.upperBound)
            data.replaceSubrange(place..<place + 8, with: Self.bigEndian(1000.0.bitPattern))
        }
        try checkRepair(source, "though its header says 0:00:01.000", seconds: 3)
    }

    private static func bigEndian<T: FixedWidthInteger>(_ value: T) -> Data {
        withUnsafeBytes(of: value.bigEndian) { Data($0) }
    }

    @Test("Durations that are no numbers count as unknown", arguments: [Double.nan, .infinity, -5, 1e300])
    func absurdDuration(value: Double) throws {
        let source = try damage(try recording("whole.mkv"), to: "source.mkv") { data in
            let place = try #require(data.range(of: Data([0x44, 0x89, 0x88]))?.upperBound)
            data.replaceSubrange(place..<place + 8, with: Self.bigEndian(value.bitPattern))
        }
        try transcode(source, to: folder.file("out.mp4"), "--strict")
        #expect(near(try Oracle.describe(folder.file("out.mp4")).duration, 3, 0.1))
    }

    @Test("A header that promises more is a truncated file, for package too")
    func longHeader() throws {
        let source = try damage(try recording("whole.mkv"), to: "source.mkv") { data in
            let place = try #require(data.range(of: Data([0x44, 0x89, 0x88]))?.upperBound)
            data.replaceSubrange(place..<place + 8, with: Self.bigEndian(3_600_000.0.bitPattern))
        }
        for command in ["transcode", "ladder", "package"] {
            let output = folder.file(command == "transcode" ? "out.mp4" : "out")
            let result = try vtx(command, source, "-o", output)
            #expect(result.status == 65 && result.errors.contains("truncated"), "\(result.summary)")
        }
    }

    @Test("Audio that ends early is filled up in a package", arguments: ["audio", "picture"])
    func earlyEnd(what: String) throws {
        let source = try recording(
            "source.mp4", ["-t", "3"] + (what == "audio" ? ["-af", "atrim=end=1"] : ["-vf", "trim=end=1"]))
        #expect(try ladder(source, to: "package", ["--strict"]).status == 0)
        let package = try HLSPackage(folder.file("package"))
        let lengths = try (package.pictures() + package.audioRenditions()).map(\.duration)
        #expect(lengths.allSatisfy { near($0, 3, 0.1) }, "\(lengths)")
    }

    @Test("A stream that comes only midway is left out, and said")
    func lateStream() throws {
        _ = try recording("1.ts", seconds: 8, ["-an"])
        _ = try recording("2.ts", ["-output_ts_offset", "8"])
        let source = try join(["1.ts", "2.ts"], to: "source.ts")
        let result = try transcode(source, to: folder.file("out.mp4"))
        #expect(
            result.errors.contains("it has no data where the file begins") || result.errors.contains("appear midway"))
        #expect(near(try Oracle.describe(folder.file("out.mp4")).duration, 11, 0.2))
    }

    // MARK: Absurd numbers, and limits

    @Test("Rates that cannot be are refused", arguments: [(1, 1_000_000), (1_000_000, 1)] as [(UInt32, UInt32)])
    func absurdFrameRate(scale: UInt32, rate: UInt32) throws {
        let source = try damage(try recording("whole.avi", ["-an"]), to: "source.avi") { data in
            let place = try #require(data.range(of: Data("strh".utf8))?.upperBound) + 4 + 20
            data.replaceSubrange(place..<place + 8, with: [scale, rate].flatMap { Self.bigEndian($0.byteSwapped) })
        }
        for command in ["transcode", "ladder"] {
            let result = try vtx(command, source, "-o", folder.file(command == "ladder" ? "out" : "out.mp4"))
            #expect(result.status == 65 && result.errors.contains("frames a second"), "\(result.summary)")
        }
    }

    @Test("Sample rates that cannot be are refused", arguments: [0, 1, 4_000_000, .max] as [UInt32])
    func absurdSampleRate(rate: UInt32) throws {
        let source = try damage(fixture("mono8k.wav"), to: "source.wav") { data in
            data.replaceSubrange(24..<28, with: Self.bigEndian(rate.byteSwapped))
        }
        for command in ["transcode", "ladder"] {
            let result = try vtx(command, source, "-o", folder.file(command == "ladder" ? "out" : "out.m4a"))
            #expect(result.status == 65, "\(result.summary)")
        }
    }

    @Test("A header's frame size gives way to what is decoded", arguments: [0, 1, 65_535] as [UInt16])
    func absurdSize(side: UInt16) throws {
        let source = try damage(try recording("whole.mp4"), to: "source.mp4") { data in
            let table = try #require(data.range(of: Data("stsd".utf8))?.upperBound)
            let place = try #require(data.range(of: Data("avc1".utf8), in: table..<data.count)?.upperBound) + 24
            data.replaceSubrange(place..<place + 4, with: Self.bigEndian(side) + Self.bigEndian(side))
        }
        try transcode(source, to: folder.file("out.mp4"))
        #expect(try Oracle.describe(folder.file("out.mp4")).video.first?.width == 160)
    }

    @Test("A picture above --max-pixels is refused, at the beginning and midway", arguments: [10_000, 25_000])
    func pixels(most: Int) throws {
        for command in ["transcode", "ladder"] {
            let output = folder.file(command == "transcode" ? "out.mp4" : "out")
            let result = try vtx(command, fixture("resized.ts"), "-o", output, "--max-pixels", "\(most)")
            #expect(result.status == 65, "\(result.summary)")
            #expect(result.errors.contains("--max-pixels"), "\(result.errors)")
        }
        #expect(folder.names.isEmpty)
        try transcode(fixture("resized.ts"), to: folder.file("out.mp4"), "--max-pixels", "40000")
    }

    @Test("More than --max-duration is refused, whether the header says so or only the packets do")
    func duration() throws {
        let source = try recording("source.mp4")
        let untold = fixture("no_duration.mkv")
        for (source, most, words) in [(source, "2", "says that it lasts"), (untold, "1", "no_duration.mkv")] {
            for command in ["transcode", "ladder"] {
                let output = folder.file(command == "transcode" ? "out.mp4" : "out")
                let result = try vtx(command, source, "-o", output, "--max-duration", most)
                #expect(result.status == 65 && result.errors.contains(words), "\(result.summary)")
                #expect(result.errors.contains("--max-duration is"))
            }
        }
        #expect(try vtx("package", source, "-o", folder.file("out"), "--max-duration", "2").status == 65)
        #expect(folder.names == ["source.mp4"])
        try transcode(source, to: folder.file("out.mp4"), "--max-duration", "2", "--duration", "1.5")
    }

    @Test("A job that holds more than --max-memory ends with 74")
    func memory() throws {
        for command in ["transcode", "ladder"] {
            let output = folder.file(command == "transcode" ? "out.mp4" : "out")
            let result = try vtx(command, fixture("clip.mkv"), "-o", output, "--max-memory", "32M")
            #expect(result.status == 74 && result.errors.contains("--max-memory is"), "\(result.summary)")
            #expect(!folder.names.contains { !$0.hasPrefix(".") })
        }
        try transcode(fixture("clip.mkv"), to: folder.file("out.mp4"), "--max-memory", "2G")
    }

    @Test(
        "Limits that make no sense are usage errors",
        arguments: [
            ["--max-pixels", "0"], ["--max-memory", "1K"], ["--max-memory", "lots"], ["--max-duration", "0"],
        ])
    func nonsense(options: [String]) throws {
        let result = try startVTX(["transcode", fixture("silent.mp4"), "-o", folder.file("out.mp4")] + options)
            .wait(within: 30)
        #expect(result.status == 64, "\(result.summary)")
    }
}
