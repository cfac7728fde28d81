// Scrambled packets of transport and program streams.

import Testing

@testable import LibAV

@Suite("scrambled packets")
struct ScrambledPacketTests {
    /// Forty packets of each of two streams, of which one is scrambled in one packet of `each`.
    private func transport(each: Int, size: Int) -> [UInt8] {
        (0..<80).flatMap { index -> [UInt8] in
            let control: UInt8 = index % 2 == 0 && index / 2 % each == 0 ? 0x90 : 0x10
            let packet: [UInt8] = [0x47, 0x01, UInt8(index % 2), control] + [UInt8](repeating: 7, count: 184)
            return size == 192 ? [0, 0, 0, 0] + packet : packet + [UInt8](repeating: 0, count: size - 188)
        }
    }

    @Test(
        "More than a tenth counts, in packets of every size", arguments: [188, 192, 204],
        [(1, true), (3, true), (10, false)])
    func transport(size: Int, kind: (each: Int, expected: Bool)) {
        let found = ScrambledPackets(transport(each: kind.each, size: size), isTransport: true)
        #expect(found.contains(0x100) == kind.expected)
        #expect(!found.contains(0x101) && !found.contains(0x102))
    }

    @Test("Program streams tell it in front of each packet of a stream")
    func program() {
        func packet(_ stream: UInt8, _ flags: UInt8) -> [UInt8] {
            [0, 0, 1, 0xBA, 0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xF8, 0, 0, 1, stream, 0, 13, flags, 0, 0]
                + [UInt8](repeating: 9, count: 10)
        }
        let bytes = (0..<10).flatMap { packet(0xE0, $0 % 2 == 0 ? 0x90 : 0x80) + packet(0xBD, 0x81) }
        let found = ScrambledPackets(bytes, isTransport: false)
        #expect(found.contains(0xE0) && !found.contains(0xBD))
        #expect(!ScrambledPackets([], isTransport: false).contains(0xE0))
    }
}
