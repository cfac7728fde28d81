// Fields that several boxes of a movie share.

import VTXModel

/// The common part of `mvhd` and `mdhd`.
struct TimeHeader {
    var timescale: UInt32
    var afterDuration: Int

    init(_ bytes: [UInt8], _ box: ISOBox) throws(VTXError) {
        var reader = ByteReader(bytes, box.body)
        let isLong = try reader.u8() == 1
        try reader.skip(3 + (isLong ? 16 : 8))
        timescale = try reader.u32()
        guard timescale > 0 else { throw damaged("'\(box.type)' with a time scale of 0") }
        try reader.skip(isLong ? 8 : 4)
        afterDuration = reader.position
    }
}

/// Three letters in five bits each.
func packedLanguage(_ code: UInt16) -> String? {
    let letters = [code >> 10 & 31, code >> 5 & 31, code & 31]
    guard letters.allSatisfy({ (1...26).contains($0) }) else { return nil }
    let text = String(decoding: letters.map { UInt8($0) + 0x60 }, as: UTF8.self)
    return text == "und" ? nil : text
}

/// The value of arithmetic on numbers from a file.
func checked(_ result: (partialValue: Int64, overflow: Bool)) throws(VTXError) -> Int64 {
    guard !result.overflow else { throw damaged("times run out of 64 bits") }
    return result.partialValue
}
