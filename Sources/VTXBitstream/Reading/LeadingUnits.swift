// The units in front of a coded frame, in packets of H.264, HEVC and MPEG-2.

/// Finds the units before the first one of the coded frame, and where that begins, without lengths or start codes.
///
/// What follows is not searched: it is nearly all of the packet.
///
/// - Parameters:
///   - lengthSize: bytes of the length before each unit; `nil` for start codes (ITU-T H.264, annex B).
///   - isFrame: whether the unit that begins at this offset is part of the coded frame.
/// - Returns: `frame` is `nil` if there is none, or if the packet is damaged before it.
func leadingUnits(
    of packet: UnsafeRawBufferPointer, lengthSize: Int?, isFrame: (Int) -> Bool
) -> (leading: [Range<Int>], frame: Int?) {
    guard let lengthSize else { return startCodeUnits(of: packet, isFrame: isFrame) }
    var leading: [Range<Int>] = []
    var offset = 0
    while offset + lengthSize < packet.count {
        let length = packet[offset..<offset + lengthSize].reduce(0) { $0 << 8 | Int($1) }
        offset += lengthSize
        guard length <= packet.count - offset else { return (leading, nil) }
        guard length > 0 else { continue }
        if isFrame(offset) { return (leading, offset) }
        leading.append(offset..<offset + length)
        offset += length
    }
    return (leading, nil)
}

/// Whether the order of display begins anew with a packet of a byte stream: IDR and, of HEVC, also BLA.
///
/// - Parameter codec: libav's name; of others than H.264 and HEVC, no packet tells.
package func startsDisplayOrder(_ packet: UnsafeRawBufferPointer, codec: String) -> Bool {
    let (frames, anchors, type): (ClosedRange<UInt8>, ClosedRange<UInt8>, (Int) -> UInt8)
    switch codec {
    case "h264": (frames, anchors, type) = (1...5, 5...5, { packet[$0] & 31 })
    case "hevc": (frames, anchors, type) = (0...31, 16...20, { packet[$0] >> 1 & 63 })
    default: return false
    }
    let frame = leadingUnits(of: packet, lengthSize: nil) { frames.contains(type($0)) }.frame
    return frame.map { anchors.contains(type($0)) } ?? false
}

private func startCodeUnits(
    of packet: UnsafeRawBufferPointer, isFrame: (Int) -> Bool
) -> (leading: [Range<Int>], frame: Int?) {
    var leading: [Range<Int>] = []
    var start: Int?
    var offset = 0
    while offset + 3 < packet.count {
        guard packet[offset] == 0, packet[offset + 1] == 0, packet[offset + 2] == 1 else {
            offset += 1
            continue
        }
        if let start { leading.append(trimmed(start..<offset, in: packet)) }
        offset += 3
        start = offset
        if isFrame(offset) { return (leading, offset) }
    }
    if let start { leading.append(trimmed(start..<packet.count, in: packet)) }
    return (leading, nil)
}

/// Zeros before the next start code belong to that.
private func trimmed(_ unit: Range<Int>, in packet: UnsafeRawBufferPointer) -> Range<Int> {
    var end = unit.upperBound
    while end > unit.lowerBound, packet[end - 1] == 0 { end -= 1 }
    return unit.lowerBound..<end
}
