// Length: the output shows what the source shows, for as long.

import Foundation
import Testing

@Suite("length", .needsOracle, .timeLimit(.minutes(60)))
struct LengthTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Fifty frames of 40 ms, and one of 3 s.
    private func heldFrame(_ name: String) throws -> String {
        let (plain, path) = (folder.file("plain.mp4"), folder.file(name))
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2.04", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0",
            "-video_track_timescale", "12800", plain,
        ])
        try Oracle.ffmpeg([
            "-i", plain, "-c", "copy", "-bsf:v", #"setts=duration=if(eq(N\,50)\,38400\,DURATION)"#, path,
        ])
        return path
    }

    @Test("The last frame is held as long as in the source", arguments: ["mp4", "mov", "mkv", "webm", "avi"])
    func heldFrame(container: String) throws {
        let source = try heldFrame("held.mp4")
        let length = try Oracle.describe(source).duration
        try #require(near(length, 5, 0.05), "\(length)")
        let output = folder.file("out.\(container)")
        try transcode(source, to: output)
        #expect(near(try Oracle.describe(output).duration, length, 0.041))
        let (before, after) = (try Oracle.frameTimes(source), try Oracle.frameTimes(output))
        // AVI repeats the frame.
        #expect(container == "avi" ? after.count > 120 : after.count == before.count)
        for (old, new) in zip(before, after) { #expect(near(new - after[0], old - before[0], 0.0011)) }
    }

    @Test("A frame is held by encoders that reorder frames, too, and by what reads their output")
    func heldFrameReordered() throws {
        let source = try heldFrame("held.mp4")
        let (first, second) = (folder.file("first.mp4"), folder.file("second.mp4"))
        try transcode(source, to: first, "--speed", "veryfast")
        try transcode(first, to: second, "--speed", "veryfast")
        for path in [first, second] {
            let file = try Oracle.describe(path)
            #expect(near(file.duration, 5, 0.041), "\(file.duration)")
            #expect(near(file.video.first?.duration.flatMap(Double.init) ?? 0, 5, 0.09))
            #expect(try Oracle.frameTimes(path).count == 51)
        }
    }

    @Test(
        "A package holds the last frame as long as its source, where segments can say so", arguments: ["0", "2"],
        ["fmp4", "ts"])
    func heldFramePackaged(between: String, segments: String) throws {
        var source = try heldFrame("held.mp4")
        if between != "0" {
            source = folder.file("reordered.mp4")
            try transcode(folder.file("held.mp4"), to: source, "--speed", "veryfast")
        }
        let package = folder.file("package")
        let result = try vtx("package", source, "-o", package, "--segments", segments)
        if segments == "ts" {
            #expect(result.status == 65 && result.errors.contains("holds its last frame for"), "\(result.summary)")
            return
        }
        #expect(result.status == 0, "\(result.summary)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: package).filter { $0.hasSuffix(".m3u8") }
        let texts = try files.map { try String(contentsOfFile: "\(package)/\($0)", encoding: .utf8) }
        let media = try #require(texts.first { $0.contains("#EXTINF") && !$0.contains("I-FRAMES-ONLY") })
        let seconds = media.split(separator: "\n").filter { $0.hasPrefix("#EXTINF:") }
            .compactMap { Double($0.dropFirst(8).prefix { $0 != "," }) }.reduce(0, +)
        #expect(near(seconds, 5, 0.041), "\(media)")
        #expect(texts.contains { $0.contains("FRAME-RATE=25.000") })
    }

    /// Half a second of frames and audio, then nothing until the fourth second, then both for two seconds.
    private func gap() throws -> String {
        let path = folder.file("gap.mkv")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=30:d=6", "-f", "lavfi", "-i", "sine=d=6", "-vf",
            "select='lt(n,16)+gte(n,120)'", "-fps_mode", "vfr", "-af", "aselect='lt(t,0.5)+gte(t,4)'", "-c:v",
            "libx264",
            "-preset", "ultrafast", "-c:a", "aac", path,
        ])
        return path
    }

    @Test(
        "A part that begins or ends where no frame comes shows the one before, and is silent",
        arguments: [["--duration", "2"], ["--start", "2"], ["--start", "2", "--duration", "1"]], ["mp4", "mkv", "avi"])
    func cutInGap(cut: [String], container: String) throws {
        let output = folder.file("out.\(container)")
        // Audio that begins later than the video would be none of the part's.
        let withAudio = cut[0] == "--duration"
        let result = try startVTX(
            ["transcode", gap(), "-o", output] + cut + (withAudio ? [] : ["--audio", "none"])
                + (container == "avi" ? [] : ["--speed", "ultrafast"])
        ).wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        let asked = cut.last == "2" ? (withAudio ? 2.0 : 4.0) : 1.0
        let file = try Oracle.describe(output)
        #expect(near(file.duration, asked, 0.06), "\(file.duration)")
        let times = try Oracle.frameTimes(output)
        // The priming of AAC delays Matroska.
        #expect(near(times.first ?? -1, 0, 0.06), "\(times)")
        // AVI repeats the frame.
        if asked == 4, container != "avi" { #expect(near(times[1], 2, 0.04), "\(times)") }
    }

    @Test("The delays of a GIF are kept, the last one too", arguments: ["mp4", "mkv", "webm"])
    func animation(container: String) throws {
        let source = folder.file("a.gif")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x48:r=5:d=1", "-final_delay", "150", source,
        ])
        let length = try Oracle.describe(source).duration
        try #require(near(length, 2.3, 0.01), "\(length)")
        let output = folder.file("out.\(container)")
        try transcode(source, to: output)
        #expect(near(try Oracle.describe(output).duration, length, 0.05))
    }

    // MARK: Subtitles

    private let cues = """
        1
        00:00:00,500 --> 00:00:01,000
        first

        2
        00:00:01,500 --> 00:00:09,000
        last

        3
        00:01:00,000 --> 00:01:01,000
        never


        """

    @Test("Subtitles end with the video, and those after it are reported", arguments: ["mp4", "mkv", "webm"])
    func lateCues(container: String) throws {
        let text = folder.file("s.srt")
        try cues.write(toFile: text, atomically: true, encoding: .utf8)
        let output = folder.file("out.\(container)")
        let result = try transcode(fixture("silent.mp4"), to: output, "--subtitle-file", text)
        #expect(near(try Oracle.describe(output).duration, 2, 0.06))
        #expect(result.errors.contains("1 of 3 cues lost: 1 after the end of the video"))
        #expect(result.errors.contains("1 cue shortened to the end of the video"))
        let strict = try vtx(
            "transcode", fixture("silent.mp4"), "-o", folder.file("x.mp4"), "--subtitle-file", text, "--strict")
        #expect(strict.status == 65)
    }

    @Test("A cut holds for copied subtitles, too")
    func cutCopiedCues() throws {
        let (text, source) = (folder.file("s.srt"), folder.file("in.mkv"))
        try cues.write(toFile: text, atomically: true, encoding: .utf8)
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=5", "-i", text, "-c:v", "libx264", "-preset", "ultrafast",
            source,
        ])
        for (options, expected) in [(["--duration", "1.2"], [0.5]), (["--start", "2", "--duration", "1"], [0.0])] {
            let output = folder.file("out.mkv")
            let words = ["transcode", source, "-o", output, "--overwrite", "--speed", "ultrafast"] + options
            let result = try startVTX(words).wait(within: 100)
            try #require(result.status == 0, "\(result.summary)")
            #expect(try Oracle.describe(output).duration < 1.3)
            let starts = try Oracle.packetTimes(output, "s:0")
            #expect(
                starts.count == expected.count && zip(starts, expected).allSatisfy { near($0, $1, 0.002) }, "\(starts)")
        }
    }

    // MARK: Edit lists

    /// Shows 1.2 s from within a group of frames on.
    private func trimmed() throws -> String {
        let (whole, path) = (folder.file("whole.mov"), folder.file("trimmed.mov"))
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=4", "-c:v", "libx264", "-preset", "veryfast", "-g", "50",
            "-bf", "2", whole,
        ])
        // ffmpeg keeps the frames from the key frame on, and hides them by an edit list.
        try Oracle.ffmpeg(["-ss", "0.6", "-i", whole, "-t", "1.2", "-c", "copy", path])
        return path
    }

    @Test("What an edit list hides is no part of the source")
    func editList() throws {
        let source = try trimmed()
        let shown = try Oracle.frameTimes(source).count
        let output = folder.file("out.mp4")
        let result = try transcode(source, to: output, "--strict")
        #expect(try Oracle.frameTimes(output).count == shown)
        #expect(!result.errors.contains("warning"))
    }

    @Test("Hidden frames are not copied to where they would be shown")
    func hiddenFrames() throws {
        let source = try trimmed()
        let copy = try vtx("transcode", source, "-o", folder.file("out.mkv"), "--video", "copy")
        #expect(copy.status == 64 && copy.errors.contains("edit list"), "\(copy.summary)")
        let package = try vtx("package", source, "-o", folder.file("package"))
        #expect(package.status == 65 && package.errors.contains("edit list"), "\(package.summary)")
    }

    // MARK: Streams

    @Test("A stream that ends early is no jump of the clock", arguments: ["video", "audio"])
    func endsEarly(which: String) throws {
        let source = folder.file("early.ts")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=\(which == "video" ? 3 : 16)", "-f", "lavfi", "-i",
            "sine=d=\(which == "video" ? 16 : 3)", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", source,
        ])
        let output = folder.file("out.mkv")
        let result = try transcode(source, to: output)
        #expect(!result.errors.contains("clock"), "\(result.errors)")
        let times = try Oracle.packetTimes(output, which == "video" ? "v:0" : "a:0")
        #expect(near(try #require(times.max()), 3, 0.15))
        let package = try vtx("package", source, "-o", folder.file("package"))
        #expect(!package.errors.contains("clock"), "\(package.errors)")
    }

    @Test("Audio that begins late in a format without a header is there")
    func lateStream() throws {
        let source = folder.file("late.vob")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=14", "-itsoffset", "10", "-f", "lavfi", "-i", "sine=d=3",
            "-c:v",
            "mpeg2video", "-c:a", "mp2", "-f", "vob", source,
        ])
        let output = folder.file("out.mkv")
        let result = try transcode(source, to: output)
        #expect(!result.errors.contains("dropped"))
        #expect(near(try #require(try Oracle.packetTimes(output, "a:0").min()), 10, 0.1))
    }

    @Test("A part of a Matroska file that keeps its timestamps is whole")
    func matroskaPart() throws {
        let (whole, source) = (folder.file("whole.mkv"), folder.file("part.mkv"))
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=8", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25",
            whole,
        ])
        try Oracle.ffmpeg(["-ss", "5", "-copyts", "-i", whole, "-c", "copy", source])
        try #require(try Oracle.describe(source).duration > 7)
        let output = folder.file("out.mp4")
        try transcode(source, to: output, "--strict")
        #expect(near(try Oracle.describe(output).duration, 3, 0.06))
    }

    @Test("A source that grows while it is read is refused")
    func growing() throws {
        let source = folder.file("growing.ts")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=6", "-c:v", "mpeg2video", "-q:v", "2", source,
        ])
        let output = folder.file("out.mp4")
        // Empty packets until there is an output or an error.
        let writer = try Program(
            "sh",
            [
                "-c", #"while :; do printf '\107\037\377\020%184s' '' >> "$0"; sleep 0.1; done"#, source,
            ])
        defer { writer.send(SIGKILL) }
        let result = try startVTX(["transcode", source, "-o", output, "--speed", "slow"]).wait(within: 100)
        #expect(result.status == 65 && result.errors.contains("changed while it was read"), "\(result.summary)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }
}

extension Oracle {
    /// Presentation times of a stream's packets, in file order.
    static func packetTimes(_ path: String, _ stream: String, _ entry: String = "pts_time") throws -> [Double] {
        let result = try Program.run(
            "ffprobe",
            ["-v", "error", "-select_streams", stream, "-show_entries", "packet=\(entry)", "-of", "csv=p=0", path])
        return result.output.split(separator: "\n").compactMap { Double($0.prefix { $0 != "," }) }
    }
}
