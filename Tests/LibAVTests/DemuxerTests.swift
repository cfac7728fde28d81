// Opening files: what is described, what is refused, and where a seek lands.

import Foundation
import Testing
import VTXModel

@testable import LibAV
import VTXSystem

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")
func fixture(_ name: String) -> String { fixtures.appendingPathComponent(name).path }

@Suite("demuxer", .timeLimit(.minutes(60)))
struct DemuxerTests {
    @Test(
        "Lists of other files are refused by what they are, not by their name",
        arguments: ["playlist.m3u8", "playlist_named.mp4", "concat.ffconcat"])
    func lists(name: String) {
        let error = #expect(throws: VTXError.self) { try Demuxer(opening: fixture(name)) }
        #expect(error?.kind == .badMedia)
        #expect(error?.cause?.contains("may not open anything else") == true)
    }

    @Test(
        "Names that look like protocols are names",
        arguments: ["concat:a|b", "http://127.0.0.1:1/a.mp4", "pipe:0", "file:x", "crypto:x", "subfile,,:x"])
    func protocols(name: String) {
        let error = #expect(throws: VTXError.self) { try Demuxer(opening: name) }
        #expect(error?.kind == .noInput)
    }

    @Test("What is no media is bad media", arguments: ["garbage.mp4", "text.mp4", "nomoov.mp4", "empty.mp4"])
    func noMedia(name: String) {
        #expect(throws: VTXError.self) { try Demuxer(opening: fixture(name)) }
    }

    @Test("An MP4 that keeps its media in another file is refused")
    func dataReference() throws {
        // QuickTime's 'alis' data reference: made from an intact file by turning off its "same file" flag.
        var data = try Data(contentsOf: URL(fileURLWithPath: fixture("silent.mp4")))
        let url = try #require(data.range(of: Data("url ".utf8) + Data([0, 0, 0, 1])))
        data[url.upperBound - 1] = 0
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vtx-\(UUID().uuidString).mp4"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try data.write(to: URL(fileURLWithPath: path))
        // An empty reference names nothing, so either answer is right; a crash or another file is not.
        if let demuxer = try? Demuxer(opening: path) { #expect(demuxer.streamCount <= 1) }
    }

    @Test(
        "Everything is read, in file order, to the end",
        arguments: [("silent.mp4", 50), ("mjpeg.avi", 63), ("odd.webm", 25), ("surround71.flac", 11)])
    func reading(name: String, count: Int) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        var packets = 0
        while let packet = try demuxer.read() {
            let (size, stream) = (packet.size, packet.stream)
            #expect(size > 0 && stream < demuxer.streamCount)
            packets += 1
        }
        #expect(abs(packets - count) <= 1, "\(packets)")
        let isOver = try demuxer.read() == nil
        #expect(isOver)
    }

    @Test("Streams that are not wanted are left out")
    func keepOnly() throws {
        // Packets that were read while probing are there already: only the header is read here.
        let demuxer = try Demuxer(opening: fixture("clip.mkv"), headerOnly: true)
        demuxer.keepOnly([2])
        var streams: Set<Int> = []
        while let packet = try demuxer.read() { streams.insert(packet.stream) }
        #expect(streams == [2])
    }

    @Test(
        "A seek lands at its target or before it, on a key frame",
        arguments: [
            "clip.mkv", "fragmented.mp4", "late_start.ts", "interlaced.mpg", "no_duration.mkv", "mjpeg.avi",
        ],
        [0.0, 0.3, 0.9, 1.7])
    func seeking(name: String, offset: Double) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        let start = try #require(demuxer.describe().streams[0].start).seconds
        let target = start + min(offset, name == "mjpeg.avi" ? 0.9 : 1.7)
        try demuxer.seek(to: Int64(target * 1e6), stream: 0)
        var first: Double?
        while first == nil, let packet = try demuxer.read() {
            if packet.stream == 0, packet.isKey, let time = packet.presentation ?? packet.decoding {
                first = MediaTime(time, demuxer.timeBase(of: 0)).seconds
            }
        }
        let found = try #require(first)
        #expect(found <= target + 0.0005, "\(found) after \(target)")
    }

    @Test("An interrupt stops reading")
    func interrupt() throws {
        let interrupt = Interrupt()
        let demuxer = try Demuxer(opening: fixture("interlaced.mpg"), interrupt: interrupt, headerOnly: true)
        interrupt.set()
        // What is buffered may still come.
        #expect(throws: AVFailure.self) { while try demuxer.read() != nil {} }
    }

    @Test(
        "Levels are written as their standards write them",
        arguments: [
            ("h264", 41, "4.1"), ("h264", 9, "1b"), ("h264", 10, "1.0"), ("hevc", 93, "3.1"),
            ("hevc", 120, "4.0"), ("av1", 8, "4.0"), ("av1", 13, "5.1"),
            ("vp9", 31, "3.1"), ("mpeg2video", 8, "8"), ("h264", -99, nil), ("h264", 0, nil),
        ] as [(String, Int, String?)])
    func levels(codec: String, level: Int, text: String?) {
        #expect(levelText(codec: codec, level: level) == text)
    }

    @Test("A file is described without reading past its header if that is enough")
    func headerOnly() throws {
        let media = try Demuxer(opening: fixture("silent.mp4"), headerOnly: true).describe()
        #expect(media.duration?.seconds == 2)
        #expect(media.streams.map(\.codec) == ["h264"])
    }

    @Test("Missing bytes of a truncated MP4 are counted")
    func missingBytes() throws {
        let whole = try Demuxer(opening: fixture("wrong_extension.avi")).describe()
        let part = try Demuxer(opening: fixture("truncated.mp4")).describe()
        #expect(whole.missingBytes == nil)
        #expect(part.missingBytes == whole.size - part.size)
    }
}

@Suite("conversions")
struct ConversionTests {
    @Test(
        "libav's unknown fractions are nil, and large ones fit again",
        arguments: [(0, 1, nil), (1, 0, nil), (24, 1, Rational(24)), (30000, 1001, Rational(30000, 1001))]
            as [(Int32, Int32, Rational?)])
    func rational(numerator: Int32, denominator: Int32, expected: Rational?) {
        var value = Rational(1, 3).av
        value.num = numerator
        value.den = denominator
        #expect(Rational(value) == expected)
    }

    @Test("A fraction beyond 32 bits becomes the nearest that fits")
    func large() {
        let value = Rational(10_000_000_000, 3_333_333_333).av
        #expect(abs(Double(value.num) / Double(value.den) - 3.0000000003) < 1e-6)
    }

    @Test("This build has the encoders and filters that vtx is tested with")
    func capabilities() {
        #expect(
            BuildCapabilities.encoders().isSuperset(of: [
                "libx264", "libx265", "libvpx-vp9", "aac", "libopus", "libmp3lame", "flac",
            ]))
        #expect(
            BuildCapabilities.filters().isSuperset(of: ["bwdif", "scale", "aresample", "ebur128", "idet"]))
        #expect(BuildCapabilities.versions().count == 3)
    }
}
