// Which streams of MPEG-TS and MPEG-PS are scrambled: libav reads their packets as if they were not.

import VTXSystem

/// Scrambled packets of each stream, in a sample of a file.
package struct ScrambledPackets: Sendable {
    private struct Count {
        var all = 0
        var scrambled = 0
    }

    private var counts: [Int: Count] = [:]
    /// Bytes read at one place, and places. Smaller files are read whole.
    private static let sample: (bytes: Int64, places: Int64) = (131_072, 32)

    /// Of a transport stream by PID, of a program stream by stream identifier.
    ///
    /// - Parameter isTransport: whether it is MPEG-TS, with packets of 188, 192 or 204 bytes; else MPEG-PS.
    package init(of path: String, isTransport: Bool) {
        guard let file = try? File(path, for: .reading), let size = file.status?.size else { return }
        let step = max(Self.sample.bytes, size / Self.sample.places)
        for place in stride(from: 0, to: size, by: Int(clamping: step)) {
            guard let bytes = try? file.read(at: place, count: Int(min(Self.sample.bytes, size - place))) else {
                return
            }
            if isTransport { addTransport(bytes) } else { addProgram(bytes) }
        }
    }

    /// For tests: one piece of a file.
    init(_ bytes: [UInt8], isTransport: Bool) {
        if isTransport { addTransport(bytes) } else { addProgram(bytes) }
    }

    /// Whether more than a tenth of a stream is scrambled, which is more than damage that is passed over.
    package func contains(_ stream: Int) -> Bool {
        guard let count = counts[stream] else { return false }
        return count.scrambled >= 4 && count.scrambled * 10 > count.all
    }

    private mutating func add(_ stream: Int, isScrambled: Bool) {
        counts[stream, default: Count()].all += 1
        if isScrambled { counts[stream]!.scrambled += 1 }
    }

    /// ISO/IEC 13818-1, 2.4.3.2: transport_scrambling_control, of packets that carry something.
    private mutating func addTransport(_ bytes: [UInt8]) {
        guard let (start, step) = packets(in: bytes) else { return }
        for place in stride(from: start, to: bytes.count - 188, by: step) where bytes[place] == 0x47 {
            let control = bytes[place + 3]
            guard control & 0x10 != 0 else { continue }
            let pid = Int(bytes[place + 1] & 0x1F) << 8 | Int(bytes[place + 2])
            if pid != 0x1FFF { add(pid, isScrambled: control & 0xC0 != 0) }
        }
    }

    /// Where packets begin and how far they are apart: five in a row tell.
    private func packets(in bytes: [UInt8]) -> (start: Int, step: Int)? {
        for start in 0..<min(204, bytes.count) where bytes[start] == 0x47 {
            for step in [188, 192, 204] {
                let places = stride(from: start, to: min(bytes.count, start + 5 * step), by: step)
                if places.allSatisfy({ bytes[$0] == 0x47 }) { return (start, step) }
            }
        }
        return nil
    }

    /// 2.4.3.6: PES_scrambling_control of video, audio and private stream 1, behind a pack.
    private mutating func addProgram(_ bytes: [UInt8]) {
        var place = 0
        while place + 7 < bytes.count {
            guard bytes[place] == 0, bytes[place + 1] == 0, bytes[place + 2] == 1 else {
                place += 1
                continue
            }
            let stream = bytes[place + 3]
            if stream == 0xBD || (0xC0...0xEF).contains(stream), bytes[place + 6] & 0xC0 == 0x80 {
                add(Int(stream), isScrambled: bytes[place + 6] & 0x30 != 0)
                place += Int(bytes[place + 4]) << 8 | Int(bytes[place + 5])
            }
            place += 4
        }
    }
}
