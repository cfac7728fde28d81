// Transport streams with several programs, each with a clock of its own.

import Foundation
import Testing

@Suite("programs", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct ProgramTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Program 1: 2 s of 64x48 at 1000 s; program 2: 3 s of 96x64 at 60,000 s; program 3: audio.
    private func source(_ programs: [String] = ["1", "2", "3"]) throws -> String {
        let path = folder.file("programs.ts")
        var arguments = [
            "-itsoffset", "1000", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-itsoffset", "1000", "-f", "lavfi",
            "-i", "sine=f=440:r=48000:d=2", "-itsoffset", "60000", "-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=3",
            "-itsoffset", "60000", "-f", "lavfi", "-i", "sine=f=880:r=48000:d=3", "-itsoffset", "7", "-f", "lavfi",
            "-i",
            "sine=f=990:r=48000:d=4",
        ]
        for index in 0..<5 { arguments += ["-map", "\(index)"] }
        arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-copyts"]
        let parts = [
            "1": "title=one:program_num=1:st=0:st=1", "2": "title=two:program_num=2:st=2:st=3",
            "3": "program_num=3:st=4",
        ]
        for program in programs { arguments += ["-program", parts[program]!] }
        try Oracle.ffmpeg(arguments + ["-muxdelay", "0", "-max_interleave_delta", "0", "-f", "mpegts", path])
        return path
    }

    @Test(
        "One program is transcoded, by its own clock", arguments: [("", 64, 2.0), ("1", 64, 2.0), ("2", 96, 3.0)],
        [true, false])
    func chosen(program: (number: String, width: Int, length: Double), copies: Bool) throws {
        let output = folder.file("out.mkv")
        let words =
            ["transcode", try source(), "-o", output, "--strict"]
            + (copies ? ["--video", "copy", "--audio-codec", "copy"] : ["--speed", "ultrafast"])
            + (program.number.isEmpty ? [] : ["--program", program.number])
        let result = try startVTX(words).wait(within: 100)
        #expect(result.status == 0, "\(result.summary)")
        #expect(result.errors.contains("--program N chooses another"), "\(result.errors)")
        let made = try Oracle.describe(output)
        #expect(made.video.map(\.width) == [program.width])
        #expect(made.audio.count == 1)
        #expect(near(made.duration, program.length, 0.1), "\(made.duration)")
        #expect(try Oracle.frameTimes(output).count == Int(program.length * 25))
    }

    @Test("A program of audio, and a part of the second program")
    func parts() throws {
        let path = try source()
        try transcode(path, to: folder.file("a.m4a"), "--program", "3")
        #expect(near(try Oracle.describe(folder.file("a.m4a")).duration, 4, 0.1))
        try transcode(path, to: folder.file("b.mp4"), "--program", "2", "--start", "1")
        #expect(try Oracle.frameTimes(folder.file("b.mp4")).count == 50)
        let ladder = try vtx(
            "ladder", path, "-o", folder.file("l"), "--program", "2", "--speed", "ultrafast", "--no-thumbnails")
        #expect(ladder.status == 0, "\(ladder.summary)")
        // The audio is a little longer.
        #expect(try (75...77).contains(Oracle.frameTimes(folder.file("l/64p/index.m3u8")).count))
        let package = try vtx("package", path, "-o", folder.file("p"), "--program", "1", "--segment", "1")
        #expect(package.status == 0, "\(package.summary)")
        #expect(try Oracle.frameTimes(folder.file("p/master.m3u8")).count == 50)
    }

    @Test(
        "An unknown program is a usage error that lists those there are", arguments: ["transcode", "ladder", "package"])
    func unknown(command: String) throws {
        let output = folder.file(command == "transcode" ? "out.mp4" : "out")
        let result = try vtx(command, try source(["1", "3"]), "-o", output, "--program", "7")
        #expect(result.status == 64, "\(result.summary)")
        #expect(result.errors.contains("1 (one), 3"), "\(result.errors)")
        let none = try vtx(command, fixture("rotated.mp4"), "-o", output, "--program", "1")
        #expect(none.status == 64, "\(none.summary)")
        #expect(folder.names == ["programs.ts"])
    }

    @Test("Programs are probed; a file with one says nothing about it")
    func probe() throws {
        let path = try source()
        let text = try vtx("probe", path).output
        #expect(text.contains("program 1 (one): #0, #1\n") && text.contains("program 2 (two): #2, #3\n"), "\(text)")
        let media = try #require(try vtx("probe", "--json", "--deep", path).json().first { $0.type == "media" })
        #expect(media.value("media.programs.1.number") == 2)
        #expect(media.value("media.programs.1.streams") == [2, 3])
        #expect(try #require(media.value("media.scan.end.seconds", as: Double.self)) < 5)
        let single = try vtx("probe", "--json", fixture("resized.ts"))
        #expect(!single.output.contains("program"), "\(single.output)")
    }
}
