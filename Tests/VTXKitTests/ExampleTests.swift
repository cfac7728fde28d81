// The example of the documentation is compiled and run, and is shown there as it is here.

import Foundation
import Testing
import VTXKit
import VTXModel
import VTXPlanning

// example: begin
/// Converts `input` to an MP4 file, then makes an HLS package of it.
func convert(_ input: String, into folder: String) throws -> (TranscodeReport, LadderReport) {
    BuildInfo.start(verbose: false)
    let context = JobContext(limits: SourceLimits(duration: MediaTime(seconds: 3600))) { event in
        switch event {
        case .planned(let plan): for decision in plan.decisions { print(decision) }
        case .progress(let progress): print("\(progress.phase): \(progress.fraction ?? 0)")
        case .warning(let text): print("warning: \(text)")
        case .resumed, .note: break
        }
    }

    var file = TranscodeOptions(output: "\(folder)/video.mp4")
    file.speed = "ultrafast"
    let transcode = try TranscodeJob(input: input, options: file).run(in: context)

    var package = LadderOptions(output: "\(folder)/hls", preset: .medium)
    package.rungs = try RungRequest.list(parsing: "180p")
    package.speed = "ultrafast"
    let ladder = try LadderJob(input: input, options: package).run(in: JobContext())
    return (transcode, ladder)
}
// example: end

@Suite("documentation", .timeLimit(.minutes(60)))
struct ExampleTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("The example converts a file and makes a package")
    func example() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vtx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (transcode, ladder) = try convert(
            root.appendingPathComponent("Fixtures/rotated.mp4").path, into: folder.path)
        #expect(transcode.frames == 24)
        #expect(ladder.renditions.contains { $0.name == "180p" })
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == ["hls", "video.mp4"])
    }

    @Test("The article shows the example as it is compiled")
    func article() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let parts = source.components(separatedBy: "\n// example: ")
        let code = try #require(parts.first { $0.hasPrefix("begin\n") }).dropFirst("begin\n".count)
        let article = try String(
            contentsOf: root.appendingPathComponent("Sources/VTXKit/Documentation.docc/TranscodeAFile.md"),
            encoding: .utf8)
        #expect(article.contains(code.trimmingCharacters(in: .newlines)))
    }
}
