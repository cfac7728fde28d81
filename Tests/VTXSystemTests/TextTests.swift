// Text in any encoding, as subtitle files have it.

import Testing
import VTXModel
import VTXSystem

@Suite("text")
struct TextTests {
    private static let latin =
        "1\n00:00:00,500 --> 00:00:01,500\nÉté à Nîmes, ça coûte 5 €\n\nZweite Zeile: Straße ölig\n"
    private static let cyrillic = "1\n00:00:00,500 --> 00:00:01,500\nЯ не знаю, что сказать. Пойдём домой.\n"

    /// Bytes of a text in a single-byte encoding, by a table of what is above ASCII.
    private static func bytes(_ text: String, _ table: [Character: UInt8]) -> [UInt8] {
        text.map { table[$0] ?? $0.asciiValue! }
    }

    private static let cp1252: [Character: UInt8] = [
        "É": 0xC9, "é": 0xE9, "à": 0xE0, "î": 0xEE, "ç": 0xE7, "û": 0xFB, "€": 0x80, "ß": 0xDF, "ö": 0xF6,
    ]

    private static var cp1251: [Character: UInt8] {
        var table: [Character: UInt8] = ["ё": 0xB8]
        for (offset, scalar) in (0x410...0x44F).enumerated() {
            table[Character(Unicode.Scalar(UInt32(scalar))!)] = UInt8(0xC0 + offset)
        }
        return table
    }

    private static func wide(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    @Test("A byte order mark says what a file is in", arguments: [true, false])
    func marks(bigEndian: Bool) throws {
        let mark: [UInt8] = bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
        let decoded = try DecodedText(mark + Self.wide(Self.latin, bigEndian: bigEndian), path: "s", given: nil)
        #expect(decoded.text == Self.latin)
        #expect(decoded.evidence == .byteOrderMark)
        #expect(try DecodedText([0xEF, 0xBB, 0xBF] + Array(Self.latin.utf8), path: "s", given: nil).text == Self.latin)
    }

    @Test("UTF-16 without a mark is recognized", arguments: [true, false])
    func unmarked(bigEndian: Bool) throws {
        let decoded = try DecodedText(Self.wide(Self.latin, bigEndian: bigEndian), path: "s", given: nil)
        #expect(decoded.text == Self.latin)
    }

    @Test("Text that is not UTF-8 is recognized, or read as what is given")
    func singleByte() throws {
        let latin = try DecodedText(Self.bytes(Self.latin, Self.cp1252), path: "s", given: nil)
        #expect(latin.text == Self.latin)
        #expect(latin.encoding.name == "WINDOWS-1252" && latin.evidence == .detected)
        let cyrillic = Self.bytes(Self.cyrillic, Self.cp1251)
        #expect(try DecodedText(cyrillic, path: "s", given: nil).text == Self.cyrillic)
        let given = try DecodedText(cyrillic, path: "s", given: TextEncoding(named: "cp1251"))
        #expect(given.text == Self.cyrillic && given.evidence == .given)
    }

    @Test("Japanese in seven bits is recognized, and the end that DOS writes is no text")
    func sevenBits() throws {
        let cue = Array("1\n00:00:00,000 --> 00:00:01,000\n".utf8)
        // "konnichiwa sekai", in ISO-2022-JP.
        let line: [UInt8] =
            [0x1B, 0x24, 0x42, 0x24, 0x33, 0x24, 0x73, 0x24, 0x4B, 0x24, 0x41, 0x24, 0x4F, 0x40, 0x24, 0x33, 0x26]
            + [0x1B, 0x28, 0x42, 0x0A]
        let decoded = try DecodedText(cue + line, path: "s", given: nil)
        #expect(decoded.text.hasSuffix("\nこんにちは世界\n"))
        #expect(decoded.evidence == .detected)
        #expect(try DecodedText(Array("a\n\u{1A}".utf8), path: "s", given: nil).text == "a\n")
    }

    @Test("UTF-8 stays UTF-8, whatever is given; line ends become one kind")
    func utf8() throws {
        let decoded = try DecodedText(Array("é\r\nö\rü\n".utf8), path: "s", given: TextEncoding(named: "cp1251"))
        #expect(decoded.text == "é\nö\nü\n" && decoded.evidence == .utf8)
    }

    @Test("Bytes without a meaning are an error with the file and the line")
    func invalid() throws {
        let error = #expect(throws: VTXError.self) {
            try DecodedText(Array("a\nb\n".utf8) + [0x81, 0x0A], path: "s.srt", given: TextEncoding(named: "cp1252"))
        }
        #expect(error?.kind == .badMedia)
        #expect(error?.description.contains("s.srt") == true && error?.description.contains("line 3") == true)
    }

    @Test("An encoding that does not exist is none", arguments: ["martian", "", "utf-8//IGNORE"])
    func unknown(name: String) {
        #expect(TextEncoding(named: name) == nil)
    }
}
