import Testing
import VTXModel

@testable import VTXBitstream

/// Sample descriptions as FFmpeg 5.1 wrote them.
struct Description: CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    private init(_ name: String, _ digits: String) {
        testDescription = name
        bytes = VTXBitstreamTests.bytes(digits)
    }

    static let avc = Description(
        "H.264",
        """
        000000aa7374736400000000000000010000009a61766331000000000000000100000000000000000000000000000000
        028001680048000000480000000000000001154c61766335392e33372e313030206c6962783236340000000000000000
        00000018ffff00000034617663430164001effe100196764001eacd940a02ff9701100000303e90000ea600f162d9601
        000468ef8fcbfdf8f80000000010706173700000000100000001
        """)
    static let avcWide = Description(
        "H.264, pixels 4:3",
        """
        000000a5737473640000000000000001000000956176633100000000000000010000000000000000000000000000000002
        8001680048000000480000000000000001154c61766335392e33372e313030206c69627832363400000000000000000000
        0018ffff0000002f61766343014d401fffe10017674d401feca05017fcb870800001f480007530078c18cb01000568ebe3
        cb2000000010706173700000000400000003
        """)
    static let av1HLG = Description(
        "AV1 with HLG",
        """
        000000af7374736400000000000000010000009f61763031000000000000000100000000000000000000000000000000
        028001680048000000480000000000000001174c61766335392e33372e313030206c6962737674617631000000000000
        00000018ffff0000001c6176314381014c000a0e0000000cc4ff6700be14244824100000000a6669656c010000000013
        636f6c726e636c780009001200090000000010706173700000000100000001
        """)
    static let vp9 = Description(
        "VP9",
        """
        000000947374736400000000000000010000008476703039000000000000000100000000000000000000000000000000
        028001680048000000480000000000000001184c61766335392e33372e313030206c69627670782d7670390000000000
        00000018ffff00000014767063430100000000158202020200000000000a6669656c0100000000107061737000000001
        00000001
        """)
    static let encrypted = Description(
        "H.264, encrypted",
        """
        000000fa737473640000000000000001000000ea656e6376000000000000000100000000000000000000000000000000
        028001680048000000480000000000000001154c61766335392e33372e313030206c6962783236340000000000000000
        00000018ffff00000034617663430164001effe100196764001eacd940a02ff9701100000303e90000ea600f162d9601
        000468ef8fcbfdf8f80000000010706173700000000100000001
        0000005073696e660000000c66726d6161766331000000147363686d0000000063656e63000100000000002873636869
        0000002074656e63000000000000010800112233445566778899aabbccddeeff
        """)
    static let aac = Description(
        "AAC",
        """
        0000007e7374736400000000000000010000006e6d703461000000000000000100000000000000000002001000000000
        bb8000000000003665736473000000000380808025000100048080801740150000000001f4000001f400058080800511
        9056e5000680808001020000001462747274000000000001f4000001f400
        """)
    static let aac51 = Description(
        "AAC 5.1",
        """
        0000007e7374736400000000000000010000006e6d703461000000000000000100000000000000000002001000000000
        bb8000000000003665736473000000000380808025000100048080801740150000000005340800053408058080800511
        b056e5000680808001020000001462747274000000000005340800053408
        """)
    static let ac3 = Description(
        "AC-3",
        """
        000000537374736400000000000000010000004361632d33000000000000000100000000000000000002001000000000
        bb8000000000000b646163331011400000001462747274000000000002ee000002ee00
        """)
    static let eac3 = Description(
        "E-AC-3 5.1",
        """
        000000557374736400000000000000010000004565632d33000000000000000100000000000000000002001000000000
        bb8000000000000d646563330e00200f000000001462747274000000000006d6000006d600
        """)
    static let opus = Description(
        "Opus",
        """
        0000005b7374736400000000000000010000004b4f707573000000000000000100000000000000000002001000000000
        bb80000000000013644f7073000201380000bb800000000000001462747274000000000001770000017700
        """)
    static let flac = Description(
        "FLAC",
        """
        0000007a7374736400000000000000010000006a664c6143000000000000000100000000000000000002001000000000
        bb8000000000003264664c6100000000800000221200120000043e00051d0bb802f000017700e0cb469356ac5f26bec3
        e2d9ed9184c10000001462747274000000000001f4000001f400
        """)
    static let mp3 = Description(
        "MP3",
        """
        00000060737473640000000000000001000000506d703461000000000000000100000000000000000002001000000000
        bb8000000000002c6573647300000000038080801b000100048080800d6b150000000000000000000000068080800102
        """)
}

@Suite("Initialization sections")
struct InitSegmentTests {
    @Test(
        "Video tracks are read",
        arguments: [
            (Description.avc, "avc1.64001e", PixelSize(640, 360), VideoRange.sdr, false),
            (Description.avcWide, "avc1.4d401f", PixelSize(854, 360), .sdr, false),
            (Description.av1HLG, "av01.0.01M.10.0.110.09.18.09.0", PixelSize(640, 360), .hlg, false),
            (Description.vp9, "vp09.00.21.08", PixelSize(640, 360), .sdr, false),
            (Description.encrypted, "avc1.64001e", PixelSize(640, 360), .sdr, true),
        ])
    func video(
        description: Description, codec: String, shown: PixelSize, range: VideoRange, isEncrypted: Bool
    ) throws {
        let section = initSection(sampleDescription: description.bytes, handler: "vide")
        let track = try #require(try InitSegment(section).video)
        #expect(track.codec == codec)
        #expect(track.video?.size == PixelSize(640, 360))
        #expect(track.video?.displaySize == shown)
        #expect(track.video?.range == range)
        #expect(track.isEncrypted == isEncrypted)
        #expect(track.sampleEntry == String(codec.prefix(4)))
        #expect(track.timescale == 48_000)
    }

    @Test(
        "Audio tracks are read, with the channels of the stream and not of the sample entry",
        arguments: [
            (Description.aac, "mp4a.40.2", 2), (Description.aac51, "mp4a.40.2", 6),
            (Description.ac3, "ac-3", 2),
            (Description.eac3, "ec-3", 6), (Description.opus, "opus", 2), (Description.flac, "fLaC", 2),
            (Description.mp3, "mp4a.6b", nil),
        ] as [(Description, String, Int?)])
    func audio(description: Description, codec: String, channels: Int?) throws {
        let section = initSection(sampleDescription: description.bytes, handler: "soun")
        let track = try #require(try InitSegment(section).audio)
        #expect(track.codec == codec)
        #expect(track.audio == InitSegment.Audio(channels: channels, sampleRate: 48_000))
    }

    @Test("A quarter turn exchanges the sides of the display size")
    func rotation() throws {
        let section = initSection(
            sampleDescription: Description.avc.bytes, handler: "vide", matrix: [0, 1, -1, 0])
        #expect(try InitSegment(section).video?.video?.displaySize == PixelSize(360, 640))
    }

    @Test(
        "Languages are three packed letters",
        arguments: [(0x15C7, "eng"), (0x1CAA, "gej"), (0x55C4, nil), (0, nil)]
            as [(UInt16, String?)])
    func language(code: UInt16, expected: String?) throws {
        let section = initSection(sampleDescription: Description.aac.bytes, handler: "soun", language: code)
        #expect(try InitSegment(section).audio?.language == expected)
    }

    @Test("An edit list shifts presentation: delays add, skipped media subtracts")
    func edits() throws {
        // 500 ms of nothing (movie scale 1000), then from media time 1024 at 48,000 ticks a second.
        let list = box(
            "edts",
            box(
                "elst", big(UInt32(0)), big(UInt32(2)), big(UInt32(500)), big(Int32(-1)),
                big(UInt32(0x10000)),
                big(UInt32(0)), big(Int32(1024)), big(UInt32(0x10000))))
        let section = initSection(sampleDescription: Description.aac.bytes, handler: "soun", edits: list)
        #expect(try InitSegment(section).audio?.editOffset == 24_000 - 1024)
    }

    @Test("A whole section of FFmpeg is read")
    func whole() throws {
        let track = try #require(try InitSegment(TinyMovie.initSection).video)
        #expect(track.timeBase == Rational(1, 12_800))
        #expect(track.editOffset == -512)
        #expect(track.video?.size == PixelSize(32, 32))
    }
}

@Suite("Fragments")
struct FragmentTests {
    @Test("Times, key frames and their byte ranges are read")
    func content() throws {
        let section = try InitSegment(TinyMovie.initSection)
        let track = try #require(section.video)
        let found = try #require(try section.content(of: TinyMovie.segment, track: track, at: 1000))
        let unit = Rational(1, 12_800)
        #expect(found.start == MediaTime(0, unit))
        #expect(found.end == MediaTime(3072, unit))
        #expect(found.decodeStart == MediaTime(0, unit))
        #expect(found.decodeEnd == MediaTime(3072, unit))
        #expect(found.sampleCount == 6)
        #expect(found.startsWithKeyFrame)
        #expect(found.buriedKeyFrames == 0)
        // moof of 128 bytes, the header of mdat, the frame.
        #expect(
            found.keyFrames == [
                KeyFrameRecord(time: MediaTime(0, unit), offset: 1000, bytes: 258),
                KeyFrameRecord(time: MediaTime(1536, unit), offset: 1280, bytes: 258),
            ])
    }

    @Test("A fragment of a track that nobody announced is an error")
    func unknownTrack() throws {
        let section = try InitSegment(
            initSection(sampleDescription: Description.aac.bytes, handler: "soun"))
        var segment = TinyMovie.segment
        let id =
            try #require((0..<segment.count).first { segment[$0...].starts(with: Array("tfhd".utf8)) }) + 8
        segment[id + 3] = 9
        #expect(throws: VTXError.self) { try section.fragments(in: segment) }
    }

    @Test("A count of samples without bytes behind it does not take memory")
    func hugeRun() throws {
        let section = try InitSegment(
            initSection(sampleDescription: Description.aac.bytes, handler: "soun"))
        let run = box("trun", big(UInt32(0)), big(UInt32.max))
        let segment = box(
            "moof",
            box(
                "traf", box("tfhd", big(UInt32(0x20000)), big(UInt32(1))),
                box("tfdt", big(UInt32(0)), big(UInt32(0))),
                run))
        #expect(throws: VTXError.self) { try section.fragments(in: segment) }
    }
}

@Suite("Damaged media")
struct DamageTests {
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 11 ^ state << 23
        }
    }

    private static let sections = [
        TinyMovie.initSection,
        initSection(sampleDescription: Description.encrypted.bytes, handler: "vide"),
        initSection(sampleDescription: Description.av1HLG.bytes, handler: "vide"),
        initSection(sampleDescription: Description.vp9.bytes, handler: "vide"),
        initSection(sampleDescription: Description.aac.bytes, handler: "soun"),
        initSection(sampleDescription: Description.eac3.bytes, handler: "soun"),
        initSection(sampleDescription: Description.flac.bytes, handler: "soun"),
    ]

    /// Flips some bytes and sometimes cuts the end off.
    private func damage(_ original: [UInt8], _ random: inout Seeded) -> [UInt8] {
        var copy = original
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
            copy[Int.random(in: copy.indices, using: &random)] = extremes.randomElement(using: &random)!
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            copy.removeLast(Int.random(in: 0..<copy.count, using: &random))
        }
        return copy
    }

    @Test("Damaged initialization sections are read or refused, and nothing else")
    func sections() {
        var random = Seeded(state: 1)
        for _ in 0..<4000 {
            let section = damage(Self.sections.randomElement(using: &random)!, &random)
            if let read = try? InitSegment(section) {
                _ = read.tracks.map { ($0.video?.displaySize, $0.timeBase) }
                for track in read.tracks { _ = try? read.content(of: TinyMovie.segment, track: track) }
            }
        }
    }

    @Test("Damaged fragments are read or refused, and nothing else")
    func fragments() throws {
        var random = Seeded(state: 2)
        let section = try InitSegment(TinyMovie.initSection)
        let track = try #require(section.video)
        for _ in 0..<4000 {
            _ = try? section.content(of: damage(TinyMovie.segment, &random), track: track)
        }
    }

    @Test("Damaged transport streams are read or refused, and nothing else")
    func transport() {
        var random = Seeded(state: 3)
        var builder = TransportBuilder()
        builder.tables()
        for number in 0..<6 {
            builder.frame(
                pid: 0x100, pts: Int64(number) * 3600, isKey: number % 3 == 0, packets: 2, between: [0x101])
        }
        for _ in 0..<3000 {
            var copy = damage(builder.bytes, &random)
            copy.removeLast(copy.count % 188)
            if let read = try? TransportSegment(copy) { _ = read.keyFrameRecords(origin: .max) }
        }
    }

    @Test("Random bytes are refused")
    func noise() {
        var random = Seeded(state: 4)
        for length in [0, 1, 7, 8, 9, 100, 188, 1880] {
            let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(throws: VTXError.self) { try InitSegment(noise) }
            if length > 0 { #expect(throws: VTXError.self) { try TransportSegment(noise) } }
            for read in [CodecString.aac, { try CodecString.avc($0) }, CodecString.vp9] {
                _ = try? read(noise)
            }
        }
    }
}
