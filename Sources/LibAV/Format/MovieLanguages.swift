// Extended language tags of MP4 (`elng`), which libavformat 59 does not read.

/// Most boxes side by side that are looked at.
private let mostBoxes = 256

/// BCP 47 tags by track number, where tracks have them.
///
/// Only heads of boxes are read, so the size of the sample tables does not matter.
func movieLanguages(of path: String) -> [Int: String] {
    guard let file = FileBoxes(path: path) else { return [:] }
    var tags: [Int: String] = [:]
    guard let movie = file.topLevel.prefix(mostBoxes).first(where: { $0.type == "moov" }) else { return [:] }
    for track in file.boxes(in: movie.body).prefix(mostBoxes) where track.type == "trak" {
        guard let head = file.first("tkhd", in: track.body), let number = trackNumber(head, in: file),
            let media = file.first("mdia", in: track.body), let box = file.first("elng", in: media.body),
            let bytes = file.bytes(box.body, most: 64), bytes.count > 4
        else { continue }
        tags[number] = String(decoding: bytes.dropFirst(4).prefix { $0 != 0 }, as: UTF8.self)
    }
    return tags
}

private func trackNumber(_ box: FileBoxes.Box, in file: FileBoxes) -> Int? {
    guard let head = file.bytes(box.body, most: 24), head.count == 24 else { return nil }
    return Int(number(head[0] == 1 ? head[20..<24] : head[12..<16]))
}
