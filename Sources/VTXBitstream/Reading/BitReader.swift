// Bits out of bytes that cannot be trusted: every read is checked, nothing traps.

import VTXModel

/// Reads bit by bit, most significant first.
struct BitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter count: 0 to 32.
    mutating func read(_ count: Int) throws(VTXError) -> Int {
        guard position + count <= bytes.count * 8 else { throw damaged("a bit field is cut off") }
        var value = 0
        for _ in 0..<count {
            value = value << 1 | Int(bytes[position >> 3] >> (7 - UInt8(position & 7)) & 1)
            position += 1
        }
        return value
    }
}
