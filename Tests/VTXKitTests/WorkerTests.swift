// What a worker says is read as what it meant.

import Foundation
import Testing
import VTXModel
import VTXPlanning

@testable import VTXKit

private func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/\(name)").path
}

@Suite("worker protocol", .timeLimit(.minutes(15)))
struct WorkerTests {
    private func roundTrip(_ event: WorkerEvent, _ work: WorkerTask.Work) throws -> WorkerEvent? {
        WorkerLineReader(work).event(try #require(WorkerLineWriter().line(event)))
    }

    @Test("Plans survive the way through a line", arguments: ["clip.mkv", "hdr.mp4", "surround.mkv"])
    func plans(name: String) throws {
        let transcode = try TranscodeJob(input: fixture(name), options: TranscodeOptions(output: "out.mp4")).plan()
        #expect(try roundTrip(.plan(.transcode(transcode.plan)), .transcode) == .plan(.transcode(transcode.plan)))
        let options = LadderOptions(output: "out", preset: .medium)
        let ladder = try LadderJob(input: fixture(name), options: options).plan()
        #expect(try roundTrip(.plan(.ladder(ladder)), .ladder) == .plan(.ladder(ladder)))
    }

    @Test("Plans with encryption and plans of packages survive it too")
    func packagePlans() throws {
        var options = LadderOptions(output: "out", preset: .medium)
        options.encryption = EncryptionOptions(.cbcs)
        options.encryption?.keyURI = "https://keys.example/key"
        options.encryption?.keyFile = "key"
        options.encryption?.keyID = "00112233445566778899aabbccddeeff"
        let ladder = try LadderJob(input: fixture("clip.mkv"), options: options).plan()
        #expect(ladder.encryption?.keyID != nil)
        #expect(try roundTrip(.plan(.ladder(ladder)), .ladder) == .plan(.ladder(ladder)))
        var package = PackagePlan(
            inputs: [PackageInput(path: "a.mp4")], output: "out", segments: .fmp4, isSingleFile: true)
        package.audio = [
            PackageAudioPlan(
                name: "audio-1", input: 0, stream: 1, codec: .aac, channels: 2, sampleRate: 48_000,
                label: TrackLabel(), isPlainAAC: true)
        ]
        #expect(try roundTrip(.plan(.package(package)), .package) == .plan(.package(package)))
    }

    @Test("Errors, headers and what was found keep all their keys")
    func others() throws {
        let error = VTXError(
            .badMedia, "a.mp4 is truncated", cause: "it ends early", remedy: "get a whole copy")
        for event: WorkerEvent in [
            .header(WorkerHeader(command: "ladder")),
            .error(WorkerFailure(error, path: "a.mp4") { $0.description }),
            .resume(Resumption(discarded: nil, bytes: 12, fraction: 0.5)),
        ] {
            #expect(try roundTrip(event, .ladder) == event)
        }
    }

    @Test("A report is read as the report of the work that was asked for")
    func reports() throws {
        let report = TranscodeReport(
            input: "a", output: "b", duration: MediaTime(seconds: 2), size: 3, frames: 50, elapsed: 0.5, notes: ["n"],
            warnings: ["w"])
        #expect(try roundTrip(.done(.transcode(report)), .transcode) == .done(.transcode(report)))
        #expect(try roundTrip(.done(.transcode(report)), .ladder) == nil)
    }

    @Test(
        "Lines from elsewhere are no events",
        arguments: ["", "{}", "[1]", "{\"type\":\"new\"}", "{\"type\":\"progress\"}", "Segmentation fault"])
    func foreign(line: String) {
        #expect(WorkerLineReader(.transcode).event(Array(line.utf8)) == nil)
    }

    @Test("A task is the same after it was written down")
    func task() throws {
        let task = WorkerTask(
            .ladder, inputs: ["a.mkv"], output: "out", options: ["--rungs", "720p"], settings: [.jobs: "2"],
            mayOverwrite: true)
        #expect(try JSONDecoder().decode(WorkerTask.self, from: JSONEncoder().encode(task)) == task)
    }

    @Test("Exit statuses are read as the errors they stand for")
    func exits() {
        #expect(WorkerExit(status: 0, signal: nil) == .done)
        #expect(WorkerExit(status: 65, signal: nil) == .failed(.badMedia))
        #expect(WorkerExit(status: 3, signal: nil) == .unknown(3))
        #expect(WorkerExit(status: nil, signal: 9) == .killed(signal: 9))
    }
}
