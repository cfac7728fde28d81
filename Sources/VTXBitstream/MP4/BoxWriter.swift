// Writing boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2).

/// The bytes of a number, most significant first.
func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// A box with a header of eight bytes.
///
/// - Parameter type: four characters of ASCII.
func isoBox(_ type: String, _ body: [UInt8]) -> [UInt8] {
    bigEndian(UInt32(body.count + 8)) + Array(type.utf8) + body
}
