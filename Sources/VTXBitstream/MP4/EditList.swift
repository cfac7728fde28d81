// Edit lists (ISO/IEC 14496-12, 8.6.6).

import VTXModel

/// An empty edit delays the track; the first real one names the media time that is shown first.
func readEditOffset(
    _ bytes: [UInt8], _ edits: ISOBox?, movieTimescale: UInt32, timescale: UInt32
) throws(VTXError) -> Int64 {
    guard let edits, let list = try isoBoxes(in: bytes, edits.body).first("elst") else { return 0 }
    var reader = ByteReader(bytes, list.body)
    let isLong = try reader.u8() == 1
    try reader.skip(3)
    let count = try reader.u32()
    var offset: Int64 = 0
    for _ in 0..<count {
        let length = isLong ? try reader.u64() : UInt64(try reader.u32())
        let media = isLong ? Int64(bitPattern: try reader.u64()) : Int64(try reader.i32())
        try reader.skip(4)
        guard media < 0 else { return try checked(offset.subtractingReportingOverflow(media)) }
        guard length < 1 << 48 else { throw damaged("an edit of \(length) ticks") }
        let delay = rescale(
            Int64(length), from: Rational(1, Int64(movieTimescale)), to: Rational(1, Int64(timescale)))
        offset = try checked(offset.addingReportingOverflow(delay))
    }
    return offset
}
