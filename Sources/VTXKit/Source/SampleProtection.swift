// Which tracks of an MP4 are encrypted: libav shows them as if they were not.

import VTXModel
import VTXSystem

/// The scheme of each track of an MP4 or MOV file, in their order; `nil` where samples are in the clear.
///
/// Only boxes on the way to the sample descriptions are read, and damage ends the list: libav has the say about it.
func protectionOfTracks(in path: String) -> [String?] {
    guard let file = try? File(path, for: .reading), let size = file.status?.size else { return [] }
    let boxes = BoxHeaders(file: file)
    guard let movie = boxes.first("moov", in: 0..<size) else { return [] }
    return boxes.all("trak", in: movie).map { track in
        var body = track
        for type in ["mdia", "minf", "stbl", "stsd"] {
            guard let next = boxes.first(type, in: body) else { return nil }
            body = next
        }
        // Version, flags and number of entries.
        guard body.count > 8 else { return nil }
        return boxes.list(in: body.lowerBound + 8..<body.upperBound).lazy.compactMap { scheme(of: $0.type) }.first
    }
}

/// Names of protected sample entries: ISO/IEC 14496-12, 8.12, and Apple's own.
private func scheme(of entry: String) -> String? {
    switch entry {
    case "encv", "enca", "enct", "encs": "CENC"
    case "drms", "drmi": "FairPlay"
    default: nil
    }
}

/// Finds boxes by their headers, without reading what is in them.
private struct BoxHeaders {
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
