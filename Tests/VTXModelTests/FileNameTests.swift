import Testing
import VTXModel

@Suite("Names of files")
struct FileNameTests {
    @Test(
        "Every name has one text, and gets its bytes back",
        arguments: [
            [], Array("plain.mp4".utf8), Array("é 漢 🎬".utf8), [0x65, 0xCC, 0x81], [0xE9], [0x63, 0xE9, 0x2E, 0x6D],
            [0xFF, 0xFE, 0x80], [0xC3], [0xC3, 0xA9, 0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x8E], [0xC0, 0xAF],
            [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            // The escapes themselves, and code points around them.
            [0xF4, 0x8F, 0xBA, 0x80], [0xF4, 0x8F, 0xBB, 0xBF], [0xF4, 0x8F, 0xB9, 0xBF], [0xF4, 0x8F, 0xBC, 0x80],
            [0xF4, 0x8F, 0xBA], [0x41, 0xF4, 0x8F, 0xBB, 0xA9, 0xE9],
        ] as [[UInt8]])
    func roundTrip(bytes: [UInt8]) {
        let text = String(nameBytes: bytes)
        #expect(text.nameBytes == bytes)
        #expect(text.withCName { String(cName: $0) } == text)
        if let plain = String(validating: bytes, as: UTF8.self), bytes.first != 0xF4 { #expect(text == plain) }
    }

    @Test("All pairs of bytes come back, and no two have the same text")
    func pairs() {
        var texts: Set<[Unicode.Scalar]> = []
        for one in UInt8(1)...255 {
            for other in UInt8(1)...255 {
                let text = String(nameBytes: [one, other])
                #expect(text.nameBytes == [one, other])
                texts.insert(Array(text.unicodeScalars))
            }
        }
        #expect(texts.count == 255 * 255)
    }

    @Test("Terminals see bytes by their numbers, and no control characters")
    func shown() {
        let text = String(nameBytes: [0x63, 0xE9, 0x1B, 0x0A, 0xC2, 0x9B, 0x64])
        #expect(text.shownOnOneLine == "c\\xE9???d")
        #expect("plain é".shown == "plain é")
    }
}
