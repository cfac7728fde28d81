// The duration of an MP4 whose header does not say it: its fragments do.

import VTXBitstream
import VTXModel
import VTXSystem

/// Most bytes of a `moov` or `moof` that are looked at.
private let mostBytes: Int64 = 64 << 20

/// Reads the headers of all fragments, and none of what they hold.
///
/// - Returns: `nil` if the file has no fragments, or is damaged.
func fragmentedDuration(of path: String) -> MediaTime? {
    guard let file = try? File(path, for: .reading), let size = file.status?.size else { return nil }
    var ends: FragmentEnds?
    var offset: Int64 = 0
    // What comes after a damaged part is unknown; what came before counts.
    while offset + 8 <= size, let box = boxHeader(in: file, at: offset, fileSize: size) {
        if box.type == "moov" || box.type == "moof", box.length <= mostBytes {
            guard let bytes = try? file.read(at: offset, count: Int(box.length)) else { break }
            if box.type == "moov" {
                guard let movie = try? FragmentEnds(moov: bytes) else { return nil }
                ends = movie
            } else {
                guard (try? ends?.add(moof: bytes)) != nil else { break }
            }
        }
        offset += box.length
    }
    return ends?.end
}

/// Type and length of the box at `offset`; `nil` if there is none, or not all of it.
private func boxHeader(in file: File, at offset: Int64, fileSize: Int64) -> (type: String, length: Int64)? {
    guard let bytes = try? file.read(at: offset, count: 16), bytes.count >= 8 else { return nil }
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    var length = Int64(number(0..<4))
    if length == 0 { length = fileSize - offset }
    if length == 1 {
        guard bytes.count == 16, let long = Int64(exactly: number(8..<16)) else { return nil }
        length = long
    }
    guard length >= 8, length <= fileSize - offset else { return nil }
    return (String(decoding: bytes[4..<8], as: UTF8.self), length)
}
