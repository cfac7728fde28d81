// The command line as hands type it: outputs without -o, several inputs, all mistakes at once.

import Foundation
import Testing

@Suite("habits", .timeLimit(.minutes(60)))
struct HabitTests {
    let folder: Folder

    init() throws {
        folder = try Folder()
        for name in ["clip.mkv", "silent.mp4"] { try put(name, as: name) }
    }

    private func put(_ name: String, as other: String) throws {
        try FileManager.default.copyItem(atPath: fixture(name), toPath: folder.file(other))
    }

    private func run(_ line: String) throws -> ProgramResult {
        try startVTX(line.split(separator: " ").map(String.init), in: folder.path).wait(within: 60)
    }

    @Test(
        "The last file is the output if nothing else is",
        arguments: [
            ("transcode clip.mkv out.mp4 --dry-run --json", "out.mp4"),
            ("transcode --height 90 clip.mkv --audio 1 out.mp4 --dry-run --json", "out.mp4"),
            ("transcode --dry-run --json -- clip.mkv -out.mp4", "-out.mp4"),
            ("ladder clip.mkv package --dry-run --json", "package"),
            ("extract clip.mkv out.png --at 1 --dry-run --json", "out.png"),
        ])
    func positional(line: String, output: String) throws {
        let result = try run(line)
        #expect(result.status == 0, "\(result.summary)")
        #expect(result.json().last?.value("output") == output)
        #expect(folder.names == ["clip.mkv", "silent.mp4"])
    }

    @Test("An output without -o does not replace a file, and a batch takes one too")
    func positionalOutputs() throws {
        let exists = try run("transcode clip.mkv silent.mp4")
        #expect(exists.status == 73 && exists.errors.contains("--overwrite"), "\(exists.summary)")
        try FileManager.default.createDirectory(atPath: folder.file("in"), withIntermediateDirectories: true)
        try put("clip.mkv", as: "in/clip.mkv")
        let batch = try run("batch in out --to mp3 --audio-bitrate 96k")
        #expect(batch.status == 0 && folder.names.contains("out"), "\(batch.summary)")
        let codecs = try Oracle.describe(folder.file("out/clip.mp3")).streams.compactMap(\.codecName)
        #expect(codecs == ["mp3"])
    }

    @Test(
        "A missing output or input is told with a command line that works",
        arguments: [
            ("extract clip.mkv", "use vtx extract clip.mkv -o NAME.png"),
            ("extract -o a.srt", "vtx extract INPUT -o a.srt"),
            ("join clip.mkv silent.mp4", "vtx join clip.mkv silent.mp4 -o NAME.mp4"),
            ("extract clip.mkv silent.mp4 -o a.png", "run it once for each file"),
        ])
    func missing(line: String, words: String) throws {
        let result = try run(line)
        #expect(
            result.status == 64 && result.errors.replacingOccurrences(of: "`", with: "").contains(words),
            "\(result.summary)")
    }

    @Test("Several inputs go to a directory, and one that fails does not keep the others", .needsOracle)
    func several() throws {
        try "no media".write(toFile: folder.file("text.mkv"), atomically: false, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: true)
        let result = try run("transcode clip.mkv text.mkv silent.mp4 -o out --speed ultrafast --json")
        #expect(result.status == 1 && result.errors.contains("text.mkv"), "\(result.summary)")
        let types = result.json().compactMap(\.type).filter { $0 != "progress" }
        #expect(types == ["header", "plan", "done", "error", "plan", "done"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted() == [
                "clip.mp4", "silent.mp4",
            ])
        #expect(try Oracle.describe(folder.file("out/silent.mp4")).streams.compactMap(\.codecName) == ["h264"])
        let named = try run("transcode clip.mkv -o out/ --container mka")
        #expect(named.status == 64)
        let one = try run("transcode clip.mkv -o out/ --container mp3 --dry-run")
        #expect(one.status == 0 && one.output.contains("out/clip.mp3"), "\(one.summary)")
    }

    @Test("Outputs that would be one file are refused before anything is written")
    func collision() throws {
        try put("clip.mkv", as: "silent.mkv")
        let result = try run("transcode silent.mkv silent.mp4 -o ./ --container webm")
        #expect(result.status == 64 && result.errors.contains("'silent.mkv' and 'silent.mp4'"), "\(result.summary)")
        let file = try run("transcode clip.mkv silent.mp4 -o out.mp4")
        #expect(file.status == 64 && file.errors.contains("-o DIR/"), "\(file.summary)")
        #expect(folder.names == ["clip.mkv", "silent.mkv", "silent.mp4"])
    }

    @Test(
        "All mistakes are reported at once",
        arguments: [
            ("transcode clip.mkv -o out.mp4 --start noon --height tall --bitrate fast", ["noon", "tall", "fast"]),
            ("transcode clip.mkv -o out.mp4 --heigth 90 --fps often --foo", ["--heigth", "often", "--foo"]),
            ("transcode clip.mkv --crf low --hdr maybe", ["low", "maybe", "no output"]),
            ("transcode clip.mkv -o out.mp4 --fps 0 --gop 0 --threads 0", ["--fps", "--gop", "--threads"]),
            ("batch . -o ../none --jobs many --height tall --nice 40", ["many", "tall", "--nice"]),
            ("ladder clip.mkv -o out --segment long --rate fast", ["long", "fast"]),
            ("serve . --port high --throttle slow", ["high", "slow"]),
        ] as [(String, [String])])
    func mistakes(line: String, words: [String]) throws {
        let result = try run(line)
        #expect(result.status == 64 && result.output.isEmpty, "\(result.summary)")
        let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == words.count, "\(result.errors)")
        for word in words { #expect(errors.contains { $0.contains(word) }, "\(word): \(result.errors)") }
        let json = try run(line + " --json").json()
        #expect(json.map(\.type) == ["header"] + words.map { _ in "error" })
    }

    @Test("Mistakes that only planning finds are reported at once too")
    func plannedMistakes() throws {
        let line = "transcode clip.mkv -o out.mp4 --crf 99 --fade 50:50 --crop 9998:2:0:0 --sample-rate 1k"
        let result = try run(line)
        let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(result.status == 64 && errors.count == 4, "\(result.errors)")
        #expect(try run(line + " --json").json().map(\.type) == ["header", "error", "error", "error", "error"])
        let ladder = try run("ladder clip.mkv -o out --crf 99 --fade 50:50")
        #expect(ladder.errors.split(separator: "\n").count { $0.hasPrefix("error: ") } == 2, "\(ladder.errors)")
        #expect(folder.names == ["clip.mkv", "silent.mp4"])
    }

    @Test("A directory for several outputs is made, and removed if nothing came of it", .needsOracle)
    func newDirectory() throws {
        let made = try run("transcode clip.mkv silent.mp4 -o new/deep/ --speed ultrafast --container mkv")
        #expect(made.status == 0, "\(made.summary)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("new/deep")).count == 2)
        let failed = try run("transcode gone.mkv none.mkv -o other/")
        #expect(failed.status == 66 && !folder.names.contains("other"), "\(failed.summary)")
        let planned = try run("transcode clip.mkv silent.mp4 -o other/ --dry-run")
        #expect(planned.status == 0 && !folder.names.contains("other"), "\(planned.summary)")
        let file = try run("transcode clip.mkv -o silent.mp4/")
        #expect(file.status == 73 && file.errors.contains("silent.mp4"), "\(file.summary)")
    }

    @Test(
        "A slip is answered with what to do",
        arguments: [
            ("transcode clip.mkv out", "use -o out/"),
            ("transcode clip.mkv clip.mkv -o out/", "'clip.mkv' is given twice"),
            ("transcode clip.mkv ./clip.mkv -o out/", "are the same file"),
            ("transcode clip.mkv out.mp4 --video-codec h264", "did you mean --video?"),
            ("ladder clip.mkv out2 --video-codec h264", "did you mean --codec?"),
            ("transcode clip.mkv out.mp4 --vcodec h264", "did you mean --video?"),
            ("transcode clip.mkv out.mp4 --acodec aac", "did you mean --audio-codec?"),
        ])
    func slips(line: String, hint: String) throws {
        try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: true)
        let result = try run(line)
        #expect([64, 73].contains(result.status) && result.errors.contains(hint), "\(result.errors)")
    }

    @Test(
        "Codecs are understood by any usual name, and others answered with what to use",
        arguments: [
            ("--video HEVC", "hevc"), ("--video h.265", "hevc"), ("--video x265", "hevc"), ("--video AVC", "h264"),
        ])
    func codecs(words: String, codec: String) throws {
        let plan = try run("transcode clip.mkv out.mkv --dry-run --json \(words)").json().last
        #expect(plan?.value("video.encode.codec") == codec)
    }

    @Test(
        "A codec that is not written is answered with one that serves",
        arguments: [
            ("--audio-codec vorbis", "use opus"), ("--audio-codec Vorbis", "use opus"), ("--video vp8", "use vp9"),
            ("--video h246", "did you mean 'h264'"), ("--audio-codec mp33", "did you mean 'mp3'"),
            ("--hdr Keep", "did you mean 'keep'"),
        ])
    func substitutes(words: String, hint: String) throws {
        let result = try run("transcode clip.mkv out.mkv \(words)")
        #expect(result.status == 64 && result.errors.contains(hint), "\(result.errors)")
    }

    @Test(
        "Seconds, sample rates and frame rates may have units",
        arguments: [
            ("--gop 2s", "video.encode.key_frame_interval", 48), ("--gop 500ms", "video.encode.key_frame_interval", 12),
            ("--sample-rate 44.1kHz", "audio.0.encode.sample_rate", 44_100),
            ("--sample-rate 48k", "audio.0.encode.sample_rate", 48_000),
        ])
    func units(words: String, path: String, value: Int) throws {
        let plan = try run("transcode clip.mkv out.mp4 --dry-run --json \(words)").json().last
        #expect(plan?.value(path) == value, "\(path)")
        let rate = try run("transcode clip.mkv out.mp4 --dry-run --json --fps 30fps").json().last
        #expect(rate?.value("video.encode.frame_rate") == "30")
    }

    @Test("A preset for a purpose makes what it says", .needsOracle)
    func purpose() throws {
        _ = try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=1440x2560:r=5:d=0.4", "-f", "lavfi", "-i", "sine=d=0.4", "-af",
            "pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3",
            folder.file("tall.mkv"),
        ])
        let result = try run("transcode tall.mkv tall.mp4 --preset phone --speed ultrafast")
        #expect(result.status == 0 && result.errors.contains("at most 720x1280"), "\(result.summary)")
        let made = try Oracle.describe(folder.file("tall.mp4"))
        #expect(made.streams.compactMap(\.codecName) == ["h264", "aac"])
        let archive = try run("transcode clip.mkv out.mkv --preset archive")
        #expect(archive.status == 0, "\(archive.summary)")
        #expect(
            try Oracle.describe(folder.file("out.mkv")).streams.compactMap(\.codecName).prefix(2) == ["ffv1", "flac"])
        let refused = try run("batch . -o ../none --preset archive --to mp4")
        #expect(refused.status == 64 && refused.errors.contains("'archive' is for MKV"), "\(refused.summary)")
        let ladder = try run("ladder clip.mkv out --preset web")
        #expect(ladder.status == 64 && ladder.errors.contains("high, medium or low"), "\(ladder.summary)")
    }
}
