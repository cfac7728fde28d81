// The library's jobs and presets, called as a program would call them.

import Foundation
import Testing
import VTXKit
import VTXModel
import VTXPlanning

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")
private func fixture(_ name: String) -> String { fixtures.appendingPathComponent(name).path }

@Suite("presets", .timeLimit(.minutes(60)))
struct PresetTests {
    private func load(_ text: String, name: String = "mine.yaml") throws -> Preset {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vtx-preset-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent(name).path
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return try Preset.load(path)
    }

    @Test("Built-in presets are found by name", arguments: Preset.builtInNames)
    func builtIn(name: String) throws { #expect(try Preset.load(name).name == name) }

    @Test("A file is laid over its base")
    func file() throws {
        let preset = try load(
            "name: mine\nbase: high\nvideo:\n  h264: {crf: 16.5, speed: slower}\naudio:\n  aac: {stereo: 256k}\n"
        )
        #expect(preset.name == "mine")
        #expect(preset.video[.h264]?.quality == 16.5 && preset.video[.h264]?.speed == "slower")
        #expect(preset.audio[.aac]?.stereo == 256_000)
        #expect(preset.video[.hevc] == Preset.high.video[.hevc])
    }

    @Test("A number where a word is usual is taken as it is written")
    func numbers() throws {
        #expect(
            try load("video: {vp9: {speed: 4}, av1: {speed: 9, crf: 30}}", name: "x.yml").video[.vp9]?.speed
                == "4")
    }

    @Test(
        "Faults are usage errors that say where they are",
        arguments: [
            ("video: {h264: {qualty: 20}}", "qualty"), ("nonsense: 1", "nonsense"),
            ("video: {h264: {crf: []}}", "crf"), ("base: best", "best"),
            ("video: {vp8: {crf: 3}}", "vp8"), ("audio: {aac: {stereo: -1}}", "stereo"),
            ("video: {mpeg4: {crf: 3}}", "mpeg4"), ("a: [", ""),
        ])
    func faults(text: String, words: String) {
        let error = #expect(throws: VTXError.self) { try load(text) }
        #expect(error?.kind == .usage)
        let text = "\(error?.message ?? "") \(error?.cause ?? "")"
        #expect(words.isEmpty || text.contains(words), "\(text)")
    }

    @Test("An empty file changes nothing")
    func empty() throws {
        for text in ["{}", "", "# nothing\n"] {
            let preset = try? load(text)
            #expect(preset?.video == Preset.medium.video)
        }
    }

    @Test("A name that is none is a usage error, a missing file is no input")
    func missing() {
        #expect(#expect(throws: VTXError.self) { try Preset.load("best") }?.kind == .usage)
        #expect(
            #expect(throws: VTXError.self) { try Preset.load("/nonexistent/mine.yaml") }?.kind == .noInput)
    }
}

@Suite("jobs", .timeLimit(.minutes(60)))
struct JobTests {
    @Test("A probe describes each input in order, and goes on after a bad one")
    func probe() {
        var seen: [String] = []
        ProbeJob([fixture("silent.mp4"), "/nonexistent", fixture("clip.mkv")]).run { path, result in
            switch result {
            case .success(let found):
                seen.append("\(URL(fileURLWithPath: path).lastPathComponent) \(found.media.streams.count)")
            case .failure(let error): seen.append("\(error.kind)")
            }
        }
        #expect(seen == ["silent.mp4 1", "noInput", "clip.mkv 4"])
    }

    @Test("A plan opens nothing for writing and is the same each time")
    func plan() throws {
        let job = TranscodeJob(
            input: fixture("rotated.mp4"), options: TranscodeOptions(output: "/nonexistent/folder/out.mp4"))
        let planned = try job.plan()
        #expect(planned.plan.video?.encode?.size == PixelSize(240, 320))
        #expect(planned.source.streams.count == 2)
        #expect(try job.plan() == planned)
    }

    @Test("A plan survives being written as JSON and read again")
    func codable() throws {
        for name in ["clip.mkv", "hdr.mp4", "surround.mkv", "interlaced.mpg"] {
            let plan = try TranscodeJob(input: fixture(name), options: TranscodeOptions(output: "out.mp4"))
                .plan().plan
            #expect(try JSONDecoder().decode(TranscodePlan.self, from: JSONEncoder().encode(plan)) == plan)
        }
    }

    @Test("A job reports what it made")
    func run() throws {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vtx-\(UUID().uuidString).mp4"
        ).path
        defer { try? FileManager.default.removeItem(atPath: output) }
        var options = TranscodeOptions(output: output)
        options.speed = "ultrafast"
        var planned = 0
        let context = JobContext { if case .planned = $0 { planned += 1 } }
        let report = try TranscodeJob(input: fixture("silent.mp4"), options: options).run(in: context)
        #expect(planned == 1)
        #expect(report.frames == 50 && report.duration.seconds == 2)
        #expect(report.size > 1000 && report.warnings.isEmpty)
    }

    @Test("A stopped job ends as interrupted and leaves nothing")
    func stop() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vtx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var options = TranscodeOptions(output: folder.appendingPathComponent("out.mp4").path)
        options.fit = .size(PixelSize(1920, 1080))
        let stop = StopSwitch()
        let job = TranscodeJob(input: fixture("clip.mkv"), options: options)
        let context = JobContext(stop: stop) { if case .planned = $0 { stop.stop() } }
        let error = #expect(throws: VTXError.self) { try job.run(in: context) }
        #expect(error?.kind == .interrupted)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(
        "Progress tells its share, speed and rest",
        arguments: [(1.0, 4.0, 0.25, 2.0, 1.5), (4, 4, 1, 8, 0), (5, 4, 1, 10, 0)])
    func progress(position: Double, expected: Double, fraction: Double, speed: Double, remaining: Double)
        throws
    {
        let state = JobProgress(
            phase: .encode, position: MediaTime(seconds: position), expected: MediaTime(seconds: expected),
            frames: 30, bytes: 1, elapsed: 0.5)
        #expect(state.fraction == fraction && state.speed == speed && state.framesPerSecond == 60)
        #expect(abs(try #require(state.remaining) - remaining) < 1e-9)
    }

    @Test("Without an expected length there is no share")
    func unknownLength() {
        let state = JobProgress(
            phase: .encode, position: .zero, expected: nil, frames: 0, bytes: 0, elapsed: 0)
        #expect(state.fraction == nil && state.remaining == nil && state.speed == 0)
    }

    @Test("Progress written as JSON is read as the same value, with what follows from it beside")
    func progressLine() throws {
        let rendition = JobProgress.Rendition(name: "720p", done: 12, bytes: 345, fraction: 0.25)
        let state = JobProgress(
            phase: .encode, position: MediaTime(seconds: 1), begun: MediaTime(seconds: 0.5),
            expected: MediaTime(seconds: 4), frames: 12, bytes: 345, elapsed: 0.5, renditions: [rendition])
        let line = try #require(WorkerLineWriter().line(.progress(state)))
        let text = String(decoding: line, as: UTF8.self)
        for part in ["\"percent\":25", "\"speed\":1", "\"fps\":24", "\"eta\":3", "\"type\":\"progress\""] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(WorkerLineReader(.ladder).event(line) == .progress(state))
    }

    @Test("The banner names the libraries in use")
    func banner() {
        #expect(BuildInfo.banner.contains("libavformat") && BuildInfo.banner.contains(BuildInfo.version))
    }
}
