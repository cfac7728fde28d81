// H.264 and HEVC as byte streams (ITU-T H.264, annex B).

/// The NAL units of an Annex B byte stream, without start codes and the zeros before them.
func annexBUnits(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    // No unit ends the search.
    let units = bytes.withUnsafeBytes { leadingUnits(of: $0, lengthSize: nil) { _ in false }.leading }
    // Each begins at index 0, as its readers expect.
    return units.map { Array(bytes[$0])[...] }
}

/// Bytes of the length before each NAL unit of HEVC; `nil`: start codes.
///
/// - Parameter header: `hvcC` (ISO/IEC 14496-15, 8.3.3.1), or a byte stream, or nothing.
func hevcLengthSize(_ header: [UInt8]) -> Int? {
    let isRecord = header.count >= 23 && (header[0] != 0 || header[1] != 0 || header[2] > 1)
    return isRecord ? Int(header[21] & 3) + 1 : nil
}
