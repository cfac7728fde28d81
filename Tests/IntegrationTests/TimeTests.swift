// Time: variable rates, late starts, and cuts exact to the frame.

import Foundation
import Testing

@Suite("time", .needsOracle, .timeLimit(.minutes(60)))
struct TimeTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test("Packets that hold several frames have a time for the first of them", arguments: ["wav", "avi"])
    func severalFrames(container: String) throws {
        let source = folder.file("source.\(container)")
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "sine=r=44100:d=1", "-c:a", "adpcm_ima_wav", source])
        let result = try transcode(source, to: folder.file("out.m4a"), "--strict")
        #expect(!result.errors.contains("without a time"), "\(result.errors)")
    }

    // MARK: Frame rate

    @Test(
        "Variable frame rate is kept with its timestamps",
        arguments: [
            ("mp4", "h264"), ("mkv", "h264"), ("webm", "vp9"), ("mov", "hevc"),
        ])
    func variable(container: String, codec: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("vfr.mp4"), to: output, "--video", codec)
        let (before, after) = (try Oracle.frameTimes(fixture("vfr.mp4")), try Oracle.frameTimes(output))
        try #require(before.count == after.count)
        for (old, new) in zip(before, after) {
            #expect(near(new - after[0], old - before[0], 0.00101), "\(old) became \(new)")
        }
    }

    @Test(
        "--fps makes the rate constant and keeps the length",
        arguments: [
            ("vfr.mp4", "25", 25.0), ("vfr.mp4", "29.97", 30000.0 / 1001), ("silent.mp4", "50", 50.0),
            ("silent.mp4", "12.5", 12.5),
            ("silent.mp4", "25", 25.0),
        ])
    func constant(source: String, rate: String, value: Double) throws {
        let output = folder.file("out.mp4")
        try transcode(fixture(source), to: output, "--fps", rate)
        let times = try Oracle.frameTimes(output)
        let expected = folder.file("expected.mkv")
        try Oracle.ffmpeg([
            "-i", fixture(source), "-an", "-vf", "fps=\(value)", "-c:v", "mpeg2video", expected,
        ])
        let frames = try Oracle.frameTimes(expected).count
        #expect(
            abs(times.count - frames) <= (source == "vfr.mp4" ? 1 : 0),
            "\(times.count) frames, not \(frames)")
        for (index, time) in times.enumerated() {
            #expect(near(time - times[0], Double(index) / value, 0.0005), "frame \(index) at \(time)")
        }
    }

    @Test("A container without timestamps gets a constant rate, and that is said")
    func avi() throws {
        let output = folder.file("out.avi")
        let result = try transcode(fixture("vfr.mp4"), to: output)
        #expect(result.errors.contains("AVI stores no timestamps"))
        let file = try Oracle.describe(output)
        #expect(near(file.duration, 3, 0.15), "\(file.duration)")
        #expect(try Oracle.frameTimes(output).count > 55)
    }

    @Test(
        "A constant rate stays exactly constant through a container that rounds",
        arguments: [("clip.mkv", 24.0), ("anamorphic.mpg", 30000.0 / 1001)])
    func grid(source: String, rate: Double) throws {
        let output = folder.file("out.mp4")
        try transcode(fixture(source), to: output)
        let times = try Oracle.frameTimes(output)
        let distances = zip(times, times.dropFirst()).map { $1 - $0 }
        // Matroska's milliseconds may stay, but no more than that.
        for distance in distances { #expect(near(distance, 1 / rate, 0.0011), "\(distance)") }
    }

    // MARK: Audio and picture

    @Test(
        "A late start of either stays late: flash and beep fall together",
        arguments: ["late_audio.mp4", "late_video.mp4"], ["mp4", "mov", "mkv", "webm", "avi"])
    func offset(source: String, container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture(source), to: output)
        let flashes = try Oracle.brightness(output).filter { $0.value > 128 }.map(\.time)
        let beeps = try Oracle.beeps(output)
        // Two flashes of one frame each, two beeps and the end.
        try #require(flashes.count == 2 && beeps.count == 3, "\(flashes) \(beeps)")
        for (flash, beep) in zip(flashes, beeps) {
            #expect(near(flash, beep, 0.0225), "flash at \(flash), beep at \(beep)")
        }
        #expect(near(flashes[1] - flashes[0], 1, 0.001))
    }

    @Test("Where there are no timestamps, the missing start is filled")
    func filled() throws {
        let output = folder.file("out.avi")
        try transcode(fixture("late_video.mp4"), to: output)
        // 3 s at 25 fps, not the 65 frames of the source.
        #expect(abs(try Oracle.frameTimes(output).count - 75) <= 1)
        let audio = folder.file("out.wav")
        try transcode(fixture("late_audio.mp4"), to: audio)
        // Alone, audio begins at its own start.
        #expect(near(Double(try Oracle.samples(audio)) / 48000, 2.52, 0.025))
    }

    @Test(
        "Timestamps that begin late or early begin at 0",
        arguments: ["late_start.ts", "fragmented.mp4", "interlaced.mpg"], ["mp4", "mkv"])
    func zero(source: String, container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture(source), to: output)
        let (before, after) = (try Oracle.describe(fixture(source)), try Oracle.describe(output))
        #expect(near(after.streams.map(\.start).min() ?? -1, 0, 0.001))
        let distance = before.video[0].start - before.audio[0].start
        // An AAC track of Matroska counts its encoder's priming as audio: 21 ms at 48 kHz.
        #expect(near(after.video[0].start - after.audio[0].start, distance, 0.0225))
        #expect(try Oracle.frameTimes(output).count == Oracle.frameTimes(fixture(source)).count)
    }

    // MARK: Cutting

    struct Cut: CustomTestStringConvertible, Sendable {
        var source = "silent.mp4"
        var options: [String]
        /// Frames of the source, from 0.
        var first: Int
        var count: Int
        var testDescription: String { "\(source) \(options.joined(separator: " "))" }
    }

    @Test(
        "Cuts are exact to the frame",
        arguments: [
            Cut(options: ["--start", "1"], first: 25, count: 25),
            Cut(options: ["--start", "0.52", "--end", "1.32"], first: 13, count: 20),
            Cut(options: ["--start", "0.52", "--duration", "0.8"], first: 13, count: 20),
            // Between two frames: the next frame is the first.
            Cut(options: ["--start", "0.53", "--duration", "0.4"], first: 14, count: 10),
            Cut(options: ["--end", "0.04"], first: 0, count: 1),
            Cut(options: ["--duration", "0:00:01.2"], first: 0, count: 30),
            Cut(options: ["--start", "1.96"], first: 49, count: 1),
            Cut(
                source: "late_start.ts", options: ["--start", "1", "--duration", "0.4", "--audio", "none"],
                first: 25, count: 10),
            Cut(source: "hdr.mp4", options: ["--start", "0.5", "--duration", "0.25"], first: 12, count: 6),
            Cut(source: "odd.webm", options: ["--start", "0.4", "--end", "0.8"], first: 10, count: 10),
        ])
    func exact(cut: Cut) throws {
        let output = folder.file("out.mkv")
        let arguments = [
            "transcode", fixture(cut.source), "-o", output, "--crf", "10", "--speed", "ultrafast",
            // Pictures are compared: nothing else may change them.
            "--deinterlace", "off",
        ]
        let result = try startVTX(arguments + cut.options).wait(within: 60)
        if cut.source == "late_start.ts" {
            try #require(result.status == 0, "\(result.summary)")
            if result.status != 0 { return }
        }
        try #require(result.status == 0, "\(result.summary)")
        let times = try Oracle.frameTimes(output)
        #expect(times.count == cut.count, "\(times)")
        #expect(near(times.first ?? -1, 0, 0.0405))
        guard cut.source != "hdr.mp4", cut.source != "odd.webm" else { return }
        // The very picture: its neighbours are less like it.
        for (frame, reference) in [(0, cut.first), (cut.count - 1, cut.first + cut.count - 1)] {
            let right = try Oracle.psnr(output, frame: frame, against: fixture(cut.source), frame: reference)
            let wrong = try Oracle.psnr(
                output, frame: frame, against: fixture(cut.source), frame: reference == 0 ? 1 : reference - 1)
            #expect(right > 30 && right > wrong + 3, "frame \(frame): \(right) dB, its neighbour \(wrong) dB")
        }
    }

    @Test("A start inside a group of pictures needs no key frame there")
    func insideGroup() throws {
        let keys = try Oracle.keyTimes(fixture("silent.mp4"))
        try #require(keys == [0], "the fixture has one key frame only")
        let output = folder.file("out.mp4")
        try transcode(fixture("silent.mp4"), to: output, "--start", "1.6")
        #expect(try Oracle.keyTimes(output).first.map { near($0, 0, 0.001) } == true)
    }

    @Test("Audio is cut as long as the picture", arguments: ["mp4", "mkv", "webm", "mov", "avi"])
    func soundLength(container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("wrong_extension.avi"), to: output, "--start", "0.7", "--duration", "1.4")
        // MP3 in AVI and AAC in Matroska also count their priming.
        let frame: Double = container == "webm" ? 960 : container == "avi" ? 1152 : 1024
        let seconds = Double(try Oracle.samples(output)) / 48000
        let most: Double = container == "avi" ? 3 : container == "mkv" ? 2 : 1
        #expect(seconds > 1.4 - frame / 48000 && seconds < 1.4 + most * frame / 48000, "\(seconds) s")
        #expect(try Oracle.frameTimes(output).count == 35)
    }

    @Test("A cut keeps audio and picture together")
    func cutOffset() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("late_audio.mp4"), to: output, "--start", "0.6", "--end", "2.5")
        let flashes = try Oracle.brightness(output).filter { $0.value > 128 }.map(\.time)
        let beeps = try Oracle.beeps(output)
        try #require(flashes.count == 2 && beeps.count == 3, "\(flashes) \(beeps)")
        #expect(near(flashes[0], 0.4, 0.002))
        for (flash, beep) in zip(flashes, beeps) {
            #expect(near(flash, beep, 0.0225), "\(flash) and \(beep)")
        }
    }

    @Test(
        "Cuts that make no sense are usage errors",
        arguments: [
            ["--start", "5"], ["--start", "1", "--end", "1"], ["--start", "1", "--end", "0.5"],
            ["--end", "1", "--duration", "1"],
            ["--duration", "0"], ["--start", "soon"], ["--start=-1"],
        ])
    func nonsense(options: [String]) throws {
        let result = try startVTX(
            ["transcode", fixture("silent.mp4"), "-o", folder.file("out.mp4")] + options
        ).wait(within: 30)
        #expect(result.status == 64, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }
}
