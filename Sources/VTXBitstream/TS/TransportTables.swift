// The tables that list programs and their streams (ISO/IEC 13818-1, 2.4.4).

import VTXModel

/// The content of a table that fits one packet, from its identifier to before its checksum.
func section(
    _ bytes: [UInt8], _ packet: TransportPacket, table: UInt8
) throws(VTXError) -> [UInt8] {
    var reader = ByteReader(bytes, packet.payload)
    try reader.skip(Int(try reader.u8()))
    guard try reader.u8() == table else {
        throw damaged("no table \(table) in the packet at byte \(packet.start)")
    }
    let length = Int(try reader.u16() & 0x0FFF)
    guard length >= 9, length <= reader.remaining else {
        throw damaged("a table of \(length) bytes in the packet at byte \(packet.start)")
    }
    return try reader.take(length - 4)
}

/// PIDs of the program maps, without the network table.
func readAssociation(_ section: [UInt8]) throws(VTXError) -> [Int] {
    var reader = ByteReader(section)
    try reader.skip(5)
    var programs: [Int] = []
    while reader.remaining >= 4 {
        let (number, pid) = (try reader.u16(), Int(try reader.u16() & 0x1FFF))
        if number != 0 { programs.append(pid) }
    }
    return programs
}

/// Packet identifiers and types of the streams of a program.
func readProgramMap(_ section: [UInt8]) throws(VTXError) -> [(pid: Int, type: UInt8)] {
    var reader = ByteReader(section)
    try reader.skip(7)
    try reader.skip(Int(try reader.u16() & 0x0FFF))
    var streams: [(pid: Int, type: UInt8)] = []
    while reader.remaining >= 5 {
        let (type, pid) = (try reader.u8(), Int(try reader.u16() & 0x1FFF))
        try reader.skip(Int(try reader.u16() & 0x0FFF))
        streams.append((pid, type))
    }
    return streams
}
