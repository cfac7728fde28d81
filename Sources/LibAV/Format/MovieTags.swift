// Tags of MP4 and MOV that libavformat 59 does not write, as keys of QuickTime's metadata (`moov.meta`, `mdta`).
//
// iPhones, Android and many cameras write such keys, into MP4 as well; iTunes' own tags stay where libav writes them.
// The room for them is a filler in a tag that libav does write, so that no offset of a sample changes.

/// Tags beyond those of libav's writer.
struct MovieTags: Sendable {
    /// Names and values, in the order of the file.
    let keys: [(name: String, value: String)]
    /// What libav's writer gets.
    let written: [String: String]
    private let isQuickTime: Bool

    /// - Parameter format: libavformat's name of the muxer.
    init(_ tags: [String: String], format: String) {
        isQuickTime = format == "mov"
        let known = isQuickTime ? Self.quickTimeTags : Self.iTunesTags
        var written = tags
        var keys: [(name: String, value: String)] = []
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
            let base = String(name.split(separator: "-", maxSplits: 1).first ?? "")
            // QuickTime's own texts have sixteen bits for their length.
            let isMangled = Self.isMangled(name, value) || isQuickTime && value.utf8.count > UInt16.max
            if known.contains(name.lowercased()), !isMangled { continue }
            // `title-eng` beside `title`: the language of a tag, for libav's writer.
            if name != base, known.contains(base.lowercased()), tags[base] == value { continue }
            if isMangled { written[name] = nil }
            keys.append((Self.spelling(of: name), value))
        }
        // It has a box of its own in QuickTime, where it would come a second time.
        written["xmp"] = nil
        if !keys.isEmpty {
            let filler = isQuickTime ? "xmp" : "comment"
            let name = written.keys.first { $0.lowercased() == filler } ?? filler
            let room = Self.box(keys, isQuickTime: isQuickTime).count
            // Without a text of its own, the whole box of the filler goes.
            let isAlone = written[name, default: ""].isEmpty
            written[name, default: ""] += String(
                repeating: "#", count: isAlone ? room - Self.overhead(isQuickTime) : room)
        }
        self.keys = keys
        self.written = written
    }

    /// Bytes of the filler's boxes beside its text.
    private static func overhead(_ isQuickTime: Bool) -> Int { isQuickTime ? 8 : 24 }

    /// The same `moov` box with the keys in place of the filler; as it is if there is no filler.
    func written(to movie: [UInt8]) -> [UInt8] {
        let added = Self.box(keys, isQuickTime: isQuickTime)
        let path = isQuickTime ? ["udta"] : ["udta", "meta", "ilst"]
        let name = isQuickTime ? "XMP_" : "\u{FFFD}cmt"
        let shorter = Box(movie).map(path[...]) { list in
            let boxes = list.body
            guard let place = boxes.firstIndex(where: { $0.type == name }) else { return list }
            var texts = boxes.map(\.bytes)
            texts[place] = shortened(boxes[place], by: added.count)
            return list.replacing(texts.joined())
        }
        let edited = shorter.replacing(shorter.bytes[8...] + added).bytes
        return edited.count == movie.count ? edited : movie
    }

    /// A box without the filler at its end; nothing if the filler is all it has.
    private func shortened(_ box: Box, by count: Int) -> [UInt8] {
        if box.bytes.count == count { return [] }
        let kept = box.bytes.count - count
        guard kept > Self.overhead(isQuickTime), box.bytes[kept...].allSatisfy({ $0 == 0x23 }) else { return box.bytes }
        if isQuickTime { return box.replacing(box.bytes[8..<kept]).bytes }
        return box.map("data") { $0.replacing($0.bytes[8..<($0.bytes.count - count)]) }.bytes
    }

    private static func box(_ keys: [(name: String, value: String)], isQuickTime: Bool) -> [UInt8] {
        let handler = Box("hdlr", number(0) + number(0) + Array("mdta".utf8) + [UInt8](repeating: 0, count: 13))
        let names = keys.flatMap { Box("mdta", $0.name.utf8).bytes }
        let values = keys.enumerated().flatMap { index, key in
            // 1: UTF-8; no country, no language.
            let data = Box("data", number(1) + number(0) + Array(key.value.utf8)).bytes
            return number(Int64(data.count + 8)) + number(Int64(index + 1)) + data
        }
        return Box(
            "meta",
            (isQuickTime ? [] : number(0)) + handler.bytes
                + Box("keys", number(0) + number(Int64(keys.count)) + names).bytes + Box("ilst", values).bytes
        ).bytes
    }

    /// Matroska has capitals only.
    private static func spelling(of name: String) -> String {
        guard name.uppercased() == name else { return name }
        let lower = name.lowercased()
        return lower == "com.apple.quicktime.location.iso6709" ? "com.apple.quicktime.location.ISO6709" : lower
    }

    /// Whether libav's writer makes another value of it: numbers of one byte, and pairs.
    private static func isMangled(_ name: String, _ value: String) -> Bool {
        switch name.lowercased() {
        case "media_type", "hd_video", "gapless_playback", "compilation": UInt8(value) == nil
        case "episode_sort", "season_number": UInt32(value) == nil
        case "track", "disc":
            !(1...2).contains(value.split(separator: "/", omittingEmptySubsequences: false).count)
                || value.split(separator: "/", omittingEmptySubsequences: false).contains { UInt16($0) == nil }
        default: false
        }
    }

    private static let everywhere: Set = [
        "title", "artist", "album", "date", "comment", "genre", "copyright", "location", "creation_time", "timecode",
    ]
    private static let quickTimeTags = everywhere.union(["make", "model"])
    private static let iTunesTags = everywhere.union([
        "album_artist", "composer", "grouping", "lyrics", "description", "synopsis", "show", "episode_id", "network",
        "keywords", "episode_sort", "season_number", "media_type", "hd_video", "gapless_playback", "compilation",
        "track", "disc",
    ])
}
