// Frames of AAC that hold silence, written without an encoder: for tracks that are copied and begin late.

/// Silence in the format of a stream of AAC (ISO/IEC 14496-3): low complexity, 1024 samples a frame.
struct SilentAAC: Hashable, Sendable {
    /// One frame; with a header in front, if the stream's frames have one (ADTS).
    let frame: [UInt8]

    static let samples: Int64 = 1024

    /// - Parameters:
    ///   - configuration: AudioSpecificConfig (1.6.2.1); empty if each frame has a header.
    ///   - first: a frame of the stream.
    /// - Returns: `nil` for streams of another kind.
    init?(configuration: [UInt8], like first: [UInt8]) {
        if configuration.count >= 2 {
            let (a, b) = (configuration[0], configuration[1])
            // Object type, index of the rate, channels, no short frames, no core coder, no extension.
            guard a >> 3 == 2, (a & 7) << 1 | b >> 7 != 15, b & 7 == 0,
                let block = Self.block(channels: Int(b >> 3 & 15))
            else { return nil }
            frame = block
        } else {
            // 1.A.3.2: syncword, layer, profile, one block of raw data.
            guard first.count >= 7, first[0] == 0xFF, first[1] & 0xF6 == 0xF0, first[2] >> 6 == 1,
                first[6] & 3 == 0,
                let block = Self.block(channels: Int(first[2] & 1) << 2 | Int(first[3] >> 6))
            else { return nil }
            let length = 7 + block.count
            // No checksum; the buffer's fullness is that of a variable bit rate.
            frame =
                [
                    0xFF, first[1] | 1, first[2], first[3] & 0xFC | UInt8(length >> 11),
                    UInt8(length >> 3 & 0xFF),
                    UInt8(length & 7) << 5 | 0x1F, 0xFC,
                ] + block
        }
    }

    private enum Element: Int {
        case single = 0
        case pair
        case lowFrequency = 3
    }

    /// The elements of a frame by channelConfiguration (table 1.19); from 8 on, and 0, others would be needed.
    private static let elements: [[Element]] = [
        [], [.single], [.pair], [.single, .pair], [.single, .pair, .single], [.single, .pair, .pair],
        [.single, .pair, .pair, .lowFrequency], [.single, .pair, .pair, .pair, .lowFrequency],
    ]

    /// raw_data_block (4.4.2.1) whose spectra have no bands at all.
    private static func block(channels: Int) -> [UInt8]? {
        guard elements.indices.contains(channels), channels > 0 else { return nil }
        var bits: [UInt8] = []
        func put(_ value: Int, _ count: Int) {
            for place in (0..<count).reversed() { bits.append(UInt8(value >> place & 1)) }
        }
        func putChannel() {
            put(0, 8)  // global_gain
            put(0, 1 + 2 + 1 + 6 + 1)  // ics_info: one long window, sine, max_sfb 0, no prediction
            put(0, 3)  // no pulses, no noise shaping, no gain control
        }
        var tags: [Element: Int] = [:]
        for element in elements[channels] {
            put(element.rawValue, 3)
            put(tags[element, default: 0], 4)
            tags[element, default: 0] += 1
            if element == .pair {
                put(0, 1)  // no common window
                putChannel()
            }
            putChannel()
        }
        put(7, 3)
        put(0, (8 - bits.count % 8) % 8)
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
        }
    }
}
