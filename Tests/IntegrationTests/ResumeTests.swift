// Work that is not lost: chunks encoded in any order, ladders that go on where they stopped.

import Foundation
import Glibc
import Testing

@Suite("resume", .needsOracle, .timeLimit(.minutes(60)))
struct ResumeTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private let pieces = ["--segment", "1", "--gop", "1", "--chunk", "1"]

    private func ladder(
        _ input: String, _ name: String, _ options: [String] = [], slowly: Bool = false,
        environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) throws -> ProgramResult {
        let speed = ["--speed", slowly ? "veryslow" : "ultrafast"]
        let arguments = ["ladder", input, "-o", folder.file(name)] + speed + pieces + options
        let result = try startVTX(arguments, environment: environment).wait(within: 100)
        #expect(result.status == 0, "\(arguments)\n\(result.summary)", sourceLocation: location)
        return result
    }

    private func contents(_ name: String) throws -> [String: Data] { try HLSPackage.contents(folder.file(name)) }

    /// Finished pieces of an unfinished package.
    private func finished(_ name: String) -> [String] {
        let store = folder.file(".\(name).vtx-chunks/chunks")
        return ((try? FileManager.default.subpathsOfDirectory(atPath: store)) ?? [])
            .filter { $0.hasSuffix(".packets") && !$0.hasPrefix("p") && !$0.hasPrefix("t") }.sorted()
    }

    /// Eight seconds with audio.
    private func makeSource(_ name: String = "source.mkv") throws -> String {
        let source = folder.file(name)
        let made = try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=256x144:r=24:d=8", "-f", "lavfi", "-i", "sine=d=8", "-c:v", "mjpeg",
            "-c:a", "pcm_s16le", source,
        ])
        try #require(made.status == 0, "\(made.summary)")
        return source
    }

    /// Kills a job when it has finished something.
    private func interrupt(
        _ input: String, _ name: String, _ signal: Int32 = SIGKILL, _ options: [String] = []
    ) throws -> ProgramResult {
        let job = try startVTX(
            ["ladder", input, "-o", folder.file(name), "--speed", "veryslow"] + pieces + options)
        let limit = Date().addingTimeInterval(90)
        while finished(name).isEmpty, Date() < limit { usleep(500) }
        job.send(signal)
        let result = try job.wait(within: 60)
        try #require(!finished(name).isEmpty, "the job was too fast to be interrupted: \(result.summary)")
        return result
    }

    // MARK: The same bytes

    @Test(
        "Bytes depend neither on how many passes there are nor on what memory held before",
        arguments: [
            ("clip.mkv", []), ("clip.mkv", ["--segments", "ts"]), ("vfr.mp4", []), ("late_start.ts", []),
            ("interlaced.mpg", []), ("mjpeg.avi", []), ("resized.ts", []), ("rotated.mp4", []),
            ("clip.mkv", ["--codec", "hevc", "--rungs", "160p"]),
        ] as [(String, [String])])
    func passes(name: String, options: [String]) throws {
        for (jobs, output) in [("1", "one"), ("2", "two"), ("4", "four")] {
            _ = try ladder(
                fixture(name), output, options + ["--jobs", jobs], environment: ["MALLOC_PERTURB_": jobs + "7"])
        }
        let one = try contents("one")
        #expect(one.count > 5)
        #expect(one == (try contents("two")))
        #expect(one == (try contents("four")))
        #expect(folder.names == ["four", "one", "two"])
    }

    @Test("A width at which libx264's fastest code reads memory nobody has written gives the same bytes", .needsOracle)
    func width() throws {
        let source = folder.file("source.mkv")
        let made = try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=856x120:r=24:d=4,noise=alls=20:allf=t", "-c:v", "libx264", "-preset",
            "ultrafast", source,
        ])
        try #require(made.status == 0)
        for memory in ["85", "7"] {
            let arguments = ["ladder", source, "-o", folder.file(memory), "--rungs", "120p", "--no-thumbnails"]
            let result = try startVTX(arguments + pieces, environment: ["MALLOC_PERTURB_": memory]).wait(within: 100)
            #expect(result.status == 0, "\(result.summary)")
        }
        #expect(try contents("85") == (try contents("7")))
    }

    @Test("The last chunk may be one frame long", arguments: ["h264", "hevc"])
    func shortEnd(codec: String) throws {
        let source = folder.file("source.mkv")
        let made = try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=160x120:r=24", "-frames:v", "49", "-c:v", "mpeg4", source,
        ])
        try #require(made.status == 0)
        _ = try ladder(source, "package", ["--codec", codec, "--speed", "medium", "--rungs", "120p"])
        let playlist = try #require(try HLSPackage(folder.file("package")).pictures().first)
        #expect(playlist.durations.count == 3)
        let joined = try playlist.join(to: folder.file("joined.mp4"))
        #expect(try Oracle.frameTimes(joined).count == 49)
        #expect(try Oracle.ffmpeg(["-i", joined, "-f", "null", "-"]).errors == "")
    }

    // MARK: Going on

    @Test(
        "A killed job goes on where it stopped",
        arguments: [("source.mkv", "1"), ("source.mkv", "2"), ("source.avi", "2")])
    func killed(name: String, jobs: String) throws {
        let source = try makeSource(name)
        _ = try ladder(source, "straight", slowly: true)
        #expect(try interrupt(source, "package", SIGKILL, ["--jobs", jobs]).signal == SIGKILL)
        #expect(!folder.names.contains("package"))
        let result = try ladder(source, "package", ["--jobs", jobs], slowly: true)
        #expect(result.errors.contains("resuming an interrupted run"), "\(result.errors)")
        #expect(try contents("package") == (try contents("straight")))
        #expect(folder.names == ["package", name, "straight"])
    }

    @Test(
        "A signal leaves what is finished, and says so", arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func signal(number: Int32, status: Int32) throws {
        let source = try makeSource()
        let result = try interrupt(source, "package", number)
        #expect(result.status == status, "\(result.summary)")
        #expect(result.errors.contains("run the same command again to resume"), "\(result.errors)")
        #expect(folder.names == [".package.vtx-chunks", "source.mkv"])
        let lines = try ladder(source, "package", ["--json"], slowly: true).json()
        let resume = try #require(lines.first { $0.type == "resume" })
        let bytes = try #require(resume.value("bytes", as: Int.self))
        #expect(bytes > 0)
        #expect(folder.names == ["package", "source.mkv"])
    }

    @Test(
        "What belongs to another job is not used, and why is said",
        arguments: [
            ("source", "the source has changed"), ("options", "the options have changed"),
            ("subtitles", "another file of the job has changed"), ("version", "another version"),
            ("fresh", "starting over was asked for"),
        ])
    func others(what: String, reason: String) throws {
        let source = try makeSource()
        var options: [String] = []
        let cue = "1\n00:00:00,500 --> 00:00:01,000\n"
        if what == "subtitles" {
            options = ["--subtitle-file", try folder.write(cue + "before\n", to: "words.srt")]
        }
        _ = try interrupt(source, "package", SIGKILL, options)
        switch what {
        case "subtitles": _ = try folder.write(cue + "after\n", to: "words.srt")
        case "source": try Data([0]).append(to: source)
        case "options": options = ["--crf", "30"]
        case "version":
            let path = folder.file(".package.vtx-chunks/job")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacingOccurrences(of: "vtx 0", with: "vtx 9").write(
                toFile: path, atomically: false, encoding: .utf8)
        default: options = ["--fresh"]
        }
        let result = try ladder(source, "package", options, slowly: true)
        #expect(result.errors.contains("discarding the progress of an interrupted run: "), "\(result.errors)")
        #expect(result.errors.contains(reason), "\(result.errors)")
        _ = try ladder(source, "straight", options.filter { $0 != "--fresh" }, slowly: true)
        #expect(try contents("package") == (try contents("straight")))
    }

    @Test("Two jobs do not work on the same package")
    func locked() throws {
        let first = try startVTX(
            ["ladder", fixture("clip.mkv"), "-o", folder.file("package"), "--speed", "placebo", "--codec", "hevc"])
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.file(".package.vtx-chunks/job")) {
            usleep(20_000)
        }
        let second = try vtx("ladder", fixture("clip.mkv"), "-o", folder.file("package"), "--speed", "ultrafast")
        #expect(second.status == 73, "\(second.summary)")
        #expect(second.errors.contains("another vtx is making"))
        first.send(SIGINT)
        #expect(try first.wait(within: 60).status == 130)
        #expect(!folder.names.contains("package"))
    }

    @Test("A refused source leaves nothing")
    func refused() throws {
        let result = try startVTX(
            ["ladder", fixture("truncated.mp4"), "-o", folder.file("package"), "--speed", "ultrafast"] + pieces
        ).wait(within: 100)
        #expect(result.status == 65, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    // MARK: vtx clean

    @Test("clean removes what nobody works on, and nothing else")
    func clean() throws {
        _ = try interrupt(try makeSource(), "package")
        _ = try folder.write("mine", to: ".hidden")
        _ = try folder.write("x", to: ".source.mp4.999999999.vtx-partial")
        let job = try startVTX(
            ["ladder", fixture("clip.mkv"), "-o", folder.file("running"), "--speed", "placebo", "--codec", "hevc"])
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.file(".running.vtx-chunks/job")) {
            usleep(20_000)
        }
        let before = folder.names
        let shown = try vtx("clean", folder.path, "--dry-run")
        #expect(shown.status == 0, "\(shown.summary)")
        #expect(shown.output.contains(".package.vtx-chunks"))
        #expect(folder.names == before)
        let lines = try vtx("clean", folder.path, "--json").json()
        #expect(lines.filter { $0.type == "removed" }.count >= 2)
        #expect(folder.names.contains(".hidden"))
        #expect(folder.names.contains(".running.vtx-chunks"))
        #expect(!folder.names.contains(".package.vtx-chunks"))
        #expect(!folder.names.contains { $0.hasPrefix(".source.mp4") })
        job.send(SIGTERM)
        _ = try job.wait(within: 60)
        #expect(try vtx("clean", folder.file("missing")).status == 66)
    }

    // MARK: Rates

    @Test("The ceiling of the rate holds across seams", arguments: ["capped", "abr"])
    func ceiling(rate: String) throws {
        let source = folder.file("source.mkv")
        // Each chunk begins with what takes no bits, so that its encoder takes the buffer to be full for what follows.
        let made = try Oracle.ffmpeg([
            "-f", "lavfi", "-i",
            "testsrc2=s=320x240:r=24:d=12,noise=alls=80:allf=t:enable='gt(mod(t,2),0.3)'",
            "-c:v", "mpeg4", "-q:v", "2", source,
        ])
        try #require(made.status == 0)
        let (average, maximum, buffer) = (400_000.0, 600_000.0, 800_000.0)
        for jobs in ["1", "3"] {
            let result = try startVTX(
                [
                    "ladder", source, "-o", folder.file("package\(jobs)"), "--rungs", "240p:400k", "--rate", rate,
                    "--chunk", "2", "--segment", "2", "--speed", "veryfast", "--jobs", jobs, "--crf", "20",
                ].filter { rate == "capped" || !["--crf", "20"].contains($0) }
            ).wait(within: 100)
            #expect(result.status == 0, "\(result.summary)")
        }
        #expect(try contents("package1") == (try contents("package3")))
        let playlist = try #require(try HLSPackage(folder.file("package1")).pictures().first)
        #expect(playlist.durations.count == 6)
        let joined = try playlist.join(to: folder.file("joined.mp4"))
        let sizes = try Oracle.packetSizes(joined)
        #expect(sizes.count == 288)
        // A decoder's buffer of `buffer` bits that fills at `maximum` bits a second and starts full.
        var level = buffer
        var lowest = level
        for size in sizes {
            level -= Double(size * 8)
            lowest = min(lowest, level)
            level = min(buffer, level + maximum / 24)
        }
        #expect(lowest > -0.01 * buffer, "the buffer lacks \(-lowest) bits")
        let total = Double(sizes.reduce(0, +)) * 8 / 12
        #expect(total > average * 0.8, "\(total) bits a second are no test of the ceiling")
    }
}

extension Data {
    fileprivate func append(to path: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        handle.seekToEndOfFile()
        handle.write(self)
        try handle.close()
    }
}
