// Cues that libavcodec makes of caption bytes.

import Testing
import VTXModel

@testable import LibAV

@Suite("cues of captions")
struct CaptionCueTests {
    @Test("Rows that are rolled up are there at the end, which nothing but the source ends", arguments: [1, 2])
    func rolledUp(field: Int) throws {
        let base = Rational(1, 25)
        let converter = try SubtitleConverter(from: CodecParameters(captionsIn: base), to: .webvtt, field: field)
        // Roll-up of two rows, a new row, "ab"; a new row, "cd". Parity is odd.
        let pairs: [[UInt8]] = [
            [0x94, 0x25], [0x94, 0xAD], [0x94, 0x70], [0x61, 0x62], [0x94, 0xAD], [0xE3, 0x64],
        ]
        var texts: [String] = []
        let take: (consuming Packet) -> Void = { packet in
            texts.append(packet.withBytes { String(decoding: $0, as: UTF8.self) })
        }
        for (place, pair) in pairs.enumerated() {
            let packet = try Packet([field == 2 ? 0xFD : 0xFC] + pair)
            packet.presentation = Int64(place) * 25
            packet.decoding = packet.presentation
            packet.duration = 25
            try converter.convert(packet, emit: take)
        }
        try converter.finish(emit: take)
        #expect(texts.last?.contains("cd") == true, "\(texts)")
    }
}
