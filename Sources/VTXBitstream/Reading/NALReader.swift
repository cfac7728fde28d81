// Bits of a NAL unit (H.264 and HEVC 7.2, 9.1): every read is checked, nothing traps.

import VTXModel

/// Reads a NAL unit bit by bit and steps over emulation prevention bytes, so that a position counts the
/// bytes as they are stored.
struct NALReader {
    private let bytes: [UInt8]
    private let end: Int
    private var index: Int
    /// Bits of `bytes[index]` that were read.
    private var bit: UInt8 = 0
    private var zeros = 0

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    /// Where the byte after the last bit read begins, counted from the start of the buffer.
    var nextByte: Int { bit == 0 ? index : index + 1 }
    var isAligned: Bool { bit == 0 }

    /// Where HEVC's `byte_alignment()` ends, which has a bit at least.
    var afterAlignment: Int { index + 1 }

    mutating func flag() throws(VTXError) -> Bool {
        // Two zero bytes and a 3: the 3 was put in by the encoder.
        if bit == 0, zeros >= 2, index < end, bytes[index] == 3 {
            index += 1
            zeros = 0
        }
        guard index < end else { throw damaged("a NAL unit ends inside its header") }
        let value = bytes[index] >> (7 - bit) & 1 == 1
        bit += 1
        if bit == 8 {
            zeros = bytes[index] == 0 ? zeros + 1 : 0
            index += 1
            bit = 0
        }
        return value
    }

    /// - Parameter count: 0 to 32.
    mutating func bits(_ count: Int) throws(VTXError) -> Int {
        var value = 0
        for _ in 0..<count { value = value << 1 | (try flag() ? 1 : 0) }
        return value
    }

    mutating func skip(_ count: Int) throws(VTXError) {
        for _ in 0..<count { _ = try flag() }
    }

    /// `ue(v)`.
    mutating func unsigned() throws(VTXError) -> Int {
        var length = 0
        while !(try flag()) {
            length += 1
            guard length <= 32 else { throw damaged("a number of more than 32 bits in a NAL unit") }
        }
        return (1 << length) - 1 + (try bits(length))
    }

    /// `ue(v)`, no more than `most`: counts from a file decide how long a loop runs.
    mutating func unsigned(upTo most: Int) throws(VTXError) -> Int {
        let value = try unsigned()
        guard value <= most else { throw damaged("\(value) in a NAL unit where \(most) is the most") }
        return value
    }

    /// `se(v)`.
    @discardableResult
    mutating func signed() throws(VTXError) -> Int {
        let code = try unsigned()
        return code & 1 == 1 ? (code + 1) / 2 : -code / 2
    }
}

/// Bits that number `count` things: Ceil(Log2(count)).
func bitWidth(_ count: Int) -> Int { count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount }
