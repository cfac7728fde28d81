// H.264 and HEVC as byte streams (ITU-T H.264, annex B).

/// The NAL units of an Annex B byte stream, without start codes and the zeros before them.
func annexBUnits(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    // No unit ends the search.
    let units = bytes.withUnsafeBytes { leadingUnits(of: $0, lengthSize: nil) { _ in false }.leading }
    // Each begins at index 0, as its readers expect.
    return units.map { Array(bytes[$0])[...] }
}
