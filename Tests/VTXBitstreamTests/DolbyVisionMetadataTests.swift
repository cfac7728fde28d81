// Metadata of Dolby Vision in packets whose container says nothing of it.

import Testing

@testable import VTXBitstream

@Suite("metadata of Dolby Vision")
struct DolbyVisionMetadataTests {
    /// A frame with its metadata: prefix 25, type 2, format 18, then `profile` and so on.
    private func packet(profile: Int, isFullRange: Bool, hasLengths: Bool) -> [UInt8] {
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value, radix: 2)
            return String(repeating: "0", count: count - text.count) + text
        }
        // Level 0, the header is there, no chroma filter, coefficients with a denominator (Exp-Golomb 23), index 1.
        let bits =
            digits(25, 8) + digits(2, 6) + digits(18, 11) + digits(profile, 4) + "0000" + "1" + "0" + "00"
            + "000011000" + "01" + (isFullRange ? "1" : "0")
        let padded = bits + String(repeating: "1", count: 8 + (8 - bits.count % 8) % 8)
        let body = stride(from: 0, to: padded.count, by: 8).map {
            UInt8(padded.dropFirst($0).prefix(8), radix: 2)!
        }
        let units: [[UInt8]] = [[0x26, 1, 0xAF, 0x10], [62 << 1, 1] + escaped(body)]
        return units.flatMap { (hasLengths ? big(UInt32($0.count)) : [0, 0, 0, 1]) + $0 }
    }

    @Test("Profile 5 is told by it", arguments: [false, true], [(0, true, true), (0, false, false), (1, true, false)])
    func profile(hasLengths: Bool, kind: (profile: Int, isFullRange: Bool, expected: Bool)) throws {
        let header: [UInt8] = hasLengths ? [1] + [UInt8](repeating: 0, count: 20) + [3, 0] : []
        let metadata = try #require(DolbyVisionMetadata(codec: "hevc", header: header))
        let whole = packet(profile: kind.profile, isFullRange: kind.isFullRange, hasLengths: hasLengths)
        #expect(whole.withUnsafeBytes { metadata.lacksBaseLayer(in: $0) } == kind.expected)
        for count in whole.indices.dropLast(6) {
            _ = whole[..<count].withUnsafeBytes { metadata.lacksBaseLayer(in: $0) }
        }
        #expect(DolbyVisionMetadata(codec: "h264", header: []) == nil)
    }
}
