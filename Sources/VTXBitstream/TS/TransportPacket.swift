// Headers of transport packets and of what starts in them (ISO/IEC 13818-1, 2.4.3).

import VTXModel

/// The header of one packet.
struct TransportPacket {
    var start: Int
    var end: Int
    var pid: Int
    var startsUnit: Bool
    var isRandomAccess = false
    var payload: Range<Int>

    init(_ bytes: Span<UInt8>, at start: Int) throws(VTXError) {
        self.start = start
        end = start + 188
        guard bytes[start] == 0x47 else { throw damaged("no transport packet at byte \(start)") }
        startsUnit = bytes[start + 1] & 0x40 != 0
        pid = Int(bytes[start + 1] & 0x1F) << 8 | Int(bytes[start + 2])
        let control = bytes[start + 3] >> 4 & 3
        var content = start + 4
        if control & 2 != 0 {
            let length = Int(bytes[start + 4])
            if length > 0 { isRandomAccess = bytes[start + 5] & 0x40 != 0 }
            content = min(start + 5 + length, end)
        }
        payload = control & 1 != 0 ? content..<end : end..<end
        if payload.isEmpty { startsUnit = false }
    }
}

/// The start of a packetised elementary stream packet.
struct FrameHeader {
    var pts: Int64?
    var body: Range<Int>

    init(_ bytes: [UInt8], _ packet: TransportPacket) throws(VTXError) {
        var reader = ByteReader(bytes, packet.payload)
        guard try reader.u32() >> 8 == 1 else {
            throw damaged("no frame where packet at byte \(packet.start) starts one")
        }
        try reader.skip(3)
        let flags = try reader.u8()
        let length = Int(try reader.u8())
        if flags & 0x80 != 0 {
            let (a, b, c) = (Int64(try reader.u8()), Int64(try reader.u16()), Int64(try reader.u16()))
            pts = (a >> 1 & 7) << 30 | (b >> 1) << 15 | c >> 1
        }
        let body = packet.payload.lowerBound + 9 + length
        self.body = min(body, packet.end)..<packet.end
    }
}
