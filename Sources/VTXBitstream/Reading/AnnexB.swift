// H.264 and HEVC as byte streams (ITU-T H.264, annex B).

/// The NAL units of an Annex B byte stream, without start codes.
func annexBUnits(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var units: [ArraySlice<UInt8>] = []
    var start: Int?
    var index = 0
    while index + 2 < bytes.count {
        guard bytes[index] == 0, bytes[index + 1] == 0, bytes[index + 2] == 1 else {
            index += 1
            continue
        }
        if let start { units.append(bytes[start..<index]) }
        index += 3
        start = index
    }
    if let start { units.append(bytes[start...]) }
    return units.map { unit in
        // Zeros before the next start code belong to it.
        var unit = unit
        while unit.last == 0 { unit.removeLast() }
        return Array(unit)[...]
    }
}
