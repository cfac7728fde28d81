// What a file is, by its name.

/// The media type that players and browsers expect for a file name.
///
/// Playlists: RFC 8216, 4; segments: RFC 8216, 3, and ISO/IEC 23000-19; the others as registered with IANA.
func mediaType(ofFile name: String) -> String {
    let ending = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
    return switch ending.lowercased() {
    case "m3u8": "application/vnd.apple.mpegurl"
    case "mpd": "application/dash+xml"
    case "m4s": "video/iso.segment"
    case "mp4", "m4v", "cmfv": "video/mp4"
    case "m4a", "cmfa": "audio/mp4"
    case "ts": "video/mp2t"
    case "webm": "video/webm"
    case "mkv": "video/x-matroska"
    case "mov": "video/quicktime"
    case "aac": "audio/aac"
    case "mp3": "audio/mpeg"
    case "ogg", "oga", "opus": "audio/ogg"
    case "flac": "audio/flac"
    case "wav": "audio/wav"
    case "vtt": "text/vtt; charset=utf-8"
    case "jpg", "jpeg": "image/jpeg"
    case "png": "image/png"
    case "webp": "image/webp"
    case "svg": "image/svg+xml"
    case "html", "htm": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js", "mjs": "text/javascript; charset=utf-8"
    case "json": "application/json"
    case "txt", "md": "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
}
