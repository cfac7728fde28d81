// Which tracks of an MP4 are encrypted: libav shows them as if they were not.

import VTXModel
import VTXSystem

/// The scheme of each track of an MP4 or MOV file, in their order; `nil` where samples are in the clear.
///
/// Only boxes on the way to the sample descriptions are read, and damage ends the list: libav has the say about it.
func protectionOfTracks(in path: String) -> [String?] {
    sampleEntries(in: path).map { $0.lazy.compactMap(scheme).first }
}

/// How many sample descriptions each track of an MP4 or MOV file has, in their order.
func sampleDescriptions(in path: String) -> [Int] { sampleEntries(in: path).map(\.count) }

/// The types of the sample descriptions of each track.
private func sampleEntries(in path: String) -> [[String]] {
    guard let file = try? File(path, for: .reading), let size = file.status?.size else { return [] }
    let boxes = BoxHeaders(file: file)
    guard let movie = boxes.first("moov", in: 0..<size) else { return [] }
    return boxes.all("trak", in: movie).map { track in
        var body = track
        for type in ["mdia", "minf", "stbl", "stsd"] {
            guard let next = boxes.first(type, in: body) else { return [] }
            body = next
        }
        // Version, flags and number of entries.
        guard body.count > 8 else { return [] }
        return boxes.list(in: body.lowerBound + 8..<body.upperBound).map(\.type)
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
