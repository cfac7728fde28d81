// vtx batch: trees of files, what is said of them, what is done again and what is not.

import Foundation
import Glibc
import Testing

@Suite("batch", .timeLimit(.minutes(60)))
struct BatchTests {
    let folder: Folder
    let sources: String
    let output: String

    init() throws {
        folder = try Folder()
        sources = folder.file("sources")
        output = folder.file("out")
        try FileManager.default.createDirectory(atPath: sources + "/deep/er", withIntermediateDirectories: true)
    }

    private func put(_ name: String, as path: String) throws {
        try FileManager.default.copyItem(atPath: fixture(name), toPath: "\(sources)/\(path)")
    }

    private func write(_ text: String, as path: String) throws {
        try text.write(toFile: "\(sources)/\(path)", atomically: false, encoding: .utf8)
    }

    /// Fast, small, and of the same bytes each time.
    private let fast = ["--speed", "ultrafast", "--height", "90"]

    private func batch(_ words: String..., environment: [String: String] = [:]) throws -> ProgramResult {
        try startVTX(["batch", sources, "-o", output] + words, environment: environment).wait(within: 100)
    }

    /// Files below the output folder by path, without the batch's own.
    private func outputs(_ root: String? = nil) -> [String: Data] {
        let root = root ?? output
        var found: [String: Data] = [:]
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? [] {
            guard !path.hasPrefix(".vtx-batch"), let data = FileManager.default.contents(atPath: "\(root)/\(path)")
            else {
                continue
            }
            found[path] = data
        }
        return found
    }

    private func journal() throws -> [JSONLine] {
        try String(contentsOfFile: output + "/.vtx-batch/journal.ndjson", encoding: .utf8).split(separator: "\n")
            .compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? JSONLine }
    }

    private func items(_ result: ProgramResult) -> [String: JSONLine] {
        Dictionary(
            result.json().filter { $0.type == "item" }.map { ($0["source"] as? String ?? "", $0) },
            uniquingKeysWith: { $1 })
    }

    @Test("A tree is mirrored; broken media stand in the table, other files are counted; exit 1")
    func tree() throws {
        try put("silent.mp4", as: "a.mp4")
        try put("wrong_extension.avi", as: "deep/er/no extension")
        try put("clip.mkv", as: "deep/b.mkv")
        try put("truncated.mp4", as: "deep/truncated.mp4")
        try put("nomoov.mp4", as: "nomoov.mp4")
        try put("empty.mp4", as: "empty.mp4")
        try put("subtitles.srt", as: "deep/b.srt")
        try write("a letter", as: "letter.txt")
        try write("hidden", as: ".hidden.mp4")
        try FileManager.default.createDirectory(atPath: sources + "/.folder", withIntermediateDirectories: false)
        let result = try batch("--json", "--speed", "ultrafast", "--height=90")
        #expect(result.status == 1, "\(result.summary)")
        let items = items(result)
        #expect(
            Set(items.keys) == [
                "a.mp4", "deep/b.mkv", "deep/er/no extension", "deep/truncated.mp4", "empty.mp4", "nomoov.mp4",
            ])
        #expect(items["a.mp4"]?["result"] as? String == "done")
        #expect(items["deep/truncated.mp4"]?.value("failure.cause") == "the file is truncated")
        #expect(items["nomoov.mp4"]?.value("failure.cause") == "moov atom not found")
        let found = result.json().first { $0.type == "found" }
        #expect(found?.value("skipped.no_media") == 2)
        #expect(found?.value("skipped.hidden") == 2)
        let summary = result.json().last
        #expect(summary?["done"] as? Int == 3 && summary?["failed"] as? Int == 3, "\(summary ?? [:])")
        #expect(Set(outputs().keys) == ["a.mp4", "deep/b.mp4", "deep/er/no extension.mp4"])
        try requireDecodes(output + "/deep/b.mp4")
    }

    /// ffmpeg decodes it without a complaint.
    private func requireDecodes(_ path: String) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg") else { return }
        let check = try Program.run("/usr/bin/ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"])
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.summary)")
    }

    @Test("What is done is left alone, what has changed is done again, what failed waits for --retry")
    func again() throws {
        try put("silent.mp4", as: "a.mp4")
        try put("silent.mp4", as: "b.mp4")
        try put("truncated.mp4", as: "c.mp4")
        #expect(try batch("--height", "90", "--speed", "ultrafast").status == 1)
        let before = try FileManager.default.attributesOfItem(atPath: output + "/a.mp4")[.systemFileNumber] as? Int
        // Another source under the same name; and c is whole now, but nobody asks for it yet.
        try FileManager.default.removeItem(atPath: sources + "/b.mp4")
        try put("clip.mkv", as: "b.mp4")
        let second = items(try batch("--json", "--height", "90", "--speed", "ultrafast"))
        #expect(second["a.mp4"]?["result"] as? String == "unchanged")
        #expect(second["b.mp4"]?["result"] as? String == "done")
        #expect(second["c.mp4"]?["result"] as? String == "failed_before")
        let after = try FileManager.default.attributesOfItem(atPath: output + "/a.mp4")[.systemFileNumber] as? Int
        #expect(before == after)
        let third = items(try batch("--json", "--height", "90", "--speed", "ultrafast", "--retry"))
        #expect(third["c.mp4"]?["result"] as? String == "failed")
        // Another plan.
        let fourth = items(try batch("--json", "--height", "60", "--speed", "ultrafast", "--exclude", "c.*"))
        #expect(fourth["a.mp4"]?["result"] as? String == "done" && fourth["b.mp4"]?["result"] as? String == "done")
    }

    @Test("A file that the batch has not made is not replaced without --overwrite")
    func foreign() throws {
        try put("silent.mp4", as: "a.mp4")
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: false)
        try "mine".write(toFile: output + "/a.mp4", atomically: false, encoding: .utf8)
        let refused = try batch("--json", "--speed", "ultrafast")
        #expect(refused.status == 1)
        #expect(items(refused)["a.mp4"]?.value("failure.kind") == "cannot_create")
        #expect(outputs()["a.mp4"] == Data("mine".utf8))
        #expect(try batch("--overwrite", "--speed", "ultrafast").status == 0)
        #expect(outputs()["a.mp4"]?.count ?? 0 > 10_000)
    }

    @Test("Output name collisions are found before anything starts")
    func collisions() throws {
        try put("silent.mp4", as: "a.mp4")
        try put("clip.mkv", as: "a.mkv")
        let result = try batch("--speed", "ultrafast")
        #expect(result.status == 73)
        #expect(result.errors.contains("a.mkv and a.mp4 would both be written to a.mp4"), "\(result.errors)")
        #expect(outputs().isEmpty)
        let told = try batch("--speed", "ultrafast", "--height", "90", "--name", "{stem}-{ext}-{height}p")
        #expect(told.status == 0, "\(told.summary)")
        #expect(Set(outputs().keys) == ["a-mkv-90p.mp4", "a-mp4-90p.mp4"])
    }

    @Test("Links out of the tree are not followed, nor is the output read")
    func links() throws {
        try put("silent.mp4", as: "a.mp4")
        let outside = folder.file("outside")
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: fixture("silent.mp4"), toPath: outside + "/secret.mp4")
        for (name, target) in [
            ("out.mp4", outside + "/secret.mp4"), ("tree", outside), ("loop", sources),
            ("inside.mp4", sources + "/a.mp4"),
        ] { try FileManager.default.createSymbolicLink(atPath: sources + "/" + name, withDestinationPath: target) }
        let inner = sources + "/made"
        for _ in 0..<2 {
            let result = try startVTX(["batch", sources, "-o", inner, "--json"] + fast).wait(within: 100)
            #expect(result.status == 0, "\(result.summary)")
            #expect(Set(items(result).keys) == ["a.mp4", "inside.mp4"])
            #expect(result.json().first { $0.type == "found" }?.value("skipped.links") == 3)
        }
        #expect(Set(outputs(inner).keys) == ["a.mp4", "inside.mp4"])
    }

    @Test("A job file changes folders, and its errors name the line")
    func jobFile() throws {
        try put("silent.mp4", as: "a.mp4")
        try put("silent.mp4", as: "deep/b.mp4")
        try put("silent.mp4", as: "deep/er/c.mp4")
        try write(
            """
            name: "{stem}-{height}"
            options: {height: 60, speed: ultrafast}
            directories:
              deep: {options: {height: 80}}
              deep/er: {skip: true}
            """, as: "vtx.yaml")
        try write("to: mkv\noptions: {video: hevc}", as: "deep/vtx.yaml")
        let result = try batch("--json")
        #expect(result.status == 0, "\(result.summary)")
        // The folder's own file keeps the height that the outer one gives it.
        #expect(Set(outputs().keys) == ["a-60.mp4", "deep/b-80.mkv"])
        // The command line wins over the top of the tree, not over folders.
        let other = try batch("--json", "--height", "70", "--dry-run")
        #expect(Set(other.json().compactMap { $0["output"] as? String }) == ["a-70.mp4", "deep/b-80.mkv"])

        try write("options:\n  height: 60\n  crf: many\n", as: "deep/vtx.yaml")
        let wrong = try batch()
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("deep/vtx.yaml:3:8:"), "\(wrong.errors)")
        #expect(wrong.errors.split(separator: "\n").count <= 3)

        // Each is right, both are not.
        try write("options: {size: 64x64}", as: "deep/vtx.yaml")
        let contradiction = try batch("--height", "70")
        #expect(contradiction.status == 64 && contradiction.errors.contains("invalid options for deep"))
        #expect(contradiction.errors.contains("cannot be combined"), "\(contradiction.errors)")
    }

    @Test("A job file that is not a file, or a link out of the tree, is refused and not waited for")
    func oddJobFiles() throws {
        try put("silent.mp4", as: "a.mp4")
        let path = sources + "/deep/vtx.yaml"
        let outside = try folder.write("skip: true", to: "outside.yaml")
        let ways: [() -> Void] = [
            { mkfifo(path, 0o600) }, { mkdir(path, 0o700) }, { symlink(outside, path) }, { symlink("nowhere", path) },
        ]
        for make in ways {
            make()
            let result = try startVTX(["batch", sources, "-o", output]).wait(within: 20)
            #expect(result.status == 66 && result.errors.contains("deep/vtx.yaml"), "\(result.summary)")
            remove(path)
        }
        // A pattern chooses media, not job files.
        try write("name: other", as: "vtx.yaml")
        let plan = try batch("--dry-run", "--json", "--include", "a.*")
        #expect(plan.json().contains { $0["output"] as? String == "other.mp4" }, "\(plan.summary)")
    }

    @Test(
        "What cannot be done is refused at once",
        arguments: [
            ["--colour"], ["--height", "tall"], ["--rungs", "720p"], ["--to", "hls", "--height", "90"],
            ["--to", "gif"],
            ["--name", "{stm}"], ["--jobs", "0"], ["--nice", "20"], ["--settle", "2"], ["--keys-dir", "x"],
            ["--notify", "ftp://x"], ["--notify", "http://x"], ["--memory", "much"], ["--preset", "lwo"],
            ["--", "--json"], ["--to", "hls", "--encrypt", "aes-128", "--key-uri", "https://keys.example/1"],
        ])
    func usage(words: [String]) throws {
        try put("silent.mp4", as: "a.mp4")
        let result = try startVTX(["batch", sources, "-o", output] + words).wait(within: 20)
        #expect(result.status == 64, "\(result.summary)")
        #expect(result.errors.split(separator: "\n").count <= 3, "\(result.errors)")
        #expect(outputs().isEmpty)
    }

    @Test("No media, no directory, output directory around the source directory: 66, 66, 73")
    func places() throws {
        try write("a letter", as: "letter.txt")
        #expect(try batch().status == 66)
        #expect(try vtx("batch", folder.file("nowhere"), "-o", output).status == 66)
        #expect(try vtx("batch", sources, "-o", folder.path).status == 73)
        #expect(try vtx("batch", sources, "-o", sources).status == 73)
        // Before the work, not after it.
        try put("silent.mp4", as: "a.mp4")
        let report = try batch("--report", folder.file("nowhere/report.html"))
        #expect(report.status == 73 && outputs().isEmpty, "\(report.summary)")
    }

    @Test("Names that differ only in how letters with accents are composed are two names")
    func composition() throws {
        for name in ["\u{E9}.mp4", "e\u{301}.mp4"] { try put("silent.mp4", as: name) }
        let made = try batch("--height", "90", "--speed", "ultrafast", "--json")
        #expect(made.status == 0, "\(made.summary)")
        #expect(made.json().count { $0.type == "item" && $0["result"] as? String == "done" } == 2, "\(made.summary)")
        let names = try startVTX(["probe", output + "/\u{E9}.mp4", output + "/e\u{301}.mp4"]).wait(within: 60)
        #expect(names.status == 0, "\(names.summary)")
        let again = try batch("--height", "90", "--speed", "ultrafast", "--json")
        #expect(again.json().count { $0.type == "item" && $0["result"] as? String == "unchanged" } == 2)
    }

    @Test("A journal that cannot be opened is an I/O error, a report that cannot be written is not created: 74, 73")
    func unwritable() throws {
        try put("silent.mp4", as: "a.mp4")
        let journal = output + "/.vtx-batch/journal.ndjson"
        try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: true)
        let result = try batch("--height", "90")
        #expect(result.status == 74 && result.errors.contains("journal.ndjson"), "\(result.summary)")
        try FileManager.default.removeItem(atPath: journal)
        let report = folder.file("report.html")
        try FileManager.default.createDirectory(atPath: report + "/full", withIntermediateDirectories: true)
        #expect(try batch("--height", "90", "--report", report).status == 73)
    }

    @Test("Packages, and a plan that writes nothing")
    func packages() throws {
        try put("clip.mkv", as: "deep/clip.mkv")
        let plan = try batch("--to", "hls", "--dry-run", "--json", "--name", "{stem}-{height}")
        #expect(plan.status == 0, "\(plan.summary)")
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect(plan.json().contains { $0["output"] as? String == "deep/clip-240" })
        #expect(plan.json().last?["output_bytes"] as? Int ?? 0 > 0)
        let made = try batch("--to", "hls", "--speed", "ultrafast", "--name", "{stem}-{height}")
        #expect(made.status == 0, "\(made.summary)")
        #expect(outputs()["deep/clip-240/master.m3u8"] != nil)
        let again = try batch("--to", "hls", "--speed", "ultrafast", "--name", "{stem}-{height}", "--json")
        #expect(items(again)["deep/clip.mkv"]?["result"] as? String == "unchanged")
    }

    // MARK: Endings

    /// Work for a second or two.
    private func putMany() throws {
        for number in 0..<6 { try put("clip.mkv", as: "clip\(number).mkv") }
        try put("truncated.mp4", as: "deep/broken.mp4")
        for number in 0..<4 { try put("silent.mp4", as: "deep/silent\(number).mp4") }
    }

    @Test("A batch that is killed resumes: the result is that of one that was not, and nothing is done twice")
    func killed() throws {
        try putMany()
        let whole = folder.file("whole")
        let words = ["--speed", "medium"]
        let reference = try startVTX(["batch", sources, "-o", whole] + words).wait(within: 200)
        #expect(reference.status == 1, "\(reference.summary)")

        var generator = SystemRandomNumberGenerator()
        var kills = 0
        for _ in 0..<10 {
            let program = try startVTX(["batch", sources, "-o", output] + words)
            usleep(UInt32.random(in: 50_000...500_000, using: &generator))
            program.send(SIGKILL)
            if try program.wait(within: 20).signal == SIGKILL { kills += 1 }
        }
        #expect(kills > 0)
        let last = try startVTX(["batch", sources, "-o", output, "--json"] + words).wait(within: 200)
        #expect(last.status == 1, "\(last.summary)")
        #expect(outputs() == outputs(whole))
        let done = try journal().filter { $0.type == "done" }.compactMap { $0["output"] as? String }
        #expect(done.count == 10 && Set(done).count == 10, "\(done)")
        #expect(try journal().contains { $0.type == "failed" && $0["source"] as? String == "deep/broken.mp4" })
    }

    @Test(
        "SIGINT and SIGTERM end workers too, with one answer, and the same command resumes",
        arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) throws {
        for number in 0..<4 { try put("clip.mkv", as: "clip\(number).mkv") }
        let program = try startVTX([
            "batch", sources, "-o", output, "--preset", "high", "--speed", "veryslow", "--json",
        ])
        while !program.output.contains("\"started\"") { usleep(5000) }
        usleep(100_000)
        program.send(signal)
        let result = try program.wait(within: 20)
        #expect(result.status == (signal == SIGINT ? 130 : 143), "\(result.summary)")
        #expect(result.json().filter { $0.type == "error" }.count == 1)
        #expect(!outputs().keys.contains { $0.contains("partial") }, "\(outputs().keys)")
        let other = try batch("--preset", "high", "--speed", "ultrafast")
        #expect(other.status == 0, "\(other.summary)")
        #expect(outputs().count == 4)
    }

    @Test("Two batches on one directory do not meet")
    func locked() throws {
        try put("clip.mkv", as: "clip.mkv")
        let first = try startVTX(["batch", sources, "-o", output, "--speed", "ultrafast", "--watch"])
        while !first.errors.contains("done") { usleep(5000) }
        let second = try batch("--speed", "ultrafast")
        #expect(second.status == 73, "\(second.summary)")
        #expect(second.errors.contains("another batch works in"))
        first.send(SIGTERM)
        #expect(try first.wait(within: 20).status == 143)
    }

    @Test("A worker that crashes fails its own file only")
    func crash() throws {
        for number in 0..<3 { try put("clip.mkv", as: "clip\(number).mkv") }
        let program = try startVTX(
            ["batch", sources, "-o", output, "--json", "--jobs", "1", "--preset", "high", "--speed", "slow"])
        while !program.output.contains("\"started\"") { usleep(2000) }
        var victim: pid_t?
        while victim == nil {
            victim = workers(of: program).first
            usleep(2000)
        }
        kill(try #require(victim), SIGSEGV)
        let result = try program.wait(within: 100)
        #expect(result.status == 1, "\(result.summary)")
        let items = items(result)
        #expect(items.values.filter { $0["result"] as? String == "done" }.count == 2, "\(items)")
        let failed = items.values.first { $0["result"] as? String == "failed" }
        #expect(failed?.value("failure.message", as: String.self)?.contains("SIGSEGV") == true, "\(failed ?? [:])")
        #expect(!outputs().keys.contains { $0.contains("partial") })
    }

    /// Process numbers of a batch's workers that encode: children of its fork server.
    private func workers(of program: Program) -> [pid_t] {
        func children(_ pid: pid_t) -> [pid_t] {
            let list = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
            return (list ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
        return children(program.pid).flatMap { [$0] + children($0) }.filter { pid in
            (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) == "vtx-transcode\n"
        }
    }

    @Test("Workers do not outlive a batch that is killed")
    func orphans() throws {
        try put("clip.mkv", as: "clip.mkv")
        let program = try startVTX(["batch", sources, "-o", output, "--json", "--preset", "high", "--speed", "placebo"])
        var found: [pid_t] = []
        while found.isEmpty {
            found = workers(of: program)
            usleep(2000)
        }
        program.send(SIGKILL)
        _ = try program.wait(within: 20)
        // The lock is held as long as a worker lives; the next batch gets it.
        let next = try batch("--dry-run")
        #expect(next.status == 0, "\(next.summary)")
        for _ in 0..<1000 where found.contains(where: { kill($0, 0) == 0 }) { usleep(5000) }
        #expect(!found.contains { kill($0, 0) == 0 })
    }

    @Test("A folder that an item left empty is removed, but not under another item")
    func emptyFolders() throws {
        for number in 0..<6 {
            try FileManager.default.createDirectory(atPath: sources + "/f\(number)", withIntermediateDirectories: false)
            try put("truncated.mp4", as: "f\(number)/a.mp4")
            try put("silent.mp4", as: "f\(number)/b.mp4")
        }
        try FileManager.default.createDirectory(atPath: sources + "/none", withIntermediateDirectories: false)
        try put("truncated.mp4", as: "none/a.mp4")
        let result = try batch("--json", "--speed", "ultrafast", "--height", "90")
        #expect(result.json().last?["done"] as? Int == 6, "\(result.summary)")
        #expect(!FileManager.default.fileExists(atPath: output + "/none"))
    }

    @Test("--fail-fast stops at the first failure")
    func failFast() throws {
        try put("truncated.mp4", as: "a.mp4")
        for number in 0..<8 { try put("silent.mp4", as: "z\(number).mp4") }
        let result = try batch("--json", "--fail-fast", "--jobs", "1", "--height", "90")
        #expect(result.status == 1, "\(result.summary)")
        let summary = result.json().last
        #expect(summary?["was_cut_short"] as? Bool == true)
        #expect(summary?["done"] as? Int ?? 9 < 8, "\(summary ?? [:])")
    }
}
