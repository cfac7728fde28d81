// Times within bitmap subtitles.

import Testing
import VTXModel

@testable import VTXBitstream

@Suite("times within bitmap subtitles")
struct BitmapTimesTests {
    private func played(_ codec: String, _ bytes: [UInt8], at speed: Rational) throws -> [UInt8] {
        var bytes = bytes
        try #require(BitmapTimes(codec: codec)).play(&bytes, at: speed)
        return bytes
    }

    @Test("Delays of DVD's control sequences follow the speed", arguments: [(2, 0x0080), (4, 0x0040), (1, 0x0100)])
    func controlSequences(speed: Int64, delay: Int) throws {
        // Sequences at 6 (next at 11) and at 11 (the last, which names itself).
        let bytes: [UInt8] = [0, 16, 0, 6, 9, 9, 0, 0, 0, 11, 1, 1, 0, 0, 11, 2]
        let result = try played("dvd_subtitle", bytes, at: Rational(speed))
        #expect(Int(result[11]) << 8 | Int(result[12]) == delay)
        var expected = bytes
        expected[11] = UInt8(delay >> 8)
        expected[12] = UInt8(delay & 0xFF)
        #expect(result == expected)
    }

    @Test("Page timeouts of DVB follow the speed, up to whole seconds", arguments: [(2, 3), (8, 1), (1, 5)])
    func pages(speed: Int64, seconds: UInt8) throws {
        let bytes: [UInt8] = [0x0F, 0x14, 0, 1, 0, 2, 7, 7, 0x0F, 0x10, 0, 1, 0, 2, 5, 0x04, 0x0F, 0x80, 0, 1, 0, 0]
        var expected = bytes
        expected[14] = seconds
        #expect(try played("dvb_subtitle", bytes, at: Rational(speed)) == expected)
        #expect(try played("dvb_subtitle", bytes, at: Rational(1, 4))[14] == 20)
    }

    @Test("Damaged packets are left as they are, without a trap", arguments: ["dvd_subtitle", "dvb_subtitle"])
    func damage(codec: String) throws {
        for bytes in [
            [], [0], [0, 9, 0, 200], [0, 4, 0, 0], [0x0F, 0x10, 0, 0, 0xFF, 0xFF], [0, 0, 0, 4, 0, 9, 0, 0],
        ] {
            #expect(try played(codec, bytes.map { UInt8($0) }, at: Rational(2)).count == bytes.count)
        }
        #expect(BitmapTimes(codec: "hdmv_pgs_subtitle") == nil)
    }
}
