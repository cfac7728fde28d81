import Testing
import VTXModel

@testable import VTXBitstream

@Suite("Codec strings")
struct CodecStringTests {
    @Test(
        "H.264 is named by its sequence parameter set",
        arguments: [
            // avcC of x264, High and Main.
            (
                "0164001effe100196764001eacd940a02ff9701100000303e90000ea600f162d9601000468ef8fcbfdf8f800",
                "avc1.64001e"
            ),
            ("014d401fffe10017674d401feca05017fcb870800001f480007530078c18cb01000568ebe3cb20", "avc1.4d401f"),
            // The record says High 4.0, the parameter set inside Constrained Baseline 3.0: the set is right.
            ("01640028ffe100046742c01e01000468ef8fcb", "avc1.42c01e"),
            // No parameter set inside.
            ("01640028ffe000", "avc1.640028"),
            // Annex B: access unit delimiter, then the set, behind start codes of three and four bytes.
            ("00000001 09f0 00000001 6764001eacd940 000001 68ebe3cb", "avc1.64001e"),
        ])
    func avc(configuration: String, expected: String) throws {
        #expect(try CodecString.avc(bytes(configuration)) == expected)
    }

    @Test(
        "HEVC has its compatibility flags reversed and no zero bytes at its end",
        arguments: [
            // hvcC of x265: Main, and Main 10.
            ("01016000000090000000 00003f f000fcfdf8f800000f00", "hvc1.1.6.L63.90"),
            ("01022000000090000000 00003f f000fcfdfafa00000f00", "hvc1.2.4.L63.90"),
            // As hardware encoders write it; High tier with constraints further on; a profile space.
            ("0101600000 00b000000000 005d f000", "hvc1.1.6.L93.B0"),
            ("0122200000 00b008000000 0099 f000", "hvc1.2.4.H153.B0.8"),
            ("01424000000000 0000000000 78 f000", "hvc1.A2.2.L120"),
        ])
    func hevc(configuration: String, expected: String) throws {
        #expect(try CodecString.hevc(bytes(configuration)) == expected)
    }

    @Test(
        "Dolby Vision is named where there is a base layer for other decoders",
        arguments: [
            ("hvc1", 8, 7, 1, "dvh1.08.07/db1p"), ("hvc1", 8, 10, 4, "dvh1.08.10/db4h"),
            ("hev1", 8, 1, 2, "dvhe.08.01/db2g"), ("avc1", 9, 3, 2, "dva1.09.03/db2g"),
            ("avc3", 9, 3, 2, "dvav.09.03/db2g"), ("av01", 10, 13, 1, "dav1.10.13/db1p"),
            // No base layer, two layers, a profile of another codec, a base layer without a brand.
            ("hvc1", 5, 7, 0, nil), ("hvc1", 7, 6, 6, nil), ("hvc1", 4, 6, 2, nil), ("av01", 8, 7, 1, nil),
            ("av01", 10, 7, 0, nil), ("hvc1", 8, 7, 3, nil),
        ] as [(String, Int, Int, Int, String?)])
    func dolbyVision(entry: String, profile: Int, level: Int, compatibility: Int, expected: String?) throws {
        let bits = profile << 9 | level << 3 | 5
        let record = [1, 0, UInt8(bits >> 8), UInt8(bits & 255), UInt8(compatibility << 4)]
        #expect(try CodecString.dolbyVision(record, entry: entry) == expected)
        #expect(throws: VTXError.self) { try CodecString.dolbyVision(Array(record.dropLast()), entry: entry) }
    }

    @Test(
        "AV1 has its short name where that says all",
        arguments: [
            ("81010c00", nil, "av01.0.01M.08"),
            ("81084c00", nil, "av01.0.08M.10"),
            ("81090c00", CodedColor(primaries: 2, transfer: 2, matrix: 2), "av01.0.09M.08"),
            ("81084c00", CodedColor(primaries: 9, transfer: 16, matrix: 9), "av01.0.08M.10.0.110.09.16.09.0"),
            (
                "814d8c00", CodedColor(primaries: 1, transfer: 1, matrix: 1, isFullRange: true),
                "av01.2.13H.08.0.110.01.01.01.1"
            ),
            ("81486000", nil, "av01.2.08M.12.0.000.01.01.01.0"),
            ("81081c00", nil, "av01.0.08M.08.1.110.01.01.01.0"),
        ] as [(String, CodedColor?, String)])
    func av1(configuration: String, color: CodedColor?, expected: String) throws {
        #expect(try CodecString.av1(bytes(configuration), color: color) == expected)
    }

    @Test(
        "VP9 has its short name where that says all",
        arguments: [
            ("0100000000158202020200 00", "vp09.00.21.08"),
            ("0100000002 33a2 09 10 09 0000", "vp09.02.51.10"),
        ])
    func vp9(configuration: String, expected: String) throws {
        #expect(try CodecString.vp9(bytes(configuration)).hasPrefix(expected))
    }

    @Test("VP9 with HDR has its long name")
    func vp9HDR() throws {
        #expect(
            try CodecString.vp9(bytes("01000000 02 33 a2 09 10 09 0000")) == "vp09.02.51.10.01.09.16.09.00")
    }

    @Test(
        "AAC is named by its object type, MP4 or ADTS",
        arguments: [
            ("119056e500", "mp4a.40.2"),
            ("2b920800", "mp4a.40.5"),
            ("eb098800", "mp4a.40.29"),
            // Escape: 31, then 42 less 32 in six bits.
            ("f9484002", "mp4a.40.42"),
        ])
    func aac(configuration: String, expected: String) throws {
        #expect(try CodecString.aac(bytes(configuration)) == expected)
    }

    @Test("ADTS has the object type less one")
    func adts() throws {
        #expect(try CodecString.adts(bytes("fff14c8025bffc")) == "mp4a.40.2")
        #expect(throws: VTXError.self) { try CodecString.adts(bytes("fffb94c0000000")) }
    }

    @Test("MP3 has one name in fragmented MP4 and another elsewhere")
    func mp3() {
        #expect(CodecString.fixed(.mp3, isFragmentedMP4: true) == "mp4a.6b")
        #expect(CodecString.fixed(.mp3) == "mp4a.40.34")
        #expect(CodecString.fixed(.aac) == nil)
    }

    @Test("A CODECS list has each format once, in order")
    func list() {
        let formats = CodecString.list(["avc1.64001f"], ["mp4a.40.2", "ec-3", "mp4a.40.2"])
        #expect(formats == ["avc1.64001f", "mp4a.40.2", "ec-3"])
    }

    @Test(
        "What is no configuration is an error",
        arguments: ["", "00", "01", "0164", "ffffffff", "000001", "8101"])
    func notAConfiguration(digits: String) {
        #expect(throws: VTXError.self) { try CodecString.avc(bytes(digits)) }
        #expect(throws: VTXError.self) { try CodecString.hevc(bytes(digits)) }
        #expect(throws: VTXError.self) { try CodecString.av1(bytes(digits)) }
        #expect(throws: VTXError.self) { try CodecString.vp9(bytes(digits)) }
    }
}
