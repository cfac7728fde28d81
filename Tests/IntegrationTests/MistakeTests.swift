// Typical mistakes on the command line: each is answered by what is wrong and what to do, and nothing is written.

import Foundation
import Testing

@Suite("mistakes", .timeLimit(.minutes(60)))
struct MistakeTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func put(_ name: String, as other: String? = nil) throws {
        try FileManager.default.copyItem(atPath: fixture(name), toPath: folder.file(other ?? name))
    }

    /// Runs a mistake in a folder with `clip.mkv`.
    private func run(_ line: String) throws -> ProgramResult {
        if !folder.names.contains("clip.mkv") { try put("clip.mkv") }
        let before = folder.names
        let result = try startVTX(line.split(separator: " ").map(String.init), in: folder.path).wait(within: 30)
        #expect(folder.names == before, "\(line)")
        #expect(result.output.isEmpty, "\(line)")
        return result
    }

    private func expect(_ line: String, status: Int32 = 64, _ words: [String]) throws {
        let result = try run(line)
        #expect(result.status == status, "\(line)\n\(result.summary)")
        for word in words { #expect(result.errors.contains(word), "\(line) lacks \(word): \(result.errors)") }
        #expect(result.errors.contains("hint: "), "\(line): \(result.errors)")
    }

    @Test(
        "A mistyped command is answered with the right one",
        arguments: [
            ("trancode clip.mkv -o out.mp4", "vtx transcode"), ("Ladder clip.mkv -o out", "vtx ladder"),
            ("help probr", "vtx probe"), ("help foo", "probe, transcode"), ("dance clip.mkv", "probe, transcode"),
            ("convert clip.mkv", "vtx transcode"), ("clip.mkv -o out.mp4", "vtx transcode clip.mkv"),
            ("-i clip.mkv out.mp4", "vtx transcode clip.mkv -o out.mp4"),
        ])
    func command(line: String, hint: String) throws { try expect(line, [hint]) }

    @Test("A file whose name begins with a dash is no request for help")
    func dash() throws {
        try put("clip.mkv", as: "-dash.3gp")
        try put("clip.mkv", as: "-holiday.mov")
        try expect("transcode -dash.3gp -o out.mp4", ["-dash.3gp", "'./-dash.3gp'"])
        try expect("probe clip.mkv -holiday.mov", ["'./-holiday.mov'"])
        try expect("probe -h265.mkv", ["'./-h265.mkv'"])
        try expect("transcode clip.mkv -o out.mp4 -qh", ["-qh", "--help"])
        let probed = try vtx("probe", "--", "-dash.3gp", in: folder.path)
        #expect(probed.status == 0 && probed.output.contains("-dash.3gp"), "\(probed.summary)")
        for words in [["transcode", "-h"], ["probe", "--help"], ["help"], ["help", "ladder"]] {
            let help = try startVTX(words).wait(within: 30)
            #expect(help.status == 0 && help.output.contains("USAGE"), "\(help.summary)")
        }
    }

    @Test(
        "An option that does not exist is answered with the one that was meant, or with none",
        arguments: [
            ("--heigth 90", "--height?"), ("-height 90", "--height?"), ("-i clip.mkv", "no option"),
            ("-y", "--overwrite"),
            ("-f mp4", "--container"), ("-c:v libx264", "--video"), ("-b:a 96k", "--audio-bitrate"),
            ("-ss 1", "--start"),
            ("--rungs 90p", "vtx ladder"), ("--foo", "vtx transcode --help"), ("-Z", "vtx transcode --help"),
        ])
    func option(words: String, hint: String) throws {
        try expect("transcode clip.mkv -o out.mp4 \(words)", [hint])
        let result = try run("transcode clip.mkv -o out.mp4 \(words)")
        #expect(!result.errors.contains("mean --json") && !result.errors.contains("mean --fit"), "\(result.errors)")
    }

    @Test(
        "Inputs and outputs that are missing, too many or not possible",
        arguments: [
            ("transcode clip.mkv", 64, "vtx transcode clip.mkv -o"),
            ("transcode -o out.mp4", 64, "vtx transcode INPUT"),
            ("package clip.mkv", 64, "clip.mkv -o DIR"),
            ("transcode clip.mkv other.mkv -o out.mp4", 64, "vtx batch"), ("transcode clip.mkv -o", 64, "-o"),
            ("transcode - -o out.mp4", 65, "check the program before"),
            ("transcode clip.mkv -o -", 64, "--container NAME"),
            ("ladder clip.mkv -o - --dry-run", 73, "name a directory"), ("ladder clip.mkv -o out.m3u8", 64, "-o out;"),
            ("ladder clip.mkv -o out.mp4", 64, "vtx transcode"),
            ("package clip.mkv -o out.mpd --dry-run", 64, "-o out;"),
            ("transcode clip.mkv -o out.m3u8", 64, "vtx ladder"),
        ] as [(String, Int32, String)])
    func names(line: String, status: Int32, hint: String) throws { try expect(line, status: status, [hint]) }

    @Test(
        "A value that is refused is answered with the forms that are taken",
        arguments: [
            ("--start tomorrow", "1m30s"), ("--bitrate fast", "2.5M"), ("--height tall", "720p"),
            ("--size 9", "1280x720"),
            ("--max-memory lots", "800M"), ("--fps often", "29.97"), ("--video h263", "h264, hevc"), ("--crf x", "23"),
            ("--audio-codec vorbis", "opus"), ("--hdr maybe", "tonemap, keep"), ("--option foo", "tune=film"),
        ])
    func value(words: String, hint: String) throws {
        try expect("transcode clip.mkv -o out.mp4 \(words)", [hint, "invalid value"])
        let batch = try run("batch . -o ../out-\(UUID().uuidString) \(words)")
        #expect(batch.status == 64 && batch.errors.contains(hint) && !batch.errors.contains("?  "), "\(batch.errors)")
    }

    @Test(
        "Values as people write them are taken",
        arguments: [
            (["--start", "0m1s"], "skipped.seconds", "1"), (["--height", "90p"], "video.encode.size.height", "90"),
            (["--bitrate", "0.5MB"], "video.encode.rate.average", "500000"),
            (["--video", "h265"], "video.encode.codec", "hevc"), (["--video", "X264"], "video.encode.codec", "h264"),
            (["--audio-codec", "libopus"], "audio.0.encode.codec", "opus"),
            (["--max-memory", "2GB"], "video.encode.codec", "h264"),
        ])
    func forms(words: [String], path: String, value: String) throws {
        let result = try startVTX(
            ["transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--dry-run", "--json"] + words
        ).wait(within: 30)
        #expect(result.status == 0, "\(result.summary)")
        let plan = try #require(result.json().last)
        let found: Any? = plan.value(path)
        let shown = found.map { "\($0)" } ?? "nothing"
        #expect(shown == value || shown == value + ".0", "\(path) is \(shown)")
    }

    @Test("An encoder option that does not exist is refused by a dry run as by the run")
    func encoderOption() throws {
        for end in ["", " --dry-run"] { try expect("transcode clip.mkv -o out.mp4 --option foo=1\(end)", ["'foo'"]) }
        let preset = try folder.write("video: {h264: {options: {foo: 1}}}\n", to: "mine.yaml")
        #expect(preset.hasSuffix("mine.yaml"))
        try expect("ladder clip.mkv -o out --preset mine.yaml --dry-run", ["'foo'"])
        let good = try vtx(
            "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--option", "tune=film", "--dry-run")
        #expect(good.status == 0, "\(good.summary)")
    }

    @Test("A preset file that is wrong is answered with the place, in one line")
    func preset() throws {
        for (text, words) in [
            ("video: {h264: [\n", ["mine.yaml:", "invalid YAML"]),
            ("video: {h264: {crf: high}}\n", ["video.h264.crf", "a number"]),
        ] {
            _ = try folder.write(text, to: "mine.yaml")
            try expect("transcode clip.mkv -o out.mp4 --preset mine.yaml", words)
            #expect(try run("transcode clip.mkv -o out.mp4 --preset mine.yaml").errors.contains("?") == false)
        }
    }

    @Test("What a job has made is told on standard output, and not with --quiet")
    func results() throws {
        let fast = ["--speed", "ultrafast"]
        let made = try startVTX(["ladder", fixture("clip.mkv"), "-o", folder.file("p")] + fast).wait(within: 60)
        #expect(
            made.status == 0 && made.output.contains("average") && !made.errors.contains("average"), "\(made.summary)")
        let packed = try vtx("package", fixture("clip.mkv"), "-o", folder.file("q"))
        #expect(packed.output.contains("1 segment,") && !packed.errors.contains("1 segment"), "\(packed.summary)")
        let quiet = try vtx("package", fixture("clip.mkv"), "-o", folder.file("r"), "--quiet")
        #expect(quiet.status == 0 && quiet.output.isEmpty, "\(quiet.summary)")
        let json = try vtx("package", fixture("clip.mkv"), "-o", folder.file("s"), "--json")
        #expect(json.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    }

    @Test("A batch takes no parts of packages for media, whoever made them", .needsOracle)
    func packages() throws {
        let tree = folder.file("tree")
        try FileManager.default.createDirectory(atPath: tree + "/dash", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: tree + "/clip.mkv")
        for kind in [["--segments", "ts"], [], ["--single-file"]] {
            let made = try startVTX(
                ["package", fixture("clip.mkv"), "-o", tree + "/own\(kind.joined())"] + kind
            ).wait(within: 60)
            #expect(made.status == 0, "\(made.summary)")
        }
        let source = ["-f", "lavfi", "-i", "testsrc2=s=64x48:d=2", "-c:v", "libx264", "-g", "25"]
        _ = try Oracle.ffmpeg(source + ["-hls_time", "1", "-hls_list_size", "0", tree + "/talk.m3u8"])
        _ = try Oracle.ffmpeg(source + ["-seg_duration", "1", "-f", "dash", tree + "/dash/manifest.mpd"])
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: tree + "/half.mkv.part")
        let result = try vtx("batch", tree, "-o", folder.file("out"), "--dry-run", "--json")
        let planned = result.json().filter { $0.type == "planned" }.compactMap { line -> String? in line.value("source")
        }
        #expect(planned == ["clip.mkv"], "\(result.summary)")
        let found = try #require(result.json().first { $0.type == "found" })
        let (packaged, unfinished): (Int?, Int?) = (found.value("skipped.packaged"), found.value("skipped.unfinished"))
        #expect(try #require(packaged) > 5 && unfinished == 1)
    }
}
