// Extended language tags of MP4 (`elng`), which libavformat 59 does not read.

import VTXSystem

/// BCP 47 tags by track number, where tracks have them.
///
/// Only heads of boxes are read, so the size of the sample tables does not matter.
func movieLanguages(of path: String) -> [Int: String] {
    guard let file = try? File(path, for: .reading), let size = file.status?.size else { return [:] }
    let reader = BoxReader(file: file)
    var tags: [Int: String] = [:]
    for movie in reader.boxes(in: 0..<size, most: 256) where movie.type == "moov" {
        for track in reader.boxes(in: movie.body, most: 256) where track.type == "trak" {
            let parts = reader.boxes(in: track.body, most: 64)
            guard let head = parts.first(where: { $0.type == "tkhd" }),
                let media = parts.first(where: { $0.type == "mdia" }),
                let number = reader.trackNumber(head.body),
                let box = reader.boxes(in: media.body, most: 64).first(where: { $0.type == "elng" }),
                let bytes = reader.bytes(box.body, most: 64), bytes.count > 4
            else { continue }
            tags[number] = String(decoding: bytes.dropFirst(4).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
    return tags
}

private struct BoxReader {
    let file: File

    func bytes(_ range: Range<Int64>, most: Int) -> [UInt8]? {
        try? file.read(at: range.lowerBound, count: min(most, Int(clamping: range.upperBound - range.lowerBound)))
    }

    func boxes(in range: Range<Int64>, most: Int) -> [(type: String, body: Range<Int64>)] {
        var found: [(String, Range<Int64>)] = []
        var position = range.lowerBound
        while found.count < most, position + 8 <= range.upperBound,
            let head = bytes(position..<position + 16, most: 16),
            head.count >= 8
        {
            var size = Int64(number(head[0..<4]))
            var header: Int64 = 8
            if size == 1, head.count == 16 {
                size = Int64(clamping: number(head[8..<16]))
                header = 16
            } else if size == 0 {
                size = range.upperBound - position
            }
            guard size >= header, size <= range.upperBound - position else { break }
            found.append((String(decoding: head[4..<8], as: UTF8.self), position + header..<position + size))
            position += size
        }
        return found
    }

    func trackNumber(_ range: Range<Int64>) -> Int? {
        guard let head = bytes(range, most: 24), head.count == 24 else { return nil }
        return Int(number(head[0] == 1 ? head[20..<24] : head[12..<16]))
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
