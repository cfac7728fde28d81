// Images that have the boxes of MP4.

import Testing

@testable import LibAV

@Suite("Still images")
struct StillImageTests {
    @Test(
        "Their brand tells",
        arguments: [
            ("heic", "HEIC"), ("heix", "HEIC"), ("avif", "AVIF"), ("mif1", "HEIF"), ("isom", nil), ("qt  ", nil),
        ] as [(String, String?)])
    func brands(brand: String, name: String?) {
        let head: [UInt8] = [0, 0, 0, 24] + Array("ftyp\(brand)".utf8)
        #expect(imageFormat(head: head) == name)
        #expect(imageFormat(head: Array(head.dropLast())) == nil)
        #expect(imageFormat(head: [0, 0, 0, 24] + Array("moov\(brand)".utf8)) == nil)
    }
}
