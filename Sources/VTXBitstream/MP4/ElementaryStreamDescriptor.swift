// The `esds` box.

import VTXModel

/// The object type indication and the decoder specific information of an `esds` box (ISO/IEC 14496-1, 7.2.6).
func readElementaryStream(_ box: [UInt8]) throws(VTXError) -> (type: UInt8, specific: [UInt8]) {
    var reader = ByteReader(box)
    try reader.skip(4)
    guard try readDescriptor(&reader).tag == 3 else { throw damaged("'esds' without an ES descriptor") }
    try reader.skip(2)
    let flags = try reader.u8()
    if flags & 0x80 != 0 { try reader.skip(2) }
    if flags & 0x40 != 0 { try reader.skip(Int(try reader.u8())) }
    if flags & 0x20 != 0 { try reader.skip(2) }
    guard try readDescriptor(&reader).tag == 4 else {
        throw damaged("'esds' without a decoder configuration")
    }
    let type = try reader.u8()
    try reader.skip(12)
    guard type == 0x40 else { return (type, []) }
    let specific = try readDescriptor(&reader)
    guard specific.tag == 5 else { throw damaged("'esds' without an AudioSpecificConfig") }
    return (type, try reader.take(specific.length))
}

/// Tag and length; lengths have seven bits a byte, four bytes at most.
private func readDescriptor(_ reader: inout ByteReader) throws(VTXError) -> (tag: UInt8, length: Int) {
    let tag = try reader.u8()
    var length = 0
    for _ in 0..<4 {
        let byte = try reader.u8()
        length = length << 7 | Int(byte & 0x7F)
        if byte & 0x80 == 0 { break }
    }
    return (tag, length)
}
