// Boxes of an MP4, found by their headers.

import VTXModel
import VTXSystem

/// Finds boxes by their headers, without reading what is in them.
struct BoxHeaders {
    let file: File
    /// More boxes side by side are not believed.
    private let most = 4096

    init(file: File) { self.file = file }

    func first(_ type: String, in range: Range<Int64>) -> Range<Int64>? { all(type, in: range, limit: 1).first }

    func all(_ type: String, in range: Range<Int64>, limit: Int = .max) -> [Range<Int64>] {
        list(in: range, until: type, limit: limit).filter { $0.type == type }.map(\.body)
    }

    func list(
        in range: Range<Int64>, until type: String? = nil, limit: Int = .max
    ) -> [(type: String, body: Range<Int64>)] {
        var found: [(type: String, body: Range<Int64>)] = []
        var position = range.lowerBound
        var matches = 0
        while position <= range.upperBound - 8, found.count < most, matches < limit,
            let header = try? file.read(at: position, count: 16), header.count >= 8
        {
            var length = Int64(number(header[0..<4]))
            var start = position + 8
            if length == 1, header.count == 16 {
                length = Int64(clamping: number(header[8..<16]))
                start += 8
            } else if length == 0 {
                length = range.upperBound - position
            }
            guard length >= start - position, length <= range.upperBound - position else { break }
            let name = String(decoding: header[4..<8], as: UTF8.self)
            found.append((name, start..<position + length))
            if name == type { matches += 1 }
            position += length
        }
        return found
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
