// Frames of AAC that hold silence.

import Testing

@testable import VTXPipeline

@Suite("silent AAC")
struct SilentAACTests {
    @Test("A stereo frame is one pair of channels without bands")
    func stereo() {
        // 001 0000 0, twice 8 + 11 + 3 zeros, 111, and zeros up to a byte.
        #expect(SilentAAC(configuration: [0x11, 0x90], like: [])?.frame == [0x20, 0, 0, 0, 0, 0, 0x0E])
    }

    @Test("Frames with a header get one of the same rate and channels, and their own length")
    func header() throws {
        let first: [UInt8] = [0xFF, 0xF0, 0x4C, 0x80, 0x2E, 0x7F, 0xFC]
        let frame = try #require(SilentAAC(configuration: [], like: first)).frame
        #expect(frame.count == 14)
        #expect(Array(frame.prefix(7)) == [0xFF, 0xF1, 0x4C, 0x80, 0x01, 0xDF, 0xFC])
        #expect(Array(frame.dropFirst(7)) == [0x20, 0, 0, 0, 0, 0, 0x0E])
    }

    @Test(
        "Other kinds of AAC are refused",
        arguments: [
            ([0x2B, 0x92, 0x08, 0x00], []), ([0x11, 0x94], []), ([0x17, 0x90], []), ([0x11, 0x80], []),
            ([0x11, 0xC8], []),
            ([], [0xFF, 0xF1, 0x0C, 0x80, 0x2E, 0x7F, 0xFC]), ([], [0xFF, 0xF1, 0x4C, 0x00, 0x2E, 0x7F, 0xFC]),
            ([], [0xFF, 0xF1, 0x4C, 0x80, 0x2E, 0x7F, 0xFD]), ([], [0xFF, 0xF1]), ([], []),
        ] as [([UInt8], [UInt8])])
    func others(configuration: [UInt8], first: [UInt8]) {
        #expect(SilentAAC(configuration: configuration, like: first) == nil)
    }
}
