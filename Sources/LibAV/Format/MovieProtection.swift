// Which tracks of MP4 are encrypted, and which only say that they might be (ISO/IEC 23001-7).

/// What Common Encryption is called.
let commonEncryption = "CENC"

/// Names of protected sample entries: ISO/IEC 14496-12, 8.12, and Apple's own.
func protectionScheme(of entry: String) -> String? {
    switch entry {
    case "encv", "enca", "enct", "encs": commonEncryption
    case "drms", "drmi": "FairPlay"
    case "aavd": "Audible"
    default: nil
    }
}

/// Whether all samples of a track with protected sample entries are in the clear.
///
/// They are if the track says so for all samples, and no group of samples says otherwise.
func isClear(
    _ media: FileBoxes.Box, entries: [FileBoxes.Box], in file: FileBoxes
) -> Bool {
    let protected = entries.filter { protectionScheme(of: $0.type) == commonEncryption }
    guard protected.allSatisfy({ isUnprotected($0, in: file) }) else { return false }
    let table = ["minf", "stbl"].reduce(media as FileBoxes.Box?) { box, type in
        box.flatMap { file.first(type, in: $0.body) }
    }
    guard let table, !hasProtectedGroup(table, in: file) else { return false }
    for fragment in file.topLevel where fragment.type == "moof" {
        for part in file.boxes(in: fragment.body) where part.type == "traf" {
            if hasProtectedGroup(part, in: file) { return false }
        }
    }
    return true
}

/// Whether `default_isProtected` of a sample entry is 0 ("Track Encryption Box").
private func isUnprotected(_ entry: FileBoxes.Box, in file: FileBoxes) -> Bool {
    // What every sample entry of video or audio has comes first.
    let skipped: Int64 = entry.type == "enca" ? 28 : entry.type == "encv" ? 78 : 8
    guard entry.body.count > skipped else { return false }
    var box = file.first("sinf", in: entry.body.lowerBound + skipped..<entry.body.upperBound)
    for type in ["schi", "tenc"] { box = box.flatMap { file.first(type, in: $0.body) } }
    guard let body = box?.body, let bytes = file.bytes(body, most: 8), bytes.count == 8 else { return false }
    return bytes[6] == 0
}

/// Whether samples are grouped by their encryption.
private func hasProtectedGroup(_ box: FileBoxes.Box, in file: FileBoxes) -> Bool {
    file.boxes(in: box.body).contains { group in
        guard group.type == "sgpd", let bytes = file.bytes(group.body, most: 8) else { return false }
        return bytes.dropFirst(4).elementsEqual("seig".utf8)
    }
}
