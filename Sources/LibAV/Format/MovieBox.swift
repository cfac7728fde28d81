// The boxes of a header of MP4, as bytes in memory.

/// A number of up to eight bytes.
func bigEndian(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
/// The lower four bytes of a number.
func number(_ value: Int64) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

/// A box of a small part of a file (ISO/IEC 14496-12).
struct Box {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    init(_ type: String, _ body: some Sequence<UInt8>) { self.init(Array(type.utf8), Array(body)) }

    private init(_ type: [UInt8], _ body: [UInt8]) { bytes = number(Int64(body.count + 8)) + type + body }

    /// The same kind of box with another content.
    func replacing(_ body: some Sequence<UInt8>) -> Box { Box(Array(bytes[4..<8]), Array(body)) }

    /// Four characters; those of QuickTime that begin with the copyright sign begin with U+FFFD.
    var type: String { bytes.count < 8 ? "" : String(decoding: bytes[4..<8], as: UTF8.self) }

    /// Where the boxes in it begin.
    private var start: Int {
        switch type {
        case "stsd": 16
        // QuickTime has no version and flags in front of the boxes of metadata, MP4 has.
        case "meta": bytes.count > 16 && bytes[12..<16].elementsEqual("hdlr".utf8) ? 8 : 12
        default: 8
        }
    }

    var body: [Box] {
        var boxes: [Box] = []
        var position = start
        while position + 8 <= bytes.count {
            let size = Int(bigEndian(bytes[position..<position + 4]))
            guard size >= 8, size <= bytes.count - position else { break }
            boxes.append(Box(Array(bytes[position..<position + size])))
            position += size
        }
        return boxes
    }

    /// The same with each box in it changed; as it is if not all of it is boxes.
    func map(_ change: (Box) -> Box) -> Box {
        let boxes = body
        guard start + boxes.reduce(0, { $0 + $1.bytes.count }) == bytes.count else { return self }
        return replacing(bytes[8..<start] + boxes.flatMap { change($0).bytes })
    }

    /// The same with the boxes at a path in it changed.
    func map(_ path: String..., change: (Box) -> Box) -> Box { map(path[...], change) }

    func map(_ path: ArraySlice<String>, _ change: (Box) -> Box) -> Box {
        guard let name = path.first else { return change(self) }
        return map { $0.type == name ? $0.map(path.dropFirst(), change) : $0 }
    }
}
