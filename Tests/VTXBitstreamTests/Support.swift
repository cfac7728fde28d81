// Bytes for the tests: real ones, written by FFmpeg 5.1, and built ones where real ones would be long.

@testable import VTXBitstream

/// Bytes from hexadecimal digits; white space is ignored.
func bytes(_ digits: String) -> [UInt8] {
    let values = digits.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue!) }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

func big(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// One box of ISO/IEC 14496-12.
func box(_ type: String, _ body: [UInt8]...) -> [UInt8] {
    let content = Array(body.joined())
    return big(UInt32(content.count + 8)) + Array(type.utf8) + content
}

/// An initialization section around a sample description, as plain as readers allow.
func initSection(
    sampleDescription: [UInt8], handler: String, language: UInt16 = 0x55C4, matrix: [Int32] = [1, 0, 0, 1],
    edits: [UInt8] = []
) -> [UInt8] {
    let zero = [UInt8](repeating: 0, count: 64)
    let fixed = matrix.map { $0 << 16 }
    let turn = [fixed[0], fixed[1], 0, fixed[2], fixed[3], 0, 0, 0, 1 << 30].flatMap { big($0) }
    return box("ftyp", Array("iso6".utf8), zero.prefix(4).map { $0 })
        + box(
            "moov",
            box("mvhd", Array(zero.prefix(12)), big(UInt32(1000)), zero),
            box(
                "trak",
                box(
                    "tkhd", Array(zero.prefix(12)), big(UInt32(1)), Array(zero.prefix(24)), turn,
                    Array(zero.prefix(8))),
                edits,
                box(
                    "mdia",
                    box(
                        "mdhd", Array(zero.prefix(12)), big(UInt32(48_000)), Array(zero.prefix(4)),
                        big(language), [0, 0]),
                    box("hdlr", Array(zero.prefix(8)), Array(handler.utf8), Array(zero.prefix(13))),
                    box("minf", box("stbl", sampleDescription)))),
            box("mvex", box("trex", Array(zero.prefix(4)), big(UInt32(1)), Array(zero.prefix(16)))))
}

/// Two fragments of three frames each (I P B, 25 fps, 32 x 32) with an edit list, and their `moov`.
enum TinyMovie {
    static let initSection = bytes(
        """
        0000001c6674797069736f350000020069736f3569736f366d703431000002eb6d6f6f760000006c6d76686400000000
        0000000000000000000003e8000000000001000001000000000000000000000000010000000000000000000000000000
        000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002
        000002127472616b0000005c746b68640000000300000000000000000000000100000000000000000000000000000000
        000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000200000
        0020000000000024656474730000001c656c737400000000000000010000000000000200000100000000018a6d646961
        000000206d646864000000000000000000000000000032000000000055c400000000002d68646c720000000000000000
        76696465000000000000000000000000566964656f48616e646c657200000001356d696e6600000014766d6864000000
        0100000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000
        f57374626c000000a9737473640000000000000001000000996176633100000000000000010000000000000000000000
        00000000000020002000480000004800000000000000010c4c617663206c696278323634000000000000000000000000
        000000000000000018ffff00000033617663430164000affe100176764000aacec96c044000003000400000300c83c48
        94e001000568ef81872cfdf8f80000000010706173700000000100000001000000107374747300000000000000000000
        0010737473630000000000000000000000147374737a000000000000000000000000000000107374636f000000000000
        0000000000286d76657800000020747265780000000000000001000000010000000000000000000000000000003d7564
        7461000000356d657461000000000000002168646c7200000000000000006d6469726170706c00000000000000000000
        000008696c7374
        """)
    static let segment = bytes(
        """
        000000806d6f6f66000000106d666864000000000000000100000068747261660000001c746668640002003800000001
        000002000000007a010100000000001474666474010000000000000000000000000000307472756e00000a0500000003
        00000088020000000000007a000002000000000b000004000000000b00000000000000986d6461740000007665888403
        ff5d50ac400f964a8fd4c11df7375724e2b2f71104a81f5f87e6b6d7e04e2fcc965e9066c1115b872999aa57c852bd4a
        1c69d4c3f60df8233f35c0d5be7fa702e776431ff7ff257d4ecb1613df745552a6da6e2e604547f5202793cce13770fc
        2f728716cb686d0ccd975da5a23b227728db00000007419a2863ffc58000000007019e4515ffe481000000806d6f6f66
        000000106d666864000000000000000200000068747261660000001c746668640002003800000001000002000000007a
        010100000000001474666474010000000000000000000600000000307472756e00000a05000000030000008802000000
        0000007a000002000000001a000004000000000b00000000000000a76d6461740000007665888200ff5d50ac400f964a
        8fd4c11df7375724e2b2f71104a81f5f87e6b6d7e04e2fcc965e9066c1115b872999aa57c852bd4a1c69d4c3f60df823
        3f35c0d5be7fa702e776431ff7ff257d4ecb1613df745552a6da6e2e604547f5202793cce13770fc2f728716cb686d0c
        cd975da5a23b227728da00000016419a2863fff2c5527d36b7ccf1e31e6734fedd0c35a100000007019e4515ffe481
        """)
}

/// Builds transport packets.
struct TransportBuilder {
    var bytes: [UInt8] = []

    mutating func tables(video: Int = 0x100, audio: Int? = 0x101) {
        packet(pid: 0, starts: true, [0] + table(0, [0, 1, 0xE1, 0x23]))
        var map: [UInt8] = [
            0xE1, 0x00, 0xF0, 0x00, 0x1B, 0xE0 | UInt8(video >> 8), UInt8(video & 255), 0xF0, 0x00,
        ]
        if let audio { map += [0x0F, 0xE0 | UInt8(audio >> 8), UInt8(audio & 255), 0xF0, 0x00] }
        packet(pid: 0x123, starts: true, [0] + table(2, map))
    }

    /// A frame of `packets` transport packets.
    mutating func frame(pid: Int, pts: Int64, isKey: Bool = false, packets: Int = 1, between: [Int] = []) {
        let stamp: [UInt8] = [
            0x21 | UInt8(pts >> 29 & 0x0E), UInt8(pts >> 22 & 255), UInt8(pts >> 14 & 255) | 1,
            UInt8(pts >> 7 & 255),
            UInt8(pts << 1 & 255) | 1,
        ]
        let header: [UInt8] = [0, 0, 1, 0xE0, 0, 0, 0x80, 0x80, 5] + stamp
        for index in 0..<packets {
            packet(pid: pid, starts: index == 0, isKey: isKey && index == 0, index == 0 ? header : [])
            for other in between where index == 0 { packet(pid: other, starts: false, []) }
        }
    }

    mutating func packet(pid: Int, starts: Bool, isKey: Bool = false, _ payload: [UInt8]) {
        var packet: [UInt8] = [0x47, (starts ? 0x40 : 0) | UInt8(pid >> 8), UInt8(pid & 255), 0x30]
        packet += [1, isKey ? 0x40 : 0] + payload
        bytes += packet + [UInt8](repeating: 0xFF, count: 188 - packet.count)
    }

    private func table(_ id: UInt8, _ body: [UInt8]) -> [UInt8] {
        [id, 0xB0, UInt8(body.count + 9), 0, 1, 0xC1, 0, 0] + body + [0, 0, 0, 0]
    }
}
