// The decoder configuration record of H.264 (ISO/IEC 14496-15, 5.3.3.1).

import VTXModel

/// The content of `avcC`.
struct AVCRecord {
    /// Version, profile, compatibility, level and size of lengths.
    private var head: [UInt8]
    private(set) var sequences: [[UInt8]] = []
    private(set) var pictures: [[UInt8]] = []
    /// What follows the sets: formats of samples, in the higher profiles.
    private var rest: [UInt8] = []

    var lengthSize: Int { Int(head[4] & 3) + 1 }

    /// `nil` for other headers, and for damage.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 6, bytes[0] == 1 else { return nil }
        head = Array(bytes[..<5])
        var reader = ByteReader(bytes, 5..<bytes.count)
        do throws(VTXError) {
            for _ in 0..<(try reader.u8() & 31) { sequences.append(try reader.take(Int(try reader.u16()))) }
            for _ in 0..<(try reader.u8()) { pictures.append(try reader.take(Int(try reader.u16()))) }
            rest = try reader.take(reader.remaining)
        } catch {
            return nil
        }
    }

    /// Adds the sets of another stream of the same kind.
    ///
    /// - Returns: `false` if there are more than a record has room for.
    mutating func add(sequences more: [[UInt8]], pictures morePictures: [[UInt8]]) -> Bool {
        for set in more where set.count > 3 {
            head[2] &= set[2]
            head[3] = max(head[3], set[3])
        }
        sequences += more
        pictures += morePictures
        return sequences.count < 32 && pictures.count < 256
            && (sequences + pictures).allSatisfy { $0.count <= Int(UInt16.max) }
    }

    var bytes: [UInt8] {
        func list(_ sets: [[UInt8]]) -> [UInt8] {
            sets.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 255)] + $0 }
        }
        return head + [0xE0 | UInt8(sequences.count)] + list(sequences) + [UInt8(pictures.count)] + list(pictures)
            + rest
    }
}
