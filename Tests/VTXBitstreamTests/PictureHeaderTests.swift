// What images say of themselves.

import Foundation
import Testing
import VTXModel

@testable import VTXBitstream

@Suite("headers of images")
struct PictureHeaderTests {
    private let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 1, 0x40, 0, 0, 0, 0xF0, 8, 6, 0, 0, 0, 1, 2, 3, 4]
    private let jpeg: [UInt8] = [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xC2, 0, 11, 8, 0, 0xF0, 1, 0x40, 3, 1, 2,
        3,
    ]

    @Test("PNG and JPEG tell codec, size and depth")
    func headers() throws {
        let one = try #require(PictureHeader(png))
        #expect(one.codec == .png && one.size == PixelSize(320, 240) && one.depth * one.channels == 32)
        let other = try #require(PictureHeader(jpeg))
        #expect(other.codec == .jpeg && other.size == PixelSize(320, 240) && other.depth * other.channels == 24)
    }

    @Test("Every shortened or changed image is read without a trap")
    func damage() {
        for image in [png, jpeg] {
            for count in 0..<image.count { _ = PictureHeader(Array(image[..<count])) }
            for place in image.indices {
                for value in [0, 0x7F, 0xFF] as [UInt8] {
                    var changed = image
                    changed[place] = value
                    _ = PictureHeader(changed)
                }
            }
        }
        #expect(PictureHeader(Array("GIF89a".utf8)) == nil && PictureHeader([]) == nil)
    }

    @Test("Base 64 is that of Foundation", arguments: 0...5)
    func letters(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 61 + 200) }
        #expect(base64(bytes) == Data(bytes).base64EncodedString())
    }
}
