// SEI messages (ITU-T H.264 and H.265, 7.3.2.3 and annex D), and the captions in them.

/// One SEI message.
struct SEIMessage {
    let type: Int
    let payload: [UInt8]

    /// Captions of ATSC A/53; `nil` if it is another message.
    var captions: CaptionData? {
        guard type == 4, payload.starts(with: captionHeader) else { return nil }
        return ccData(payload[captionHeader.count...])
    }

    /// Type, size and payload, without emulation prevention.
    var coded: [UInt8] { number(type) + number(payload.count) + payload }

    private func number(_ value: Int) -> [UInt8] {
        Array(repeating: 0xFF, count: value / 255) + [UInt8(value % 255)]
    }
}

/// The messages of an SEI unit. What is cut off is left out.
struct SEIMessages: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position = 0

    /// - Parameter body: of the unit after its header.
    init(_ body: some Collection<UInt8>) {
        bytes = withoutEmulationPrevention(body)
    }

    mutating func next() -> SEIMessage? {
        // A message has two bytes at least; what is left otherwise is the end of the unit.
        guard bytes.count - position > 2, let type = number(), let size = number(), size <= bytes.count - position
        else { return nil }
        defer { position += size }
        return SEIMessage(type: type, payload: Array(bytes[position..<position + size]))
    }

    private mutating func number() -> Int? {
        var value = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            value += Int(byte)
            if byte != 0xFF { return value }
        }
        return nil
    }
}

/// United States, ATSC, and the identifier of A/53; then the type of cc_data().
private let captionHeader: [UInt8] = [0xB5, 0x00, 0x31] + Array("GA94".utf8) + [3]

/// cc_data() (A/53 part 4, table 6.10).
private func ccData(_ bytes: some Collection<UInt8>) -> CaptionData {
    let bytes = Array(bytes)
    guard bytes.count >= 2, bytes[0] & 0x40 != 0 else { return CaptionData() }
    return CaptionData(Array(bytes.dropFirst(2).prefix(Int(bytes[0] & 31) * 3)))
}

/// The body of an SEI unit that carries captions.
func seiBody(_ data: CaptionData) -> [UInt8] {
    let bytes = Array(data.bytes.prefix(CaptionData.most * 3))
    let payload = captionHeader + [0xC0 | UInt8(bytes.count / 3), 0xFF] + bytes + [0xFF]
    return escaped(SEIMessage(type: 4, payload: payload).coded + [0x80])
}

/// The bytes of a NAL unit as they were before emulation prevention.
func withoutEmulationPrevention(_ body: some Collection<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(body.count)
    var zeros = 0
    for byte in body {
        if zeros >= 2, byte == 3 {
            zeros = 0
            continue
        }
        zeros = byte == 0 ? zeros + 1 : 0
        plain.append(byte)
    }
    return plain
}

/// With emulation prevention: no start code is in it.
func escaped(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var zeros = 0
    for byte in bytes {
        if zeros >= 2, byte <= 3 {
            result.append(3)
            zeros = 0
        }
        zeros = byte == 0 ? zeros + 1 : 0
        result.append(byte)
    }
    return result
}

/// Captions in the user data of MPEG-2: those of A/53, of SCTE 20, and of DVD-Video, which hold a group of frames.
func userData(_ bytes: [UInt8]) -> CaptionData {
    if bytes.starts(with: Array("GA94".utf8) + [3]) { return ccData(bytes.dropFirst(5)) }
    if bytes.count > 2, bytes[0] == 3, bytes[1] & 0x7F == 1 { return line21(bytes.dropFirst(2)) }
    guard bytes.count > 5, bytes.starts(with: [0x43, 0x43, 1, 0xF8]) else { return CaptionData() }
    // Pairs of both fields, each behind a byte that tells the field: FF is the first one.
    var triplets: [UInt8] = []
    for start in stride(from: 5, to: bytes.count - 2, by: 3) {
        guard bytes[start] & 0xFE == 0xFE else { break }
        triplets += [bytes[start] == 0xFF ? 0xFC : 0xFD, bytes[start + 1], bytes[start + 2]]
    }
    return CaptionData(triplets)
}

/// Captions of cable television (ANSI/SCTE 20, 6): pairs of 26 bits, whose bytes have their lowest bit first.
private func line21(_ bytes: ArraySlice<UInt8>) -> CaptionData {
    var bits = BitReader(Array(bytes))
    var triplets: [UInt8] = []
    guard let count = try? bits.read(5) else { return CaptionData() }
    for _ in 0..<count {
        // Priority, field, line; then the pair and a marker.
        guard (try? bits.read(2)) != nil, let field = try? bits.read(2), (try? bits.read(5)) != nil,
            let first = try? bits.read(8), let second = try? bits.read(8), (try? bits.read(1)) != nil
        else { break }
        // The third one is the first field that is shown again.
        guard (1...2).contains(field) else { continue }
        triplets += [field == 1 ? 0xFC : 0xFD, reversed(UInt8(first)), reversed(UInt8(second))]
    }
    return CaptionData(triplets)
}

private func reversed(_ byte: UInt8) -> UInt8 { (0..<8).reduce(0) { $0 << 1 | byte >> $1 & 1 } }
