// A stream of JPEG images one behind the other, which libav tells from a single one by the file's name alone.

import VTXSystem

/// Whether a file is at least three JPEG images without anything between them. Photographs may have one or two more
/// images behind their own (previews, "Multi-Picture Format").
func isMotionJPEG(_ path: String) -> Bool {
    guard let file = try? File(path, for: .reading) else { return false }
    var reader = JPEGReader(file: file)
    return (0..<3).allSatisfy { _ in reader.skipImage() } && !reader.isMultiPicture
}

/// Goes through JPEG images marker by marker (ITU-T T.81, annex B).
private struct JPEGReader {
    let file: File
    private(set) var isMultiPicture = false
    private var position: Int64 = 0
    private var block: [UInt8] = []
    private var blockStart: Int64 = 0

    /// Bytes of one image that are looked at; larger ones are no frames of a video.
    private static let mostBytes: Int64 = 64 << 20

    init(file: File) { self.file = file }

    private mutating func byte(at place: Int64) -> UInt8? {
        if place < blockStart || place >= blockStart + Int64(block.count) {
            guard let next = try? file.read(at: place, count: 1 << 16), !next.isEmpty else { return nil }
            (block, blockStart) = (next, place)
        }
        return block[Int(place - blockStart)]
    }

    /// Goes to the end of the image that begins here.
    ///
    /// - Returns: `false` if none begins here, or it does not end.
    mutating func skipImage() -> Bool {
        guard byte(at: position) == 0xFF, byte(at: position + 1) == 0xD8 else { return false }
        let limit = position + Self.mostBytes
        position += 2
        var isInScan = false
        while position < limit, let first = byte(at: position), let marker = byte(at: position + 1) {
            guard first == 0xFF else {
                guard isInScan else { return false }
                position += 1
                continue
            }
            switch marker {
            case 0xFF: position += 1
            case 0x00, 0xD0...0xD7: position += 2
            case 0xD9:
                position += 2
                return true
            default:
                guard let high = byte(at: position + 2), let low = byte(at: position + 3) else { return false }
                if marker == 0xE2, byte(at: position + 4) == UInt8(ascii: "M"),
                    byte(at: position + 5) == UInt8(ascii: "P")
                {
                    isMultiPicture = true
                }
                isInScan = marker == 0xDA
                position += 2 + max(2, Int64(high) << 8 | Int64(low))
            }
        }
        return false
    }
}
