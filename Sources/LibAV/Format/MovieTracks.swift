// What libavformat 59 does not tell of the tracks of an MP4 or MOV file.

import VTXModel

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

    /// Rates other than the normal one at which edits are to be played, each once; 0 holds a frame.
    let editRates: [Rational]

    /// The scheme that samples are encrypted with; `nil` where they are in the clear.
    let encryption: String?
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
        let entries = sampleEntries(media, in: file)
        var scheme = entries.lazy.compactMap { protectionScheme(of: $0.type) }.first
        if scheme == commonEncryption, isClear(media, entries: entries, in: file) { scheme = nil }
        tracks[number] = MovieTrack(
            languageTag: languageTag(media, in: file), sampleEntries: entries.map(\.type),
            hasMesh: entries.contains { hasMesh($0, in: file) }, editRates: editRates(track, in: file),
            encryption: scheme)
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

/// Rates of edits that are kept at most: more say nothing more.
private let mostRates = 8

/// ISO/IEC 14496-12, 8.6.6: a count, then duration, media time and rate of each edit.
private func editRates(_ track: FileBoxes.Box, in file: FileBoxes) -> [Rational] {
    guard let edits = file.first("edts", in: track.body), let list = file.first("elst", in: edits.body),
        let bytes = file.bytes(list.body, most: 8 + mostBoxes * 20), bytes.count > 8
    else { return [] }
    let field = bytes[0] == 1 ? 8 : 4
    let length = 2 * field + 4
    let count = min(Int(clamping: bigEndian(bytes[4..<8])), (bytes.count - 8) / length)
    var rates: [Rational] = []
    for start in (0..<count).map({ 8 + $0 * length }) where rates.count < mostRates {
        let media = bytes[start + field..<start + 2 * field]
        // An edit without media is a pause.
        guard !media.allSatisfy({ $0 == 255 }) else { continue }
        let value = Int32(truncatingIfNeeded: bigEndian(bytes[start + 2 * field..<start + length]))
        let rate = Rational(Int64(value), 65536)
        if rate != Rational(1), !rates.contains(rate) { rates.append(rate) }
    }
    return rates
}
