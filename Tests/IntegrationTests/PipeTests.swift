// Standard input and standard output: the same as files, and nothing left behind.

import Foundation
import Glibc
import Testing

@Suite("pipes", .timeLimit(.minutes(60)))
struct PipeTests {
    let folder: Folder
    /// Where vtx keeps what comes in; empty afterwards.
    let temporary: Folder

    init() throws {
        folder = try Folder()
        temporary = try Folder()
    }

    /// Runs a line of bash, in which `$VTX` is the program, with the files of the test as `$1`, `$2` …
    private func start(_ line: String, _ files: [String], environment: [String: String] = [:]) throws -> Program {
        let own = ["VTX": try vtxBinary(), "TMPDIR": temporary.path].merging(environment) { $1 }
        return try Program("/bin/bash", ["-c", line, "bash"] + files, in: folder.path, environment: own)
    }

    @discardableResult
    private func bash(
        _ line: String, _ files: String..., status: Int32? = 0, environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) throws -> ProgramResult {
        let result = try start("set -o pipefail; \(line)", files, environment: environment).wait(within: 100)
        if let status { #expect(result.status == status, "\(line)\n\(result.summary)", sourceLocation: location) }
        #expect(temporary.names.isEmpty, "\(line)", sourceLocation: location)
        return result
    }

    /// A fixture, and the options with which it becomes an output of some container.
    private static let fast = ["--speed", "ultrafast"]

    @Test(
        "What comes through a pipe gives the output that a file gives", .needsOracle,
        arguments: [
            "clip.mkv", "late_start.ts", "fragmented.mp4", "interlaced.mpg", "mjpeg.avi", "odd.webm", "vfr.mp4",
            "no_duration.mkv", "late_audio.mp4", "cover.m4a", "hdr.mp4", "resized.ts", "subtitle_last.mp4",
        ])
    func input(name: String) throws {
        var source = fixture(name)
        if name == "subtitle_last.mp4" {
            // The index at the end: nothing can be said before all of it is there.
            source = folder.file(name)
            try Oracle.ffmpeg(["-i", fixture("clip.mkv"), "-map", "0", "-c", "copy", "-c:s", "mov_text", source])
        }
        let isAudio = name.hasSuffix(".m4a")
        let options = isAudio ? "" : "--speed ultrafast"
        let end = isAudio ? "m4a" : "mkv"
        try bash("\"$VTX\" transcode \"$1\" -o file.\(end) \(options)", source)
        let result = try bash("cat \"$1\" | \"$VTX\" transcode - pipe.\(end) \(options)", source)
        #expect(!result.errors.contains("error"), "\(result.errors)")
        let (file, pipe) = (folder.file("file.\(end)"), folder.file("pipe.\(end)"))
        let streams = try Oracle.describe(file).streams
        #expect(try Oracle.describe(pipe).streams.map(\.codecName) == streams.map(\.codecName))
        for stream in streams where stream.codecType != "attachment" {
            #expect(
                try Oracle.hashes(pipe, "\(stream.index)") == Oracle.hashes(file, "\(stream.index)"), "\(stream.index)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data(contentsOf: URL(fileURLWithPath: pipe)))
    }

    @Test("A file by redirection is read where it is; what was read of it before is left out")
    func redirected() throws {
        // There is no place for a copy.
        try bash(
            "\"$VTX\" transcode - out.mkv --speed ultrafast < \"$1\"", fixture("clip.mkv"),
            environment: ["TMPDIR": "/nonexistent"])
        let copied = try bash(
            "\"$VTX\" transcode - other.mkv --speed ultrafast < <(cat \"$1\")", fixture("clip.mkv"), status: 73,
            environment: ["TMPDIR": "/nonexistent"])
        #expect(copied.errors.contains("TMPDIR"), "\(copied.errors)")
        #expect(folder.names == ["out.mkv"])
        try bash(
            "(head -c 100 > /dev/null; \"$VTX\" probe -) < <(head -c 100 /dev/zero; cat \"$1\")", fixture("clip.mkv"))
        _ = try folder.write(String(repeating: "x", count: 100), to: "prefix")
        try bash(
            "cat prefix \"$1\" > both; (dd bs=100 count=1 status=none > /dev/null; \"$VTX\" probe -) < both",
            fixture("clip.mkv"))
    }

    @Test("Probe, ladder and extract read standard input too")
    func commands() throws {
        let probe = try bash("cat \"$1\" | \"$VTX\" probe - --deep --json", fixture("clip.mkv"))
        #expect(probe.json().last?.value("media.path") == "/dev/stdin")
        try bash("cat \"$1\" | \"$VTX\" extract - -o frame.png --at 1", fixture("clip.mkv"))
        try bash("cat \"$1\" | \"$VTX\" extract - -o text.srt", fixture("clip.mkv"))
        try bash("cat \"$1\" | \"$VTX\" ladder - -o package --speed ultrafast", fixture("clip.mkv"))
        #expect(folder.names == ["frame.png", "package", "text.srt"])
        for command in ["package - -o other", "join - \"$1\" -o other.mp4"] {
            let refused = try bash("cat \"$1\" | \"$VTX\" \(command)", fixture("clip.mkv"), status: 66)
            #expect(refused.errors.contains("standard input"), "\(refused.errors)")
        }
        #expect(folder.names.count == 3)
    }

    @Test("Nothing, a directory and a closed input are told")
    func nothing() throws {
        for (line, status, words) in [
            ("true | \"$VTX\" transcode - out.mp4", 65, "nothing came in"),
            ("\"$VTX\" transcode - out.mp4 < /dev/null", 65, "nothing came in"),
            ("\"$VTX\" transcode - out.mp4 < \"$1\"", 65, "nothing came in"),
            ("\"$VTX\" transcode - out.mp4 < .", 66, "directory"), ("\"$VTX\" transcode - out.mp4 <&-", 66, "closed"),
            ("\"$VTX\" transcode -- - out.mp4 <&-", 66, "closed"), ("\"$VTX\" transcode ./- out.mp4", 66, "./-"),
            ("echo no media | \"$VTX\" transcode - out.mp4", 65, "/dev/stdin"),
        ] as [(String, Int32, String)] {
            let result = try bash(line, fixture("empty.mp4"), status: status)
            #expect(result.errors.contains(words), "\(line): \(result.errors)")
            #expect(result.errors.contains("hint:"), "\(line): \(result.errors)")
        }
        #expect(folder.names.isEmpty)
    }

    @Test("A file that is called - is ./-")
    func dash() throws {
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: folder.file("-"))
        try bash("\"$VTX\" transcode ./- -o out.mkv --speed ultrafast")
        try bash("\"$VTX\" transcode out.mkv -o ./- --container mp4 --overwrite --speed ultrafast")
        #expect(folder.names == ["-", "out.mkv"])
    }

    @Test("Neither side may be a terminal")
    func terminal() throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        defer { close(terminal) }
        var (locked, number): (Int32, Int32) = (0, 0)
        // TIOCSPTLCK and TIOCGPTN: the calls that stand for them are none that Swift imports.
        try #require(terminal >= 0 && ioctl(terminal, 0x4004_5431, &locked) == 0)
        try #require(ioctl(terminal, 0x8004_5430, &number) == 0)
        let name = "/dev/pts/\(number)"
        let input = try bash("\"$VTX\" transcode - out.mp4 < \(name)", status: 66)
        #expect(input.errors.contains("terminal"), "\(input.errors)")
        let output = try bash(
            "\"$VTX\" transcode \"$1\" -o - --container mkv > \(name)", fixture("clip.mkv"), status: 73)
        #expect(output.errors.contains("terminal"), "\(output.errors)")
        #expect(folder.names.isEmpty)
    }

    @Test(
        "A source that ends early is judged as a file is", .needsOracle, arguments: ["truncated.mp4", "truncated.mkv"])
    func truncated(name: String) throws {
        let result = try bash("cat \"$1\" | \"$VTX\" transcode - out.mp4 --speed ultrafast", fixture(name), status: 65)
        #expect(folder.names.isEmpty)
        let other = try bash("\"$VTX\" transcode \"$1\" out.mp4 --speed ultrafast", fixture(name), status: 65)
        #expect(
            result.errors.replacingOccurrences(of: "/dev/stdin", with: "X")
                == other.errors.replacingOccurrences(of: fixture(name), with: "X"))
        try bash("cat \"$1\" | \"$VTX\" transcode - out.mp4 --allow-truncated --speed ultrafast", fixture(name))
        #expect(folder.names == ["out.mp4"])
    }

    @Test("An output that exists is told before anything is read")
    func existing() throws {
        _ = try folder.write("mine", to: "out.mp4")
        // Whoever writes would never end.
        let result = try bash("\"$VTX\" transcode - out.mp4 < <(sleep 60)", status: 73)
        #expect(result.elapsed < 50)
        let named = try bash("\"$VTX\" transcode - -o - < <(sleep 60)", status: 64)
        #expect(named.errors.contains("--container"), "\(named.errors)")
    }

    @Test("A signal while standard input is read leaves nothing", arguments: [SIGTERM, SIGINT, SIGKILL])
    func terminatedWhileReading(signal: Int32) throws {
        #expect(mkfifo(folder.file("fifo"), 0o600) == 0)
        let program = try start("exec \"$VTX\" transcode - out.mp4 < fifo", [])
        let writer = open(folder.file("fifo"), O_WRONLY)
        defer { close(writer) }
        let data = try Data(contentsOf: URL(fileURLWithPath: fixture("clip.mkv")))
        #expect(data.withUnsafeBytes { write(writer, $0.baseAddress, $0.count) } == data.count)
        // Until its copy has everything that was written.
        while FileManager.default.attributesSize("/proc/\(program.pid)/fd/0") != data.count { usleep(10_000) }
        program.send(signal)
        let result = try program.wait(within: 60)
        switch signal {
        case SIGKILL: #expect(result.signal == SIGKILL)
        default:
            #expect(result.status == (signal == SIGINT ? 130 : 143), "\(result.summary)")
            #expect(result.errors.contains("nothing was written"), "\(result.errors)")
        }
        #expect(folder.names == ["fifo"] && temporary.names.isEmpty)
    }

    // MARK: Output

    @Test(
        "What is written to a pipe has the frames and times of a file", .needsOracle,
        arguments: [
            ("clip.mkv", "mp4"), ("clip.mkv", "mov"), ("clip.mkv", "m4v"), ("clip.mkv", "mkv"),
            ("late_audio.mp4", "mp4"),
            ("late_audio.mp4", "mkv"), ("late_video.mp4", "mp4"), ("late_start.ts", "mp4"), ("vfr.mp4", "mp4"),
            ("odd.webm", "webm"), ("silent.mp4", "mp4"), ("cover.m4a", "m4a"), ("cover.mp3", "mp3"),
            ("cover.mp3", "flac"),
            ("mono8k.wav", "wav"), ("cover.mp3", "ogg"), ("cover.m4a", "opus"), ("hdr.mp4", "mp4"), ("clip.mkv", "ts"),
        ])
    func output(source: String, container: String) throws {
        let isVideo = ["mp4", "mov", "m4v", "mkv", "ts"].contains(container)
        let options = isVideo ? "--speed ultrafast" : container == "webm" ? "--speed 8" : ""
        try bash("\"$VTX\" transcode \"$1\" -o file.\(container) \(options)", fixture(source))
        let result = try bash(
            "\"$VTX\" transcode \"$1\" -o - --container \(container) \(options) | cat > pipe.\(container)",
            fixture(source))
        #expect(result.output.isEmpty && result.errors.contains("standard output:"), "\(result.summary)")
        let (file, pipe) = (folder.file("file.\(container)"), folder.file("pipe.\(container)"))
        #expect(try Oracle.decodeErrors(pipe) == "")
        let (one, other) = (try Oracle.describe(file), try Oracle.describe(pipe))
        let lacksCover = isVideo || ["m4a", "mp3"].contains(container)
        #expect(
            other.streams.map(\.codecName) == one.streams.filter { !lacksCover || !$0.isCover }.map(\.codecName))
        #expect(other.chapters.map(\.start) == one.chapters.map(\.start))
        for stream in one.streams where !stream.isCover && ["video", "audio"].contains(stream.codecType) {
            let name = "\(stream.index)"
            #expect(try Oracle.hashes(pipe, name) == Oracle.hashes(file, name), "packets of \(name)")
        }
        if !one.video.isEmpty {
            #expect(try Oracle.hashes(pipe, "v:0", decoded: true) == Oracle.hashes(file, "v:0", decoded: true))
            let (times, others) = (try Oracle.frameTimes(file), try Oracle.frameTimes(pipe))
            #expect(times.count == others.count && zip(times, others).allSatisfy { abs($0 - $1) < 0.0011 })
        }
        // The first packet of audio is the encoder's delay, which a reader of fragments counts, and one of files does not.
        for (index, stream) in one.audio.enumerated() {
            #expect(abs(other.audio[index].start - stream.start) < 0.05)
        }
        // libav lets the empty sample after the last cue of a fragment last as long as that cue.
        let tolerance = one.subtitles.isEmpty || !["mp4", "mov", "m4v"].contains(container) ? 0.06 : 1
        if !["wav", "flac", "mp3"].contains(container) { #expect(abs(other.duration - one.duration) < tolerance) }
    }

    @Test(
        "Languages and tags that libav does not write are in the beginning of the stream", .needsOracle,
        arguments: ["mp4", "mov", "mkv", "webm"])
    func labels(container: String) throws {
        let options =
            "--subtitle-file pt-BR:\"$2\" --metadata a:1:language=zh-Hant --metadata com.example.key=value --metadata title=Name"
        let speed = container == "webm" ? "8" : "ultrafast"
        for (name, rest) in [
            ("file", "-o file.\(container)"), ("pipe", "-o - --container \(container) | cat > pipe.\(container)"),
        ] {
            try bash(
                "\"$VTX\" transcode \"$1\" \(options) --speed \(speed) \(rest)", fixture("clip.mkv"),
                fixture("subtitles.srt"))
            let probe = try vtx("probe", folder.file("\(name).\(container)"), "--json").json().last
            let languages = (probe?.value("media.streams") as [[String: Any]]?)?.map { $0["language"] as? String ?? "" }
            #expect(languages?.contains("pt-BR") == true && languages?.contains("zh-Hant") == true, "\(name)")
            let tags = probe?.value("media.metadata") as [String: String]?
            #expect(
                tags?.contains { $0.key.lowercased() == "com.example.key" && $0.value == "value" } == true, "\(name)")
            #expect(tags?.contains { $0.key.lowercased() == "title" && $0.value == "Name" } == true, "\(name)")
            #expect(tags?.values.contains { $0.contains("##") } == false, "\(name)")
        }
    }

    @Test("Both at once; two passes and loudness read the source again", .needsOracle)
    func both() throws {
        let options = "--two-pass --bitrate 300k --loudness -20 --speed ultrafast"
        try bash("\"$VTX\" transcode \"$1\" -o file.mkv \(options)", fixture("clip.mkv"))
        try bash(
            "cat \"$1\" | \"$VTX\" transcode - - --container mkv \(options) | cat > pipe.mkv", fixture("clip.mkv"))
        // x264's second pass is not the same each time.
        for stream in ["a:0", "a:1", "s:0"] {
            #expect(
                try Oracle.hashes(folder.file("pipe.mkv"), stream) == Oracle.hashes(folder.file("file.mkv"), stream))
        }
        #expect(try Oracle.frameTimes(folder.file("pipe.mkv")) == Oracle.frameTimes(folder.file("file.mkv")))
        #expect(folder.names == ["file.mkv", "pipe.mkv"])
        try bash(
            "\"$VTX\" transcode - - --container mp4 --video copy --audio-codec copy < \"$1\" > copy.mp4",
            fixture("clip.mkv"))
        #expect(
            try Oracle.hashes(folder.file("copy.mp4"), "v:0", decoded: true)
                == Oracle.hashes(fixture("clip.mkv"), "v:0", decoded: true))
    }

    @Test("A reader that ends before its time is an error, not a crash")
    func reader() throws {
        let result = try bash(
            "\"$VTX\" transcode \"$1\" -o - --container mkv --crf 1 --speed ultrafast | head -c 1000 > /dev/null; echo ${PIPESTATUS[0]}",
            fixture("clip.mkv"))
        #expect(result.output == "74\n" && result.errors.contains("Broken pipe"), "\(result.summary)")
        #expect(result.errors.contains("standard output"))
    }

    @Test("A job that fails after something was written says that it is incomplete")
    func failure() throws {
        let result = try bash(
            "\"$VTX\" transcode \"$1\" -o - --container mkv --speed ultrafast -q > out.mkv", fixture("truncated.mkv"),
            status: 65)
        #expect(result.errors.contains("what was written to standard output is incomplete"), "\(result.errors)")
        let early = try bash(
            "\"$VTX\" transcode \"$1\" -o - --container mkv > out.mkv", fixture("nomoov.mp4"), status: 65)
        #expect(!early.errors.contains("incomplete"), "\(early.errors)")
    }

    @Test("A signal after something was written says that it is incomplete")
    func terminatedWhileWriting() throws {
        #expect(mkfifo(folder.file("fifo"), 0o600) == 0)
        let program = try start(
            "exec \"$VTX\" transcode \"$1\" -o - --container mkv --video ffv1 --crf 1 > fifo".replacingOccurrences(
                of: " --crf 1", with: ""),
            [fixture("clip.mkv")])
        let reader = open(folder.file("fifo"), O_RDONLY)
        defer { close(reader) }
        var byte: UInt8 = 0
        #expect(read(reader, &byte, 1) == 1)
        program.send(SIGTERM)
        let result = try program.wait(within: 60)
        #expect(result.status == 143, "\(result.summary)")
        #expect(result.errors.contains("incomplete"), "\(result.errors)")
        #expect(temporary.names.isEmpty)
    }

    @Test(
        "What a pipe has no place for is refused",
        arguments: [
            ("transcode $1 -o -", 64, "use --container NAME; possible are mp4, m4v, mov, webm, mkv, ts, m4a"),
            ("transcode $1 -o - --container avi", 64, "AVI cannot be written to standard output"),
            ("transcode $1 -o - --container mp4 --json", 64, "--json and -o - cannot be combined"),
            ("transcode $1 -o - --container mp4 --target-size 1M", 64, "--target-size and standard output"),
            ("transcode $1 -o - --container mp4 --preset discord", 64, "preset 'discord' and standard output"),
            ("transcode $1 -o - --container mp4 --chunk 5", 64, "--chunk and standard output"),
            ("transcode - $1 -o out/", 64, "standard input cannot be one of several"),
            ("transcode - -o out/", 64, "standard input has no name"),
            ("transcode $1 $1 -o - --container mp4", 64, "several inputs need a directory"),
            ("transcode $1 -o - --container mkv >&-", 73, "it is closed"),
            ("transcode $1 -o - --container mkv >> $1", 73, "it is a file that is read"),
            ("ladder $1 -o -", 73, "cannot write to standard output"),
            ("extract $1 -o -", 73, "cannot write to standard output"),
            ("join $1 $1 -o -", 73, "cannot write to standard output"),
        ])
    func refusals(line: String, status: Int32, words: String) throws {
        let source = folder.file("clip.mkv")
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: source)
        let size = try Data(contentsOf: URL(fileURLWithPath: source)).count
        let result = try bash("cat $1 | \"$VTX\" \(line)", source, status: status)
        #expect(result.errors.contains(words), "\(result.summary)")
        if !line.contains("--json") { #expect(result.output.isEmpty) }
        #expect(folder.names == ["clip.mkv"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: source)).count == size)
    }

    @Test("A plan for a pipe is printed, as text and as JSON")
    func plan() throws {
        let text = try bash("cat \"$1\" | \"$VTX\" transcode - - --container mp4 --dry-run", fixture("clip.mkv"))
        #expect(text.output.contains("/dev/stdin → standard output"), "\(text.output)")
        #expect(text.output.contains("output: fragmented MP4 (standard output cannot be changed"), "\(text.output)")
        let json = try bash(
            "\"$VTX\" transcode - - --container webm --dry-run --json < \"$1\"", fixture("clip.mkv"))
        #expect(json.json().last?.value("output") == "-")
        let note = try bash(
            "\"$VTX\" transcode \"$1\" -o - --container mkv --overwrite --speed ultrafast > out.mkv",
            fixture("clip.mkv"))
        #expect(note.errors.contains("--overwrite means nothing"), "\(note.errors)")
    }
}

extension FileManager {
    /// Bytes of what a path leads to.
    fileprivate func attributesSize(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }
}
