// Outputs that are written from the beginning to the end: headers that wait, and what they wait for at most.

import Foundation
import Glibc
import LibAV
import Testing
import VTXModel

@Suite("pipe output", .timeLimit(.minutes(60)))
struct PipeOutputTests {
    private static let fragments = [
        "movflags": "+frag_keyframe+delay_moov+default_base_moof", "min_frag_duration": "1000000",
        "frag_duration": "5000000",
    ]

    @Test("A track that begins late holds the header of a fragmented MP4 for some megabytes only, and keeps its time")
    func lateTrack() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("vtx-\(UUID().uuidString).mp4").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        let pipe = PipeOutput(descriptor: descriptor)
        let source = try Demuxer(opening: fixture("clip.mkv"))
        let muxer = try Muxer(writing: .pipe(pipe), format: "mp4")
        let base = Rational(1, 1000)
        for stream in 0..<2 {
            _ = try muxer.addStream(source.parameters(of: stream), timeBase: base, label: TrackLabel(language: "pt-BR"))
        }
        try muxer.writeHeader(metadata: [:], chapters: [], options: Self.fragments)
        #expect(pipe.bytes == 0)
        func write(_ count: Int, _ stream: Int, at time: Int64, lasting duration: Int64) throws {
            let packet = try Packet([UInt8](repeating: 1, count: count))
            (packet.presentation, packet.decoding, packet.duration) = (time, time, duration)
            try muxer.write(packet, stream: stream, base: base)
        }
        var begun: Int64?
        for second in 0..<50 {
            try write(1 << 20, 0, at: Int64(second) * 1000, lasting: 1000)
            if begun == nil, pipe.bytes > 0 { begun = Int64(second) }
        }
        for second in 50..<53 { try write(100, 1, at: Int64(second) * 1000, lasting: 1000) }
        try muxer.finish()
        #expect(begun.map { (30..<50).contains($0) } == true, "\(begun ?? -1)")

        let written = try Demuxer(opening: path)
        #expect(written.describe().streams.map(\.language) == ["pt-BR", "pt-BR"])
        var times: [Int: [Double]] = [:]
        while let packet = try written.read() {
            let base = written.timeBase(of: packet.stream)
            times[packet.stream, default: []].append(MediaTime(packet.presentation ?? -1, base).seconds.rounded())
        }
        #expect(times[0] == (0..<50).map(Double.init))
        #expect(times[1] == [50, 51, 52])
    }

    @Test("A reader that has gone away is a failure of the output")
    func goneReader() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let source = try Demuxer(opening: fixture("mono8k.wav"))
        let muxer = try Muxer(writing: .pipe(PipeOutput(descriptor: ends[1])), format: "matroska")
        let parameters = try source.parameters(of: 0)
        let stream = try muxer.addStream(parameters, timeBase: parameters.timeBase, label: TrackLabel())
        let failure = #expect(throws: AVFailure.self) {
            do { try muxer.writeHeader(metadata: [:], chapters: [], options: [:]) } catch let error as AVFailure {
                throw error
            }
            while let packet = try source.read() { try muxer.write(packet, stream: stream, base: parameters.timeBase) }
            try muxer.finish()
        }
        #expect(failure?.errno == EPIPE)
        #expect(failure?.writing("standard output").kind == .inputOutput)
    }

    @Test("Cues of fragmented MP4 last until the next sample")
    func fragmentedText() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("vtx-\(UUID().uuidString).mp4").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        let source = try Demuxer(opening: fixture("clip.mkv"))
        let muxer = try Muxer(writing: .pipe(PipeOutput(descriptor: descriptor)), format: "mp4")
        let base = Rational(1, 1000)
        _ = try muxer.addStream(source.parameters(of: 0), timeBase: base, label: TrackLabel())
        let converter = try SubtitleConverter(from: source.parameters(of: 3), to: .movText)
        _ = try muxer.addStream(converter.parameters, timeBase: base, label: TrackLabel())
        try muxer.writeHeader(metadata: [:], chapters: [], options: Self.fragments)
        for (text, time, duration) in [("", 0, 500), ("\u{1}a", 500, 1000), ("", 1500, 500)] as [(String, Int64, Int64)]
        {
            let packet = try Packet([0] + (text.isEmpty ? [0] : Array(text.utf8)))
            (packet.presentation, packet.decoding, packet.duration) = (time, time, duration)
            try muxer.write(packet, stream: 1, base: base)
        }
        for second in 0..<3 {
            let packet = try Packet([UInt8](repeating: 1, count: 100))
            (packet.presentation, packet.decoding, packet.duration) = (Int64(second) * 1000, Int64(second) * 1000, 1000)
            try muxer.write(packet, stream: 0, base: base)
        }
        try muxer.finish()
        let written = try Demuxer(opening: path)
        var cues: [[Int64]] = []
        while let packet = try written.read() {
            if packet.stream == 1 { cues.append([packet.presentation ?? -1, packet.duration]) }
        }
        #expect(cues.prefix(2) == [[0, 500], [500, 1000]])
    }
}
