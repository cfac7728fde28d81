// Big-endian numbers out of bytes that cannot be trusted: every read is checked, nothing traps.

import VTXModel

/// Reads forward through a part of a buffer. Positions count from the start of the whole buffer.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    /// - Parameter range: clamped to the buffer; `nil`: all of it.
    init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
        let range = (range ?? bytes.indices).clamped(to: bytes.indices)
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var remaining: Int { end - position }

    mutating func skip(_ count: Int) throws(VTXError) {
        guard count >= 0, count <= remaining else { throw truncated() }
        position += count
    }

    mutating func u8() throws(VTXError) -> UInt8 {
        guard position < end else { throw truncated() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func u16() throws(VTXError) -> UInt16 { UInt16(try number(2)) }
    mutating func u32() throws(VTXError) -> UInt32 { UInt32(try number(4)) }
    mutating func u64() throws(VTXError) -> UInt64 { try number(8) }
    mutating func i32() throws(VTXError) -> Int32 { Int32(bitPattern: try u32()) }

    /// Four characters as text; bytes that are no printable ASCII become `?`.
    mutating func fourCC() throws(VTXError) -> String {
        let code = try take(4)
        return String(decoding: code.map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }

    mutating func take(_ count: Int) throws(VTXError) -> [UInt8] {
        let start = position
        try skip(count)
        return Array(bytes[start..<position])
    }

    private mutating func number(_ count: Int) throws(VTXError) -> UInt64 {
        guard count <= remaining else { throw truncated() }
        var value: UInt64 = 0
        for index in position..<position + count { value = value << 8 | UInt64(bytes[index]) }
        position += count
        return value
    }

    private func truncated() -> VTXError { damaged("data ends at byte \(end), where more is due") }
}
