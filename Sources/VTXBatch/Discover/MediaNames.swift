// Tells broken media from files that are not media, by name and first bytes.

/// Names that media files usually have. What is inside decides; the name tells a broken source from any other file.
package func isNamedLikeMedia(_ path: String) -> Bool {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return false }
    return mediaExtensions.contains(path[path.index(after: dot)...].lowercased())
}

private let mediaExtensions: Set<String> = [
    "3g2", "3gp", "aac", "ac3", "aiff", "amr", "ape", "asf", "avi", "dv", "eac3", "f4v", "flac", "flv", "h264", "hevc",
    "ivf", "m1v", "m2ts", "m2v", "m4a", "m4v", "mka", "mkv", "mov", "mp2", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf",
    "obu", "oga", "ogg", "ogm", "ogv", "opus", "qt", "rm", "rmvb", "ts", "vob", "wav", "webm", "wma", "wmv", "y4m",
]

/// Whether the first bytes are those of a container that usually holds media: MP4, Matroska, AVI, Ogg, FLV, MPEG-PS,
/// FLAC, ASF.
package func hasMediaHead(_ head: [UInt8]) -> Bool {
    func has(_ text: String, at offset: Int) -> Bool {
        let bytes = Array(text.utf8)
        return head.count >= offset + bytes.count && Array(head[offset..<offset + bytes.count]) == bytes
    }
    let starts: [[UInt8]] = [[0x1A, 0x45, 0xDF, 0xA3], [0, 0, 1, 0xBA], [0x30, 0x26, 0xB2, 0x75]]
    return has("ftyp", at: 4) || has("moov", at: 4) || has("mdat", at: 4) || (has("RIFF", at: 0) && has("AVI ", at: 8))
        || has("OggS", at: 0) || has("FLV", at: 0) || has("fLaC", at: 0)
        || starts.contains { head.starts(with: $0) }
}

/// Whether a name is what downloads and copies have until they are complete.
package func isNamedLikeUnfinished(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return unfinishedExtensions.contains(name[name.index(after: dot)...].lowercased())
}

private let unfinishedExtensions: Set<String> = [
    "!qb", "!ut", "aria2", "bc!", "crdownload", "download", "filepart", "opdownload", "part", "partial", "temp", "tmp",
    "vtx-partial", "ytdl",
]
