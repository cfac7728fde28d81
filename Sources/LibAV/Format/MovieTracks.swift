// What libavformat 59 does not tell of the tracks of an MP4 or MOV file.

/// Most boxes side by side that are looked at.
private let mostBoxes = 4096

/// A track by its boxes.
struct MovieTrack {
    /// Extended language tag (`elng`), BCP 47; `nil` where there is none.
    let languageTag: String?
    /// Types of the sample descriptions, four characters each.
    let sampleEntries: [String]
    /// Whether a mesh says how the image is projected (VR180), which libav does not read.
    let hasMesh: Bool

    /// The scheme that samples are encrypted with; `nil` where they are in the clear.
    var encryption: String? { sampleEntries.lazy.compactMap(scheme).first }
}

/// The tracks by their numbers.
///
/// Only heads of boxes are read, so the size of the sample tables does not matter. Damage ends the list: libav reports it.
func movieTracks(of path: String) -> [Int: MovieTrack] {
    guard let file = FileBoxes(path: path), let movie = file.first("moov", in: file.everything) else { return [:] }
    var tracks: [Int: MovieTrack] = [:]
    for track in file.boxes(in: movie.body).prefix(mostBoxes) where track.type == "trak" {
        guard let head = file.first("tkhd", in: track.body), let number = trackNumber(head, in: file),
            let media = file.first("mdia", in: track.body)
        else { continue }
        tracks[number] = MovieTrack(
            languageTag: languageTag(media, in: file),
            sampleEntries: sampleEntries(media, in: file).map(\.type),
            hasMesh: sampleEntries(media, in: file).contains { hasMesh($0, in: file) })
    }
    return tracks
}

private func trackNumber(_ box: FileBoxes.Box, in file: FileBoxes) -> Int? {
    guard let head = file.bytes(box.body, most: 24), head.count == 24 else { return nil }
    return Int(bigEndian(head[0] == 1 ? head[20..<24] : head[12..<16]))
}

private func languageTag(_ media: FileBoxes.Box, in file: FileBoxes) -> String? {
    guard let box = file.first("elng", in: media.body), let bytes = file.bytes(box.body, most: 64), bytes.count > 4
    else { return nil }
    return String(decoding: bytes.dropFirst(4).prefix { $0 != 0 }, as: UTF8.self)
}

private func sampleEntries(_ media: FileBoxes.Box, in file: FileBoxes) -> [FileBoxes.Box] {
    var body = media.body
    for type in ["minf", "stbl", "stsd"] {
        guard let next = file.first(type, in: body) else { return [] }
        body = next.body
    }
    // Version, flags and number of entries.
    guard body.count > 8 else { return [] }
    return Array(file.boxes(in: body.lowerBound + 8..<body.upperBound).prefix(mostBoxes))
}

/// Spherical Video V2, "Mesh Projection Box", in a sample entry of video.
private func hasMesh(_ entry: FileBoxes.Box, in file: FileBoxes) -> Bool {
    // What every sample entry of video has comes first.
    guard entry.body.count > 78,
        let spherical = file.first("sv3d", in: entry.body.lowerBound + 78..<entry.body.upperBound),
        let projection = file.first("proj", in: spherical.body)
    else { return false }
    return file.first("mshp", in: projection.body) != nil
}

/// Names of protected sample entries: ISO/IEC 14496-12, 8.12, and Apple's own.
private func scheme(of entry: String) -> String? {
    switch entry {
    case "encv", "enca", "enct", "encs": "CENC"
    case "drms", "drmi": "FairPlay"
    case "aavd": "Audible"
    default: nil
    }
}
