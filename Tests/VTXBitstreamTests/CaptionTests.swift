// Captions in packets: found and written; and which channels they are of.

import Testing
import VTXModel

@testable import VTXBitstream

@Suite("captions in packets")
struct CaptionTests {
    /// An SEI unit of FFmpeg 5.1 (libx264): two pairs, of which the second is padding; then the end of a message.
    private static let ffmpeg = bytes("06 04 11 B500 31 47413934 03 42 00 FC9420 F98080 FF 80")
    private static let expected = CaptionData([0xFC, 0x94, 0x20, 0xF9, 0x80, 0x80])
    private static let parameters: [UInt8] = [0x67, 0x42, 0, 0x0A]
    private static let frame: [UInt8] = [0x65, 0x88, 0x84, 0, 0, 3, 1]
    private static let avcC: [UInt8] = [1, 0x42, 0, 0x0A, 0xFF, 0xE1, 0]

    /// Units with start codes, or with lengths of four bytes.
    private func packet(_ units: [UInt8]..., hasLengths: Bool = false) -> [UInt8] {
        units.flatMap { (hasLengths ? big(UInt32($0.count)) : [0, 0, 0, 1]) + $0 }
    }

    private func found(_ carrier: CaptionCarrier, _ packet: [UInt8]) -> CaptionData {
        packet.withUnsafeBytes { carrier.captions(in: $0) }
    }

    @Test("They are read from start codes and from lengths", arguments: [false, true])
    func read(hasLengths: Bool) throws {
        let carrier = try #require(CaptionCarrier(codec: "h264", header: hasLengths ? Self.avcC : []))
        let whole = packet(Self.parameters, Self.ffmpeg, Self.frame, hasLengths: hasLengths)
        #expect(found(carrier, whole) == Self.expected)
        #expect(found(carrier, packet(Self.parameters, Self.frame, hasLengths: hasLengths)).isEmpty)
        // Cut off anywhere.
        for count in whole.indices { _ = found(carrier, Array(whole[..<count])) }
    }

    @Test("What is written is read again, before the coded frame", arguments: ["h264", "hevc"], [false, true])
    func written(codec: String, hasLengths: Bool) throws {
        let record = codec == "h264" ? Self.avcC : [1] + [UInt8](repeating: 0, count: 20) + [3, 0]
        let carrier = try #require(CaptionCarrier(codec: codec, header: hasLengths ? record : []))
        let frame: [UInt8] = codec == "h264" ? Self.frame : [0x26, 1, 0xAF, 0x10]
        let header: [UInt8] = codec == "h264" ? Self.parameters : [0x40, 1, 0x0C]
        let plain = packet(header, frame, hasLengths: hasLengths)
        // Zeros that need emulation prevention.
        let data = CaptionData([0xFC, 0x94, 0x20, 0xF8, 0, 0, 1, 0x02, 0x21])
        let made = try #require(plain.withUnsafeBytes { carrier.inserting(data, into: $0) })
        #expect(found(carrier, made) == data)
        // Prefix, header, type and size, the payload, a 3 among the zeros, the end.
        #expect(made.count == plain.count + 4 + (codec == "h264" ? 1 : 2) + 2 + 20 + 1 + 1)
        #expect(made.suffix(frame.count) == frame[...] && made.starts(with: plain.prefix(4 + header.count)))
    }

    @Test("Other messages in the same unit are passed over")
    func neighbours() throws {
        let carrier = try #require(CaptionCarrier(codec: "h264", header: []))
        let both = [6] + bytes("06 01 C4") + Self.ffmpeg.dropFirst()
        #expect(found(carrier, packet(both, Self.frame)) == Self.expected)
    }

    @Test("MPEG-2 has them in user data, DVD-Video for a group of frames at once")
    func mpeg2() throws {
        let carrier = try #require(CaptionCarrier(codec: "mpeg2video", header: []))
        let picture: [UInt8] = [0, 0, 1, 0, 0, 0x0F, 0xFF, 0xF8]
        let slice: [UInt8] = [0, 0, 1, 1, 0x12]
        let atsc = [0, 0, 1, 0xB2] + Array("GA94".utf8) + bytes("03 C2 FF FC9420 F98080 FF")
        #expect(found(carrier, picture + atsc + slice) == Self.expected)
        let dvd = [0, 0, 1, 0xB2] + bytes("4343 01F8 82 FF9420 FE8080")
        #expect(found(carrier, picture + dvd + slice) == CaptionData([0xFC, 0x94, 0x20, 0xFD, 0x80, 0x80]))
        #expect(CaptionCarrier(codec: "vp9", header: []) == nil)
    }

    @Test("Cable television has pairs with their bits reversed, of which those of the repeated field are none")
    func cable() throws {
        let carrier = try #require(CaptionCarrier(codec: "mpeg2video", header: []))
        // Two pairs: priority 0, field 1 and field 3, line 15, the bytes, a marker.
        let pair = { (field: String) in "00" + field + "01111" + "00101001" + "00000100" + "1" }
        let bits = "00000011" + "10000001" + "00010" + pair("01") + pair("11")
        let padded = bits + String(repeating: "0", count: (8 - bits.count % 8) % 8)
        let data = stride(from: 0, to: padded.count, by: 8).map {
            UInt8(String(padded.dropFirst($0).prefix(8)), radix: 2)!
        }
        let packet = [0, 0, 1, 0, 0, 0x0F, 0, 0, 1, 0xB2] + data + [0, 0, 1, 1, 0x12]
        #expect(found(carrier, packet) == CaptionData([0xFC, 0x94, 0x20]))
    }

    @Test("Where fields are coded one by one, the second has captions too", arguments: [false, true])
    func fields(hasLengths: Bool) throws {
        let carrier = try #require(CaptionCarrier(codec: "h264", header: hasLengths ? Self.avcC : []))
        let both = packet(Self.ffmpeg, Self.frame, Self.ffmpeg, Self.frame, hasLengths: hasLengths)
        #expect(both.withUnsafeBytes { carrier.allCaptions(in: $0) }.count == 4)
        #expect(found(carrier, both) == Self.expected)
    }

    @Test(
        "A channel is told from the other one of its field, and from other data",
        arguments: [(1, "94 20 C8E9"), (2, "94 20 6161"), (3, "15 20 C8E9"), (4, "")])
    func filtered(number: Int, expected: String) {
        let (line, other) = (bytes("94 20 C8E9 1C 20 6161"), bytes("01 03 4D4D 8F 1D 15 20 C8E9"))
        var filter = CaptionChannelFilter(.cc(number))
        var found: [UInt8] = []
        for start in stride(from: 0, to: 8, by: 2) {
            let frame = CaptionData([0xFC] + line[start..<start + 2] + [0xFD] + other[start..<start + 2])
            found += filter.apply(to: frame).triplets.flatMap { [$0.first, $0.second] }
        }
        for start in stride(from: 8, to: other.count, by: 2) {
            found += filter.apply(to: CaptionData([0xFD] + other[start..<start + 2])).triplets
                .flatMap { [$0.first, $0.second] }
        }
        #expect(found == bytes(expected))
    }

    @Test(
        "Channels by their commands",
        arguments: [
            ([0xFC, 0x94, 0x20], ["CC1"]), ([0xFC, 0x1C, 0x20], ["CC2"]), ([0xFD, 0x15, 0x2C], ["CC3"]),
            ([0xFD, 0x9D, 0x2F], ["CC4"]),
            // Padding, and a pair that is not valid.
            ([0xFC, 0x80, 0x80, 0xF8, 0x94, 0x20], nil),
            // Characters without a command; text that is no caption; Extended Data Services.
            ([0xFC, 0xC8, 0xE9], ["CC1"]), ([0xFC, 0x94, 0x2A], []), ([0xFD, 0x01, 0x03, 0xFD, 0x40, 0x40], []),
            // CEA-708: service 1, an extended service, an empty packet.
            ([0xFF, 0x02, 0x21, 0xFE, 0x41, 0], ["SERVICE1"]), ([0xFF, 0x03, 0xE2, 0xFE, 0x09, 0x41], ["SERVICE9"]),
            ([0xFF, 0x01, 0x00], []),
        ] as [([UInt8], [String]?)])
    func channels(triplets: [UInt8], expected: [String]?) {
        var detector = CaptionDetector()
        detector.note(CaptionData(triplets))
        #expect((detector.hasContent ? detector.found.map(\.name) : nil) == expected)
    }

    @Test("A frame takes 31 triplets; padding makes room, and the rest waits")
    func capacity() {
        let padded: [UInt8] = [0xFC, 0x41, 0x42, 0xFA, 0, 0] + [0xFF, 0x02, 0x21]
        var data = CaptionData()
        for _ in 0..<10 { data.append(CaptionData(padded)) }
        #expect(data.count == 30 && data.takeFrame().count == 30 && data.isEmpty)
        for _ in 0..<20 { data.append(CaptionData(padded)) }
        let (first, second) = (data.takeFrame(), data.takeFrame())
        #expect(first.count == 31 && second.count == 9 && data.isEmpty)
        // CEA-608 in front, each kind in its order.
        #expect(first.bytes.prefix(60) == [UInt8]((0..<20).flatMap { _ in [0xFC, 0x41, 0x42] })[...])
    }
}
