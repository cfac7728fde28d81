// Subtitles and thumbnails as WebVTT files.
//
// A segment of subtitles holds every cue that is on screen at some time of it, so that a player which begins
// there misses none; cues over a boundary stand in both segments.

package import VTXModel

/// One subtitle.
package struct SubtitleCue: Hashable, Sendable {
    /// In output time.
    package var start: MediaTime
    package var end: MediaTime
    /// WebVTT markup.
    package var text: String
    /// Position and alignment, as written after the times.
    package var settings: String

    package init(start: MediaTime, end: MediaTime, text: String, settings: String = "") {
        self.start = start
        self.end = end
        self.text = text
        self.settings = settings
    }
}

/// The WebVTT file of each segment, in order.
///
/// Cues are sorted by start; those without length, text or place between the boundaries are left out.
///
/// - Parameters:
///   - boundaries: where segments start, in output time, and where the last one ends; rising.
///   - mpegTime: 90 kHz time stamp of the media at output time 0.
package func segmentedWebVTT(
    _ cues: [SubtitleCue], boundaries: [MediaTime], mpegTime: Int64
) -> [String] {
    guard boundaries.count >= 2 else { return [] }
    let edges = boundaries.map(milliseconds)
    let stamp = mpegTime & ((1 << 33) - 1)
    let header = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:\(stamp)\n"
    var segments = [String](repeating: header, count: edges.count - 1)
    let lines = cues.compactMap(PrintableCue.init).enumerated()
        .sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
    for (_, cue) in lines {
        // The last segment that starts no later than the cue; the first one for a cue that starts before all.
        var number = max(0, partition(edges) { $0 <= cue.start } - 1)
        while number < segments.count, edges[number] < cue.end {
            segments[number] += cue.block
            number += 1
        }
    }
    return segments
}

/// A cue in milliseconds, with text that cannot end it early.
private struct PrintableCue {
    var start: Int64
    var end: Int64
    var block: String

    init?(_ cue: SubtitleCue) {
        guard cue.end > cue.start, cue.end > .zero else { return nil }
        start = max(0, milliseconds(cue.start))
        end = max(milliseconds(cue.end), start + 1)
        let text = cue.text.split(whereSeparator: \.isNewline)
            .filter { !$0.allSatisfy(\.isWhitespace) }
            .map { replacing("-->", with: "--&gt;", in: String($0.filter { $0 != "\0" })) }
        guard !text.isEmpty else { return nil }
        let settings = cue.settings.split(whereSeparator: \.isWhitespace)
            .filter { $0.contains(":") && $0 != "-->" }
        let timing = (["\(clock(start)) --> \(clock(end))"] + settings.map(String.init))
            .joined(separator: " ")
        block = "\n\(timing)\n\(text.joined(separator: "\n"))\n"
    }
}

/// An image of a sprite sheet, and the time for which it stands.
package struct ThumbnailCue: Hashable, Sendable {
    package var start: MediaTime
    package var end: MediaTime
    /// Of the sheet; percent-encoded.
    package var uri: String
    /// Upper left corner within the sheet.
    package var x: Int
    package var y: Int
    package var size: PixelSize

    package init(start: MediaTime, end: MediaTime, uri: String, x: Int, y: Int, size: PixelSize) {
        self.start = start
        self.end = end
        self.uri = uri
        self.x = x
        self.y = y
        self.size = size
    }
}

/// How thumbnails are laid out on sheets: row by row, sheet after sheet.
package struct SpriteLayout: Hashable, Codable, Sendable {
    package var columns: Int
    package var rows: Int
    package var tile: PixelSize
    /// Time between two thumbnails.
    package var interval: MediaTime

    package init(columns: Int, rows: Int, tile: PixelSize, interval: MediaTime) {
        self.columns = columns
        self.rows = rows
        self.tile = tile
        self.interval = interval
    }

    package var tilesPerSheet: Int { max(1, columns * rows) }

    /// One cue per thumbnail that begins before `duration`; the last one ends there.
    ///
    /// - Parameter sheet: the URI of the sheet of a number, counted from 0.
    package func cues(duration: MediaTime, sheet: (Int) -> String) -> [ThumbnailCue] {
        guard interval.ticks > 0, columns > 0 else { return [] }
        var cues: [ThumbnailCue] = []
        while true {
            let number = cues.count
            let start = MediaTime(interval.ticks * Int64(number), interval.base)
            guard start < duration else { return cues }
            let place = number % tilesPerSheet
            cues.append(
                ThumbnailCue(
                    start: start, end: min(start + interval, duration), uri: sheet(number / tilesPerSheet),
                    x: place % columns * tile.width, y: place / columns * tile.height, size: tile))
        }
    }
}

/// The file that players read seek previews from.
///
/// - Throws: `.internal` if a URI has characters that no URI has.
package func thumbnailsWebVTT(_ cues: [ThumbnailCue]) throws(VTXError) -> String {
    var text = "WEBVTT\n"
    for cue in cues {
        let (start, end) = (milliseconds(cue.start), milliseconds(cue.end))
        guard end > start else { continue }
        text += "\n\(clock(start)) --> \(clock(end))\n"
        text += "\(try checkedURI(cue.uri))#xywh=\(cue.x),\(cue.y),\(cue.size.width),\(cue.size.height)\n"
    }
    return text
}

private func milliseconds(_ time: MediaTime) -> Int64 { time.rescaled(to: Rational(1, 1000)).ticks }

/// `HH:MM:SS.mmm`.
private func clock(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1000
    let fields = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return fields.joined(separator: ":") + "." + padded(milliseconds % 1000, 3)
}

/// How many elements from the start of a sorted list fulfil a condition that only those do.
private func partition<Element>(_ list: [Element], _ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, list.count)
    while low < high {
        let middle = (low + high) / 2
        if holds(list[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
}

private func replacing(_ pattern: String, with replacement: String, in text: String) -> String {
    var result = ""
    var rest = text[...]
    while !rest.isEmpty {
        if rest.hasPrefix(pattern) {
            result += replacement
            rest = rest.dropFirst(pattern.count)
        } else {
            result.append(rest.removeFirst())
        }
    }
    return result
}
