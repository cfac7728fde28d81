// What is learnt by reading: packet scans, interlacing, loudness; and one whole run.

import Foundation
import LibAV
import Testing
import VTXModel

@testable import VTXPipeline
import VTXSystem

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")
func fixture(_ name: String) -> String { fixtures.appendingPathComponent(name).path }

@Suite("packet scan", .timeLimit(.minutes(60)))
struct PacketScanTests {
    @Test(
        "A scan counts packets and finds the real end",
        arguments: [
            ("silent.mp4", [50], 2.0), ("vfr.mp4", [55, 142], 3.0), ("no_duration.mkv", [50, 95], 2.02),
            ("late_start.ts", [50, 95], 2.02),
            ("late_audio.mp4", [75, 119], 3.0),
        ])
    func counts(name: String, packets: [Int], end: Double) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        let scan = scanPackets(demuxer, of: demuxer.describe())
        #expect(scan.error == nil)
        for (stream, expected) in zip(scan.streams, packets) {
            // The edit list of AAC in MP4 may hide the packet that primes the decoder.
            #expect(abs(stream.packets - expected) <= 1, "\(stream.packets)")
            #expect(stream.corruptPackets == 0)
        }
        #expect(abs(try #require(scan.end).seconds - end) < 0.05, "\(scan.end!)")
    }

    @Test(
        "Frames of equal length measure so, others do not",
        arguments: [("silent.mp4", 0.04, 0.04), ("vfr.mp4", 0.033, 0.1), ("late_start.ts", 0.04, 0.04)])
    func spacing(name: String, shortest: Double, longest: Double) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        let video = try #require(scanPackets(demuxer, of: demuxer.describe()).streams.first)
        #expect(abs(try #require(video.shortestFrame).seconds - shortest) < 0.008)
        #expect(abs(try #require(video.longestFrame).seconds - longest) < 0.011)
    }

    @Test("A truncated file ends early", arguments: ["truncated.mp4", "truncated.mkv"])
    func truncated(name: String) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        let scan = scanPackets(demuxer, of: demuxer.describe())
        #expect(try #require(scan.end).seconds < 2.5)
    }
}

@Suite("interlacing", .timeLimit(.minutes(60)))
struct InterlaceTests {
    @Test(
        "Fields are seen, with or without flags",
        arguments: [
            ("interlaced.mpg", true, true), ("combed.mp4", false, true), ("silent.mp4", false, false),
            ("anamorphic.mpg", false, false),
        ])
    func sample(name: String, isFlagged: Bool, isCombed: Bool) throws {
        let media = try Demuxer(opening: fixture(name)).describe()
        let sample = try #require(
            sampleInterlacing(path: fixture(name), stream: 0, duration: media.duration, start: media.start))
        #expect(sample.frames > 10)
        #expect((sample.flaggedInterlaced == sample.frames) == isFlagged)
        #expect((sample.topFirst + sample.bottomFirst > sample.frames / 2) == isCombed, "\(sample)")
        if isCombed { #expect(sample.topFirst > sample.bottomFirst) }
    }

    @Test("What cannot be decoded has no sample")
    func undecodable() {
        #expect(sampleInterlacing(path: fixture("garbage.mp4"), stream: 0, duration: nil, start: nil) == nil)
        #expect(sampleInterlacing(path: "/nonexistent", stream: 0, duration: nil, start: nil) == nil)
    }
}

@Suite("loudness", .timeLimit(.minutes(60)))
struct LoudnessTests {
    @Test(
        "A gain alone where peaks allow it, a limiter where they do not, nothing for silence",
        arguments: [
            (-30.0, -20.0, -23.0, 1), (-20, -3, -23, 1), (-30, -5, -16, 3), (-70, -100, -16, 0),
            (-20, -Double.infinity, -16, 0),
            // Exactly at the limit: no limiter.
            (-26, -11, -16, 1),
        ])
    func filters(integrated: Double, peak: Double, target: Double, count: Int) {
        let filters = Loudness(integrated: integrated, truePeak: peak).filters(
            for: LoudnessTarget(integrated: target, truePeak: -1))
        #expect(filters.count == count, "\(filters)")
        if count > 0 {
            #expect(filters.contains { $0.hasPrefix("volume=\(target - integrated)dB") }, "\(filters)")
        }
        if count > 1 { #expect(filters.last?.hasPrefix("alimiter=limit=0.8913") == true, "\(filters)") }
    }
}

@Suite("a whole run", .timeLimit(.minutes(60)))
struct RunTests {
    private func plan(_ source: MediaDescription, to output: String, limit: MediaTime? = nil) -> TranscodePlan {
        let size = source.streams[0].video!.size
        return TranscodePlan(
            input: source.path, output: output, container: .mkv, origin: .zero, limit: limit,
            video: VideoTrackPlan(
                stream: 0,
                encode: VideoEncodePlan(
                    codec: .h264, encoder: "libx264", size: size, pixelFormat: "yuv420p",
                    frameRate: Rational(25), isConstantRate: true,
                    timeBase: Rational(1, 12800), expected: FrameShape(size: size, pixelFormat: "yuv420p"),
                    rate: .constantQuality(crf: 30),
                    options: ["preset": "ultrafast"])))
    }

    @Test("Every frame that goes in comes out, and the outcome says what happened")
    func counts() throws {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vtx-\(UUID().uuidString).mkv"
        ).path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let source = try Demuxer(opening: fixture("silent.mp4"))
        let run = TranscodeRun(
            plan: plan(source.describe(), to: output), source: source, output: .file(output), interrupt: Interrupt())
        let outcome = try run.run(every: 0.05) { _ in }
        #expect(outcome.encodedFrames == 50)
        #expect(outcome.written.videoPackets == 50)
        #expect(outcome.reading.streams[0]?.packets == 50)
        #expect(outcome.decoders[0]?.failures == 0)
        #expect(outcome.decoders.values.allSatisfy { $0.changes == 0 && $0.moved == 0 && $0.gaps == 0 })
        #expect(outcome.written.repairedTimes == 0)
        #expect(abs(outcome.written.end.seconds - 2) < 0.001)
        let written = try Demuxer(opening: output).describe()
        #expect(written.streams.map(\.codec) == ["h264"])
    }

    @Test("A limit stops reading early")
    func limit() throws {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vtx-\(UUID().uuidString).mkv"
        ).path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let source = try Demuxer(opening: fixture("silent.mp4"))
        let run = TranscodeRun(
            plan: plan(source.describe(), to: output, limit: MediaTime(seconds: 0.4)), source: source,
            output: .file(output), interrupt: Interrupt())
        let outcome = try run.run(every: 0.05) { _ in }
        #expect(outcome.written.videoPackets == 10)
        #expect(outcome.reading.streams[0]!.packets <= 50)
    }

    @Test("An interrupt that is set already ends a run at once")
    func interrupted() throws {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vtx-\(UUID().uuidString).mkv"
        ).path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let interrupt = Interrupt()
        let source = try Demuxer(opening: fixture("clip.mkv"), interrupt: interrupt)
        let run = TranscodeRun(
            plan: plan(source.describe(), to: output), source: source, output: .file(output), interrupt: interrupt)
        interrupt.set()
        #expect(throws: Aborted.self) { try run.run(every: 0.01) { _ in } }
    }

    @Test(
        "Where writing fails, the failure is one of writing")
    func writeFailure() throws {
        let source = try Demuxer(opening: fixture("silent.mp4"))
        let run = TranscodeRun(
            plan: plan(source.describe(), to: "/nonexistent/out.mkv"), source: source,
            output: .file("/nonexistent/out.mkv"), interrupt: Interrupt())
        #expect(throws: WriteFailure.self) { try run.run(every: 0.05) { _ in } }
    }
}
