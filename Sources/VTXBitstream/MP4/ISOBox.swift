// The boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2).

import VTXModel

/// One box: where it stands and where its content is.
struct ISOBox {
    var type: String
    /// With its header; counted from the start of the buffer.
    var range: Range<Int>
    /// Without its header.
    var body: Range<Int>
}

/// The boxes that fill a part of a buffer.
///
/// Fewer than eight bytes after the last box are ignored: QuickTime ends some lists with a zero.
func isoBoxes(in bytes: [UInt8], _ range: Range<Int>? = nil) throws(VTXError) -> [ISOBox] {
    var reader = ByteReader(bytes, range)
    var boxes: [ISOBox] = []
    while reader.remaining >= 8 {
        let start = reader.position
        var size = UInt64(try reader.u32())
        let type = try reader.fourCC()
        if size == 1 { size = try reader.u64() }
        // Size 0: to the end of the file.
        let length = size == 0 ? reader.end - start : Int(clamping: size)
        let header = reader.position - start
        guard length >= header, length - header <= reader.remaining else {
            throw damaged("box '\(type)' at byte \(start) claims \(size) bytes of \(reader.end - start)")
        }
        let body = reader.position..<start + length
        try reader.skip(length - header)
        boxes.append(ISOBox(type: type, range: start..<body.upperBound, body: body))
    }
    return boxes
}

extension [ISOBox] {
    func first(_ type: String) -> ISOBox? { first { $0.type == type } }

    func required(_ type: String, of parent: String) throws(VTXError) -> ISOBox {
        guard let box = first(type) else { throw damaged("no '\(type)' box in \(parent)") }
        return box
    }
}
