// The duration of an MP4 whose header does not say it: its fragments do.

import LibAV
import VTXBitstream
import VTXModel

/// Most bytes of a `moov` or `moof` that are looked at.
private let mostBytes = 64 << 20

/// Reads the headers of all fragments, and none of what they hold.
///
/// - Returns: `nil` if the file has no fragments, or is damaged.
func fragmentedDuration(of path: String) -> MediaTime? {
    guard let file = FileBoxes(path: path) else { return nil }
    var ends: FragmentEnds?
    // What comes after a damaged part is unknown; what came before counts.
    for box in file.topLevel where ["moov", "moof"].contains(box.type) && box.whole.count <= mostBytes {
        guard let bytes = file.bytes(box.whole, most: mostBytes) else { break }
        if box.type == "moov" {
            guard let movie = try? FragmentEnds(moov: bytes) else { return nil }
            ends = movie
        } else {
            guard (try? ends?.add(moof: bytes)) != nil else { break }
        }
    }
    // Times of files are believed up to 31 years.
    return ends?.end.flatMap { $0.seconds <= 1e9 ? $0 : nil }
}
