// A finished output or none: existing files, the input itself, full disks, signals.

import Foundation
import Glibc
import Testing

@Suite("safety", .timeLimit(.minutes(60)))
struct SafetyTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func contents(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test("An existing output is replaced only with --overwrite")
    func existing() throws {
        let output = try folder.write("mine", to: "out.mp4")
        let refused = try vtx("transcode", fixture("silent.mp4"), "-o", output, "--speed", "ultrafast")
        #expect(refused.status == 73, "\(refused.summary)")
        #expect(refused.errors.contains("--overwrite"))
        #expect(try contents(output) == Data("mine".utf8))
        try transcode(fixture("silent.mp4"), to: output, "--overwrite")
        #expect(try contents(output).count > 10_000)
        #expect(folder.names == ["out.mp4"])
    }

    @Test("A failed job leaves the file it was to replace")
    func failedReplacement() throws {
        let output = try folder.write("mine", to: "out.mp4")
        let result = try vtx(
            "transcode", fixture("truncated.mp4"), "-o", output, "--overwrite", "--speed", "ultrafast")
        #expect(result.status == 65)
        #expect(try contents(output) == Data("mine".utf8))
        #expect(folder.names == ["out.mp4"])
    }

    @Test(
        "The input is never written onto, by whatever name",
        arguments: ["same", "symbolic link", "hard link", "other spelling", "link to folder"])
    func input(kind: String) throws {
        let files = FileManager.default
        let source = folder.file("source.mp4")
        try files.copyItem(atPath: fixture("silent.mp4"), toPath: source)
        let before = try contents(source)
        var output = source
        switch kind {
        case "symbolic link":
            output = folder.file("link.mp4")
            try files.createSymbolicLink(atPath: output, withDestinationPath: source)
        case "hard link":
            output = folder.file("link.mp4")
            try files.linkItem(atPath: source, toPath: output)
        case "other spelling": output = folder.path + "/./source.mp4"
        case "link to folder":
            try files.createSymbolicLink(atPath: folder.file("here"), withDestinationPath: folder.path)
            output = folder.file("here/source.mp4")
        default: break
        }
        let names = folder.names
        let result = try vtx("transcode", source, "-o", output, "--overwrite", "--speed", "ultrafast")
        #expect(result.status == 73, "\(result.summary)")
        #expect(result.errors.contains("it is the input"))
        #expect(try contents(source) == before)
        #expect(folder.names == names)
    }

    @Test("A subtitle file is not written onto either")
    func subtitleFile() throws {
        let subtitles = folder.file("source.mkv")
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: subtitles)
        let before = try contents(subtitles)
        let result = try vtx(
            "transcode", fixture("silent.mp4"), "-o", subtitles, "--subtitle-file", subtitles, "--overwrite",
            "--speed", "ultrafast")
        try #require(result.status == 73)
        #expect(try contents(subtitles) == before)
    }

    @Test(
        "Where nothing can be created is exit 73",
        arguments: ["missing/out.mp4", "file/out.mp4", "folder.mp4", "pipe.mp4"])
    func cannotCreate(name: String) throws {
        _ = try folder.write("x", to: "file")
        try FileManager.default.createDirectory(
            atPath: folder.file("folder.mp4"), withIntermediateDirectories: false)
        #expect(mkfifo(folder.file("pipe.mp4"), 0o600) == 0)
        let names = folder.names
        let result = try vtx("transcode", fixture("silent.mp4"), "-o", folder.file(name), "--overwrite")
        #expect(result.status == 73, "\(result.summary)")
        #expect(folder.names == names)
    }

    @Test("A name too long for the file system is refused before the work")
    func tooLong() throws {
        let result = try vtx(
            "transcode", fixture("silent.mp4"), "-o",
            folder.file(String(repeating: "n", count: 300) + ".mp4"), "--speed", "ultrafast")
        #expect(result.status == 73, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test("A symbolic link to an output elsewhere is replaced, not followed into nothing")
    func danglingLink() throws {
        let output = folder.file("out.mp4")
        try FileManager.default.createSymbolicLink(
            atPath: output, withDestinationPath: folder.file("gone/away.mp4"))
        let result = try vtx("transcode", fixture("silent.mp4"), "-o", output, "--speed", "ultrafast")
        // Either is fine; a crash or half a file is not.
        #expect([0, 73].contains(result.status ?? -1), "\(result.summary)")
        #expect(folder.names == ["out.mp4"])
    }

    @Test(
        "A folder without write permission is exit 73",
        .enabled(if: geteuid() != 0, "skipped: root may write anywhere"))
    func noPermission() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        }
        #expect(try vtx("transcode", fixture("silent.mp4"), "-o", folder.file("out.mp4")).status == 73)
    }

    @Test(
        "A package folder that cannot be read is exit 73, with the reason",
        .enabled(if: geteuid() != 0, "skipped: root may read anything"))
    func unreadablePackageFolder() throws {
        let output = folder.file("package")
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: output + "/other.txt"))
        try FileManager.default.setAttributes([.posixPermissions: 0o300], ofItemAtPath: output)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: output) }
        for options in [[], ["--overwrite"]] {
            let made = try startVTX(["package", fixture("silent.mp4"), "-o", output] + options).wait(within: 100)
            #expect(made.status == 73 && made.errors.contains("Permission denied"), "\(made.summary)")
        }
    }

    @Test(
        "Names that look like options, protocols or patterns are only names",
        arguments: [
            "a:b|c.mp4", "concat:x.mp4", "%03d.mp4", "with space.mp4", "ünïcödé.mp4", "tee'.mp4",
        ])
    func oddNames(name: String) throws {
        let source = folder.file("in-" + name)
        try FileManager.default.copyItem(atPath: fixture("silent.mp4"), toPath: source)
        try transcode(source, to: folder.file(name), "--video", "copy")
        #expect(folder.names == ["in-" + name, name].sorted())
        // Relative, as most people type it.
        let relative = try vtx(
            "transcode", "in-" + name, "-o", name, "--overwrite", "--video", "copy", in: folder.path)
        #expect(relative.status == 0, "\(relative.summary)")
    }

    // MARK: Full disk

    /// A small file system of its own; `nil` where mounting is not permitted.
    private final class SmallDisk {
        let path: String

        init?(in folder: Folder, size: String) {
            path = folder.file("disk")
            mkdir(path, 0o700)
            guard mount("tmpfs", path, "tmpfs", 0, "size=\(size)") == 0 else { return nil }
        }

        deinit { umount2(path, Int32(MNT_DETACH)) }
    }

    static let canMount: Bool = {
        guard geteuid() == 0 else { return false }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vtx-mount-\(UUID().uuidString)"
        ).path
        mkdir(path, 0o700)
        defer { rmdir(path) }
        guard mount("tmpfs", path, "tmpfs", 0, "size=100k") == 0 else { return false }
        return umount2(path, Int32(MNT_DETACH)) == 0
    }()

    @Test(
        "A report on a full disk is exit 74, and what the batch made stays",
        .enabled(if: canMount, "skipped: mounting a small file system needs root"))
    func fullDiskOfReport() throws {
        let disk = try #require(SmallDisk(in: folder, size: "4k"))
        try FileManager.default.createDirectory(atPath: folder.file("sources"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture("silent.mp4"), toPath: folder.file("sources/a.mp4"))
        let result = try vtx(
            "batch", folder.file("sources"), "-o", folder.file("made"), "--height", "90", "--report",
            disk.path + "/report.html")
        #expect(result.status == 74 && result.errors.contains("No space left on device"), "\(result.summary)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
        #expect(FileManager.default.fileExists(atPath: folder.file("made/a.mp4")))
    }

    @Test(
        "A full disk is exit 74 with nothing left",
        .enabled(if: canMount, "skipped: mounting a small file system needs root"),
        arguments: ["mp4", "mkv", "webm", "avi", "wav"])
    func fullDisk(container: String) throws {
        let disk = try #require(SmallDisk(in: folder, size: "100k"))
        let options = [
            "mp4": ["--crf", "4", "--speed", "ultrafast"], "mkv": ["--crf", "4", "--speed", "ultrafast"],
            "webm": ["--crf", "4", "--speed", "8"], "avi": ["--bitrate", "4M"], "wav": [],
        ][container]!
        let result = try startVTX(
            ["transcode", fixture("clip.mkv"), "-o", disk.path + "/out.\(container)"] + options
        ).wait(within: 60)
        #expect(result.status == 74, "\(result.summary)")
        #expect(result.errors.contains("No space left on device"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count(where: { $0.hasPrefix("error:") }) == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
    }

    @Test(
        "A disk that fills up while the index is moved is exit 74 with nothing left",
        .enabled(if: canMount, "skipped: mounting a small file system needs root"))
    func fullAtTheEnd() throws {
        // The copy is as large as the source, and the index comes on top.
        let disk = try #require(SmallDisk(in: folder, size: "24k"))
        let result = try vtx(
            "transcode", fixture("silent.mp4"), "-o", disk.path + "/out.mp4", "--video", "copy")
        #expect(result.status == 74, "\(result.summary)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
    }

    // MARK: Signals

    /// An input that takes minutes at the slowest speed.
    private func startLongJob(_ options: String...) throws -> Program {
        try startVTX(
            [
                "transcode", fixture("clip.mkv"), "-o", folder.file("out.mp4"), "--speed", "placebo",
                "--size", "3840x2160", "--fps", "120", "--json",
            ]
                + options)
    }

    private func waitForProgress(_ program: Program) throws {
        for _ in 0..<600 where !program.output.contains(#""type":"progress""#) { usleep(50_000) }
        try #require(program.output.contains(#""type":"progress""#), "\(program.errors)")
    }

    @Test(
        "A signal ends a job in order and leaves nothing behind",
        arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 143)] as [(Int32, Int32)])
    func signals(number: Int32, status: Int32) throws {
        let job = try startLongJob()
        try waitForProgress(job)
        #expect(
            folder.names.allSatisfy { $0.hasPrefix(".") }, "nothing has its final name yet: \(folder.names)")
        let sent = Date()
        job.send(number)
        let result = try job.wait(within: 60)
        #expect(Date().timeIntervalSince(sent) < 10)
        #expect(result.status == status, "\(result.summary)")
        #expect(result.errors.components(separatedBy: "error:").count == 2, "\(result.errors)")
        #expect(folder.names.isEmpty)
    }

    @Test("A signal in the first of two passes leaves nothing behind")
    func signalInFirstPass() throws {
        let job = try startLongJob("--two-pass", "--bitrate", "4M")
        try waitForProgress(job)
        job.send(SIGINT)
        let result = try job.wait(within: 60)
        #expect(result.status == 130, "\(result.summary)")
        #expect(folder.names.isEmpty, "\(folder.names)")
    }

    @Test("Two signals end a job at once")
    func twice() throws {
        let job = try startLongJob()
        try waitForProgress(job)
        job.send(SIGINT)
        job.send(SIGINT)
        #expect(try job.wait(within: 30).status == 130)
        #expect(folder.names.isEmpty)
    }

    @Test("Two jobs in one folder do not disturb each other")
    func concurrent() throws {
        let jobs = try (0..<3).map { number in
            try startVTX([
                "transcode", fixture("clip.mkv"), "-o", folder.file("\(number).mp4"), "--speed", "ultrafast",
            ])
        }
        for job in jobs { #expect(try job.wait(within: 60).status == 0) }
        #expect(folder.names == ["0.mp4", "1.mp4", "2.mp4"])
    }

    @Test("Of two jobs with the same output one wins and the other says so")
    func race() throws {
        let output = folder.file("out.mp4")
        let jobs = try (0..<2).map { _ in
            try startVTX(["transcode", fixture("clip.mkv"), "-o", output, "--speed", "ultrafast"])
        }
        let statuses = try jobs.map { try $0.wait(within: 60).status }
        #expect(statuses.contains(0))
        #expect(statuses.allSatisfy { $0 == 0 || $0 == 73 }, "\(statuses)")
        #expect(statuses.count(where: { $0 == 0 }) == 1)
        #expect(folder.names == ["out.mp4"])
    }
}
