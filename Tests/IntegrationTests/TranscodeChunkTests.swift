// Long transcodes in chunks: the picture is the same source, and an interrupted job goes on.

import Foundation
import Glibc
import Testing

@Suite("transcode in chunks", .needsOracle, .timeLimit(.minutes(60)))
struct TranscodeChunkTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func transcode(
        _ input: String, _ name: String, _ options: [String], location: SourceLocation = #_sourceLocation
    ) throws -> ProgramResult {
        let arguments = ["transcode", input, "-o", folder.file(name)] + options
        let result = try startVTX(arguments).wait(within: 100)
        #expect(result.status == 0, "\(arguments)\n\(result.summary)", sourceLocation: location)
        return result
    }

    @Test(
        "Chunks change neither frames nor times, and begin with key frames",
        arguments: [
            ("clip.mkv", "mp4", ["--video", "h264", "--speed", "medium"]),
            ("clip.mkv", "mkv", ["--video", "hevc", "--speed", "superfast"]),
            ("clip.mkv", "webm", ["--video", "vp9", "--speed", "8"]),
            ("clip.mkv", "mp4", ["--video", "av1", "--speed", "12"]),
            ("vfr.mp4", "mp4", ["--speed", "medium"]), ("late_video.mp4", "mp4", ["--speed", "veryfast"]),
            ("interlaced.mpg", "mp4", ["--speed", "veryfast", "--deinterlace", "field"]),
        ] as [(String, String, [String])])
    func sameFilm(source: String, format: String, options: [String]) throws {
        let (whole, parts) = ("whole.\(format)", "parts.\(format)")
        _ = try transcode(fixture(source), whole, options + ["--chunk", "0"])
        let result = try transcode(fixture(source), parts, options + ["--chunk", "0.5"])
        #expect(result.errors.contains("chunks of 0:00:00.500"), "\(result.errors)")
        #expect(!result.errors.contains("moved"), "\(result.errors)")
        let times = try Oracle.frameTimes(folder.file(parts))
        #expect(times == (try Oracle.frameTimes(folder.file(whole))))
        #expect(try Oracle.decodeErrors(folder.file(parts)) == "")
        #expect(
            try Oracle.hashes(folder.file(parts), "a:0") == (try Oracle.hashes(folder.file(whole), "a:0")))
        // Each half second has a key frame of its own.
        let keys = try Oracle.keyTimes(folder.file(parts))
        let first = try #require(times.first)
        let chunks = Set(times.map { Int(($0 - first + 0.0005) / 0.5) })
        #expect(Set(keys.map { Int(($0 - first + 0.0005) / 0.5) }) == chunks)
        #expect(try Oracle.psnr(folder.file(parts), against: folder.file(whole)) > 35)
        #expect(folder.names == [parts, whole])
    }

    /// Twelve seconds with audio and a line of text at their end.
    private func makeSource() throws -> String {
        let (source, text) = (folder.file("source.mkv"), folder.file("text.srt"))
        _ = try folder.write("1\n00:00:11,000 --> 00:00:11,500\nEnd\n", to: "text.srt")
        let made = try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=256x144:r=24:d=12", "-f", "lavfi", "-i", "sine=d=12", "-i", text,
            "-c:v", "mjpeg", "-c:a", "pcm_s16le", "-c:s", "srt", source,
        ])
        try #require(made.status == 0, "\(made.summary)")
        unlink(text)
        return source
    }

    private var finished: [String] {
        let store = folder.file(".out.mp4.vtx-chunks/chunks/video")
        return ((try? FileManager.default.contentsOfDirectory(atPath: store)) ?? []).filter { $0.hasSuffix(".packets") }
    }

    private let slowly = ["--speed", "veryslow", "--chunk", "1", "--threads", "1"]

    @Test(
        "An interrupted job goes on where it stopped",
        arguments: [(SIGKILL, nil), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32?)])
    func interrupted(signal: Int32, status: Int32?) throws {
        let source = try makeSource()
        _ = try transcode(source, "straight.mp4", slowly)
        for count in [1, 4] {
            let job = try startVTX(["transcode", source, "-o", folder.file("out.mp4")] + slowly)
            let limit = Date().addingTimeInterval(90)
            while finished.count < count, Date() < limit { usleep(500) }
            job.send(signal)
            let result = try job.wait(within: 60)
            try #require(finished.count >= count, "the job was too fast: \(result.summary)")
            if let status {
                #expect(result.status == status, "\(result.summary)")
                #expect(result.errors.contains("run the same command again to resume"), "\(result.errors)")
            }
            #expect(folder.names == [".out.mp4.vtx-chunks", "source.mkv", "straight.mp4"])
        }
        let before = finished.count
        let lines = try transcode(source, "out.mp4", slowly + ["--json"]).json()
        let resume = try #require(lines.first { $0.type == "resume" })
        let part = try #require(resume.value("fraction", as: Double.self))
        #expect(near(part, Double(before) / 12, 0.02))
        let moments = lines.filter { $0.type == "progress" && $0.value("phase", as: String.self) == "encode" }
            .compactMap { $0.value("percent", as: Double.self) }
        #expect(!moments.isEmpty)
        #expect(moments.allSatisfy { $0 >= 100 * part - 2 }, "\(moments)")
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder.file("out.mp4")))
                == Data(contentsOf: URL(fileURLWithPath: folder.file("straight.mp4"))))
        #expect(folder.names == ["out.mp4", "source.mkv", "straight.mp4"])
    }

    @Test("Work of other options is not used")
    func otherOptions() throws {
        let source = try makeSource()
        let job = try startVTX(["transcode", source, "-o", folder.file("out.mp4")] + slowly)
        while finished.isEmpty { usleep(500) }
        job.send(SIGKILL)
        _ = try job.wait(within: 60)
        let options = ["--speed", "ultrafast", "--chunk", "1"]
        let result = try transcode(source, "out.mp4", options)
        #expect(result.errors.contains("discarding the progress of an interrupted run: "), "\(result.errors)")
        _ = try transcode(source, "straight.mp4", options)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder.file("out.mp4")))
                == Data(contentsOf: URL(fileURLWithPath: folder.file("straight.mp4"))))
    }

    @Test(
        "What cannot be divided is refused",
        arguments: [["--video", "copy"], ["--bitrate", "500k"], ["--video", "mpeg4"], ["--video", "none"]])
    func refused(options: [String]) throws {
        let result = try startVTX(
            ["transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--chunk", "1"] + options
        ).wait(within: 100)
        #expect(result.status == 64, "\(result.summary)")
        #expect(result.errors.contains("--chunk"), "\(result.errors)")
        #expect(folder.names.isEmpty)
    }
}
