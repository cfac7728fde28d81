// Reads as much of playlists as is needed to find the media of each rendition.

/// A variant of a multivariant playlist.
package struct PlaylistVariant: Hashable, Sendable {
    /// Of its media playlist, relative to the playlist.
    package var uri: String
    /// Rows; `nil` for audio alone.
    package var height: Int?
    /// Peak bits per second.
    package var bandwidth: Int
}

/// What a media playlist consists of.
package struct PlaylistMedia: Hashable, Sendable {
    /// A file, or a range of its bytes.
    package struct Part: Hashable, Sendable {
        /// Relative to the playlist.
        package var uri: String
        /// `nil`: all of the file.
        package var range: Range<Int64>?
    }

    /// The initialization segment, if there is one, and all segments.
    package var parts: [Part] = []
    /// Seconds of each segment.
    package var durations: [Double] = []
    /// Whether segments are encrypted.
    package var isEncrypted = false
    /// Whether there are several initialization segments or discontinuities.
    package var isDiscontinuous = false
    /// Whether the playlist is closed.
    package var isEnded = false
}

/// The variants with video of a multivariant playlist, each media playlist once, in order; `nil` if it is none.
package func playlistVariants(_ text: String) -> [PlaylistVariant]? {
    guard text.hasPrefix("#EXTM3U") else { return nil }
    var variants: [PlaylistVariant] = []
    var pending: Substring?
    for line in text.split(whereSeparator: \.isNewline) {
        if line.hasPrefix("#EXT-X-STREAM-INF:") {
            pending = line
        } else if !line.hasPrefix("#"), let tag = pending {
            pending = nil
            let sides = (attribute("RESOLUTION", of: tag) ?? "").split(separator: "x").compactMap { Int($0) }
            let variant = PlaylistVariant(
                uri: String(line), height: sides.count == 2 ? sides[1] : nil,
                bandwidth: attribute("BANDWIDTH", of: tag).flatMap { Int($0) } ?? 0)
            if !variants.contains(where: { $0.uri == variant.uri }) { variants.append(variant) }
        }
    }
    return variants
}

/// What a media playlist consists of; `nil` if it is none.
package func playlistMedia(_ text: String) -> PlaylistMedia? {
    guard text.hasPrefix("#EXTM3U") else { return nil }
    var media = PlaylistMedia()
    var maps = 0
    var range: (length: Int64, start: Int64?)?
    var end: (uri: String, offset: Int64) = ("", 0)
    for line in text.split(whereSeparator: \.isNewline) {
        if line.hasPrefix("#EXTINF:") {
            let seconds = Double(line.dropFirst(8).prefix { $0 != "," }) ?? 0
            media.durations.append(seconds.isFinite && seconds > 0 ? seconds : 0)
        } else if line.hasPrefix("#EXT-X-MAP:"), let uri = attribute("URI", of: line) {
            maps += 1
            let bytes = attribute("BYTERANGE", of: line).flatMap { byteRange($0[...]) }
            media.parts.append(.init(uri: uri, range: bytes.flatMap { extent($0.start ?? 0, $0.length) }))
        } else if line.hasPrefix("#EXT-X-BYTERANGE:") {
            range = byteRange(line.dropFirst(17))
        } else if line.hasPrefix("#EXT-X-KEY:"), attribute("METHOD", of: line) != "NONE" {
            media.isEncrypted = true
        } else if line.hasPrefix("#EXT-X-DISCONTINUITY"), !line.hasPrefix("#EXT-X-DISCONTINUITY-SEQUENCE") {
            media.isDiscontinuous = true
        } else if line.hasPrefix("#EXT-X-ENDLIST") {
            media.isEnded = true
        } else if !line.hasPrefix("#") {
            let uri = String(line)
            let start = range.map { $0.start ?? (end.uri == uri ? end.offset : 0) } ?? 0
            let bytes = range.flatMap { extent(start, $0.length) }
            media.parts.append(.init(uri: uri, range: bytes))
            end = (uri, bytes?.upperBound ?? 0)
            range = nil
        }
    }
    if maps > 1 { media.isDiscontinuous = true }
    return media
}

/// `LENGTH@START`.
private func byteRange(_ text: Substring) -> (length: Int64, start: Int64?)? {
    let numbers = text.split(separator: "@").map { Int64($0) }
    guard let length = numbers.first ?? nil, length >= 0 else { return nil }
    return (length, numbers.count > 1 ? numbers[1] : nil)
}

private func extent(_ start: Int64, _ length: Int64) -> Range<Int64>? {
    let (end, overflow) = start.addingReportingOverflow(length)
    return overflow || start < 0 || length < 0 ? nil : start..<end
}

/// An attribute of a tag, without quotes.
private func attribute(_ name: String, of line: Substring) -> String? {
    var isQuoted = false
    let list = line[(line.firstIndex(of: ":") ?? line.startIndex)...].dropFirst()
    let attributes = list.split { character in
        if character == "\"" { isQuoted.toggle() }
        return character == "," && !isQuoted
    }
    return attributes.first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1).filter { $0 != "\"" }
}
