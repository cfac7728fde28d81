// What is no media, or not all of it: the right exit status, at most three lines, nothing written.

import Foundation
import Testing

@Suite("bad input", .timeLimit(.minutes(60)))
struct BadInputTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    static let refused: [(name: String, status: Int32, words: String)] = [
        ("empty.mp4", 65, "the file is empty"),
        ("garbage.mp4", 65, "header"),
        ("text.mp4", 65, "header"),
        ("nomoov.mp4", 65, "moov atom not found"),
        ("concat.ffconcat", 65, "may not open anything else"),
        ("playlist.m3u8", 65, "may not open anything else"),
        ("playlist_named.mp4", 65, "may not open anything else"),
    ]

    /// An error is `error:`, perhaps `cause:` and `hint:`, and no more.
    private func checkError(_ result: ProgramResult, location: SourceLocation = #_sourceLocation) {
        let lines = result.errors.split(separator: "\n")
        #expect(lines.first?.hasPrefix("error: ") == true, "\(result.summary)", sourceLocation: location)
        #expect(lines.count <= 3, "\(result.errors)", sourceLocation: location)
        for line in lines.dropFirst() {
            #expect(
                line.hasPrefix("cause: ") || line.hasPrefix("hint: "), "\(line)", sourceLocation: location)
        }
    }

    @Test("What is no media is refused by both commands", arguments: refused)
    func noMedia(name: String, status: Int32, words: String) throws {
        let probed = try vtx("probe", fixture(name))
        #expect(probed.status == status, "\(probed.summary)")
        #expect(probed.errors.contains(words), "\(probed.errors)")
        checkError(probed)
        let made = try vtx("transcode", fixture(name), "-o", folder.file("out.mp4"))
        #expect(made.status == status, "\(made.summary)")
        #expect(made.errors.contains(words), "\(made.errors)")
        checkError(made)
        #expect(folder.names.isEmpty)
    }

    @Test(
        "What cannot be opened is exit 66",
        arguments: [
            "/nonexistent/source.mp4", "no/such/source.mp4", "https://example.com/source.mp4", "", "/tmp",
            "/dev/null",
            "/etc/passwd/source.mp4",
        ])
    func cannotOpen(path: String) throws {
        let probed = try vtx("probe", path)
        #expect(probed.status == 66, "\(probed.summary)")
        checkError(probed)
        let made = try vtx("transcode", path, "-o", folder.file("out.mp4"))
        #expect(made.status == 66, "\(made.summary)")
        checkError(made)
        #expect(folder.names.isEmpty)
    }

    @Test("A directory, a device and a loop of links are named as what they are")
    func otherInputs() throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file("a.mp4"), withDestinationPath: "b.mp4")
        try FileManager.default.createSymbolicLink(atPath: folder.file("b.mp4"), withDestinationPath: "a.mp4")
        for (path, words) in [
            ("/tmp", "batch"), ("/dev/null", "regular file"), (folder.file("a.mp4"), "symbolic links"),
        ] {
            let result = try vtx("transcode", path, "-o", folder.file("out.mp4"))
            #expect(result.status == 66, "\(result.summary)")
            #expect(result.errors.contains(words), "\(result.errors)")
            checkError(result)
        }
        #expect(folder.names == ["a.mp4", "b.mp4"])
    }

    @Test("A photograph is a still image, and no list or broken MP4", .needsOracle)
    func photograph() throws {
        let jpeg = folder.file("photo.jpg")
        _ = try Oracle.ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=64x48", "-frames:v", "1", "-f", "mjpeg", jpeg])
        let heic = folder.file("photo.heic")
        // A brand, and no index.
        var bytes: [UInt8] = [0, 0, 0, 16]
        bytes += Array("ftypheic".utf8)
        bytes += [0, 0, 0, 0, 0, 0, 1, 0]
        bytes += Array("mdat".utf8)
        bytes += [UInt8](repeating: 0, count: 248)
        try Data(bytes).write(to: URL(fileURLWithPath: heic))
        for path in [jpeg, heic] {
            let result = try vtx("probe", path)
            #expect(result.status == 69, "\(result.summary)")
            #expect(result.errors.contains("still image"), "\(result.errors)")
            checkError(result)
        }
    }

    @Test(
        "A cut of a truncated source does not change what its header says", .needsOracle)
    func truncatedCut() throws {
        let whole = folder.file("whole.mp4")
        _ = try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=160x120:d=20", "-movflags", "+faststart", whole,
        ])
        let data = try Data(contentsOf: URL(fileURLWithPath: whole))
        let cut = folder.file("cut.mp4")
        try data.prefix(data.count * 2 / 5).write(to: URL(fileURLWithPath: cut))
        let result = try vtx("transcode", cut, "-o", folder.file("o.mp4"), "--duration", "12", "--speed", "ultrafast")
        #expect(result.status == 65, "\(result.summary)")
        #expect(result.errors.contains("its header says 0:00:20"), "\(result.errors)")
    }

    @Test(
        "What opens but cannot be transcoded is refused, and nothing is left",
        arguments: [
            ("data_only.mov", [65]), ("unknown_codec.mp4", [65, 69]), ("truncated.mp4", [65]),
            ("truncated.mkv", [65]),
        ] as [(String, Set<Int32>)])
    func cannotTranscode(name: String, statuses: Set<Int32>) throws {
        for output in ["out.mp4", "out.mkv"] {
            let result = try vtx(
                "transcode", fixture(name), "-o", folder.file(output), "--speed", "ultrafast", "--quiet")
            #expect(statuses.contains(result.status ?? -1), "\(result.summary)")
            checkError(result)
            #expect(folder.names.isEmpty)
        }
    }

    @Test("A truncated source is refused when copied, too", arguments: ["truncated.mp4", "truncated.mkv"])
    func truncatedCopy(name: String) throws {
        let result = try vtx(
            "transcode", fixture(name), "-o", folder.file("out.mkv"), "--video", "copy", "--audio-codec",
            "copy")
        #expect(result.status == 65, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test(
        "With --allow-truncated what is there is kept, and said", .needsOracle,
        arguments: ["truncated.mp4", "truncated.mkv"])
    func allowTruncated(name: String) throws {
        let output = folder.file("out.mp4")
        let result = try transcode(fixture(name), to: output, "--allow-truncated")
        #expect(result.errors.contains("warning: "))
        #expect(folder.names == ["out.mp4"])
        let duration = try Oracle.describe(output).duration
        #expect(duration > 0.8 && duration < 2.5, "\(duration)")
        #expect(try Oracle.decodeErrors(output).isEmpty)
    }

    @Test(
        "A playlist opens nothing else",
        arguments: ["playlist.m3u8", "playlist_named.mp4", "concat.ffconcat"])
    func opensNothingElse(name: String) throws {
        // The list points at a pipe that nobody writes to: whoever opens it hangs, and the limit tells.
        let list = try String(contentsOfFile: fixture(name), encoding: .utf8)
            .replacingOccurrences(of: "late_start.ts", with: "bait.ts")
            .replacingOccurrences(of: "clip.mkv", with: "bait.ts")
        let input = try folder.write(list, to: name)
        #expect(mkfifo(folder.file("bait.ts"), 0o600) == 0)
        for arguments in [["probe", "--deep", input], ["transcode", input, "-o", folder.file("out.mp4")]] {
            let result = try startVTX(arguments).wait(within: 20)
            #expect(result.status == 65, "\(result.summary)")
        }
        #expect(folder.names == ["bait.ts", name].sorted())
    }

    @Test("A subtitle file that is a list of files is refused")
    func subtitleList() throws {
        let result = try vtx(
            "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--subtitle-file",
            fixture("playlist_named.mp4"))
        #expect(result.status == 65, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test("An error is also a JSON line")
    func errorLine() throws {
        let result = try vtx("transcode", fixture("nomoov.mp4"), "-o", folder.file("out.mp4"), "--json")
        #expect(result.status == 65)
        let lines = result.json()
        #expect(lines.map(\.type) == ["header", "error"])
        #expect(lines.last?.value("exit_status") == 65)
        #expect(lines.last?.value("path") == fixture("nomoov.mp4"))
        #expect(lines.last?["message"] is String && lines.last?["cause"] is String)
    }

    @Test("A file name with control characters cannot move the cursor")
    func controlCharacters() throws {
        let result = try vtx("probe", "/nonexistent/\u{1B}[2J\nerror: fake.mp4")
        #expect(result.status == 66)
        #expect(!result.errors.contains("\u{1B}"))
        #expect(result.errors.split(separator: "\n").filter { $0.hasPrefix("error:") }.count == 1)
    }
}
