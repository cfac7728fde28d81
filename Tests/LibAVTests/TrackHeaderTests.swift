// What is read of headers beside libav: crops of Matroska, and tags in old encodings.

import Testing
import VTXSystem

@testable import LibAV

@Suite("headers")
struct TrackHeaderTests {
    @Test("A crop of Matroska is left, top, right, bottom")
    func crop() {
        let video: [UInt8] = [0x54, 0xAA, 0x81, 2, 0x54, 0xCC, 0x82, 1, 0, 0xB0, 0x81, 96]
        let entry: [UInt8] = [0x83, 0x81, 1, 0x86, 0x81, 0x56, 0xE0, UInt8(0x80 | video.count)] + video
        let tracks = [0xAE, UInt8(0x80 | entry.count)] + entry
        #expect(matroskaTracks(in: tracks[...]).map(\.crop) == [[256, 0, 0, 2]])
    }

    @Test(
        "Western text is not left to a detector, other scripts are",
        arguments: [
            ([0x43, 0x61, 0x66, 0xE9], "WINDOWS-1252"), ([0xC9, 0x74, 0xE9], "WINDOWS-1252"),
            // "Москва слезам не верит, она верит делам" in Windows-1251.
            (
                [
                    0xCC, 0xEE, 0xF1, 0xEA, 0xE2, 0xE0, 0x20, 0xF1, 0xEB, 0xE5, 0xE7, 0xE0, 0xEC, 0x20, 0xED, 0xE5,
                    0x20,
                    0xE2, 0xE5, 0xF0, 0xE8, 0xF2, 0x2C, 0x20, 0xEE, 0xED, 0xE0, 0x20, 0xE2, 0xE5, 0xF0, 0xE8, 0xF2,
                    0x20,
                    0xE4, 0xE5, 0xEB, 0xE0, 0xEC,
                ], "WINDOWS-1251"
            ),
        ] as [([UInt8], String)])
    func encoding(bytes: [UInt8], name: String) {
        if name != "WINDOWS-1252", TextEncoding.detect(bytes) == .noDetector { return }
        #expect(likeliestEncoding(ofTags: bytes)?.name == name)
    }

    @Test("Bytes without a meaning do not hide the rest")
    func meaningless() {
        let bytes: [CChar] = [0x41, CChar(bitPattern: 0x81), CChar(bitPattern: 0xE9), 0]
        #expect(tagValue(bytes, encoding: TextEncoding(named: "WINDOWS-1252")) == "A\u{81}\u{E9}")
        #expect(tagValue(bytes, encoding: nil).hasPrefix("A\u{FFFD}"))
    }
}
