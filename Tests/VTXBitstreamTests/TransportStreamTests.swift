import Testing
import VTXModel

@testable import VTXBitstream

@Suite("Transport streams")
struct TransportStreamTests {
    @Test("Tables, first times and key frames are found")
    func segment() throws {
        var builder = TransportBuilder()
        builder.tables()
        builder.frame(pid: 0x100, pts: 126_000, isKey: true, packets: 3, between: [0x101])
        builder.frame(pid: 0x101, pts: 125_000)
        builder.frame(pid: 0x100, pts: 133_200)
        builder.frame(pid: 0x100, pts: 129_600)
        builder.frame(pid: 0x100, pts: 136_800, isKey: true)
        let segment = try TransportSegment(builder.bytes)
        #expect(segment.programCount == 1)
        #expect(segment.tables == 0..<376)
        let video = try #require(segment.video)
        #expect(video.pid == 0x100 && video.type == 0x1B)
        #expect(video.frameCount == 4)
        #expect(video.startsWithKeyFrame)
        #expect(video.firstPTS == 126_000)
        #expect(video.latestPTS == 136_800)
        // The packet of another stream in between is part of the range; the one behind is not.
        #expect(
            video.keyFrames == [
                .init(pts: 126_000, range: 376..<376 + 4 * 188),
                .init(pts: 136_800, range: 376 + 7 * 188..<376 + 8 * 188),
            ])
        #expect(segment.audio?.firstPTS == 125_000)
        let records = segment.keyFrameRecords(origin: 126_000, at: 5000)
        #expect(records.map(\.offset) == [5376, 6692])
        #expect(records[1].time == MediaTime(10_800, Rational(1, 90_000)))
    }

    @Test("Times go on over the end of the 33 bits")
    func wrap() throws {
        var builder = TransportBuilder()
        builder.tables(audio: nil)
        let end: Int64 = 1 << 33
        builder.frame(pid: 0x100, pts: end - 3600, isKey: true)
        builder.frame(pid: 0x100, pts: 3600)
        builder.frame(pid: 0x100, pts: 0, isKey: true)
        let video = try #require(try TransportSegment(builder.bytes).video)
        #expect(video.earliestPTS == end - 3600)
        #expect(video.latestPTS == end + 3600)
        #expect(video.keyFrames.map(\.pts) == [end - 3600, end])
    }

    @Test(
        "A time stamp means the moment nearest to what is expected",
        arguments: [
            (0, 0, nil, 0), (90_000, 126_000, nil, -36_000), (10, (1 << 33) - 10, nil, 20),
            // 26.5 hours and more: the clock has been round once.
            (126_000, 126_000, 95_443, 1 << 33),
        ] as [(Int64, Int64, Int64?, Int64)])
    func presentation(pts: Int64, origin: Int64, seconds: Int64?, expected: Int64) {
        let near = seconds.map { MediaTime($0, Rational(1)) }
        #expect(presentationTime(ofPTS: pts, origin: origin, near: near).ticks == expected)
    }

    @Test("Tables that come after media do not count")
    func lateTables() throws {
        var builder = TransportBuilder()
        builder.frame(pid: 0x100, pts: 0, isKey: true)
        builder.tables()
        builder.frame(pid: 0x100, pts: 3600)
        let segment = try TransportSegment(builder.bytes)
        #expect(segment.tables == nil)
        #expect(segment.video?.frameCount == 1)
    }

    @Test("What is no transport stream is an error", arguments: [1, 187, 189])
    func notWhole(length: Int) {
        #expect(throws: VTXError.self) { try TransportSegment([UInt8](repeating: 0x47, count: length)) }
        #expect(throws: VTXError.self) { try TransportSegment([UInt8](repeating: 0x48, count: 188)) }
    }
}
