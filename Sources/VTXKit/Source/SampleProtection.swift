// Which tracks of an MP4 are encrypted: libav shows them as if they were not.

import LibAV

/// More tracks are not believed.
private let mostTracks = 4096

/// The scheme of each track of an MP4 or MOV file, in their order; `nil` where samples are in the clear.
///
/// Only boxes on the way to the sample descriptions are read. Damage ends the list: libav reports it.
func protectionOfTracks(in path: String) -> [String?] {
    sampleEntries(in: path).map { $0.lazy.compactMap(scheme).first }
}

/// How many sample descriptions each track of an MP4 or MOV file has, in their order.
func sampleDescriptions(in path: String) -> [Int] { sampleEntries(in: path).map(\.count) }

/// The types of the sample descriptions of each track.
private func sampleEntries(in path: String) -> [[String]] {
    guard let file = FileBoxes(path: path), let movie = file.first("moov", in: file.everything) else {
        return []
    }
    return file.boxes(in: movie.body).prefix(mostTracks).filter { $0.type == "trak" }.map { track in
        var body = track.body
        for type in ["mdia", "minf", "stbl", "stsd"] {
            guard let next = file.first(type, in: body) else { return [] }
            body = next.body
        }
        // Version, flags and number of entries.
        guard body.count > 8 else { return [] }
        return file.boxes(in: body.lowerBound + 8..<body.upperBound).prefix(mostTracks).map(\.type)
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
