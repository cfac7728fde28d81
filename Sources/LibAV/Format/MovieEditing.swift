// What libavformat 59 writes wrongly or not at all into the tracks of MP4, put right in place.
//
// Every change keeps the size of its track, so that no offset of a sample changes: extended languages and Dolby Vision
// take the place of a filler in the handler's name, and the empty edit before late chapters that of most of the
// handler's own name.

/// What a track of a finished file has to say.
struct MovieTrackEdit: Hashable, Sendable {
    /// Whether players turn it on by themselves; `nil`: as it is.
    var isEnabled: Bool?
    /// Whether all of its samples are shown in any case.
    var isForced = false
    /// BCP 47.
    var languageTag: String?
    /// A box for the end of the sample entry.
    var configuration: [UInt8] = []
    /// When its first sample is shown, in thousandths of a second, if the muxer has begun it at 0.
    var start: Int64 = 0
    /// When its last frame ends, in thousandths of a second, if frames that are not to be shown come after it.
    var end: Int64 = 0

    var changesNothing: Bool { self == MovieTrackEdit() }

    fileprivate var language: [UInt8] {
        languageTag.map { Box("elng", [0, 0, 0, 0] + Array($0.utf8) + [0]).bytes } ?? []
    }

    /// Bytes that the handler's name gives up.
    var room: Int { language.count + configuration.count }

    /// A handler's name with room for what the track has to say.
    ///
    /// - Parameter most: bytes that the format has for the name; what is too long is cut at a character.
    func handlerName(_ name: String, most: Int = .max) -> String {
        var kept = name
        while !kept.isEmpty, kept.utf8.count > most - room { kept.removeLast() }
        return kept + String(repeating: "#", count: room)
    }
}

/// Edits the tracks of a finished file, in the order of the file.
func editMovie(_ path: String, tracks: [MovieTrackEdit], tags: MovieTags? = nil) throws {
    let file = try UpdatedFile(path)
    var position: Int64 = 0
    for _ in 0..<1024 {
        let head = try file.read(at: position, count: 16)
        guard head.count >= 8 else { return }
        var size = Int64(bigEndian(head[0..<4]))
        if size == 1, head.count == 16 { size = Int64(clamping: bigEndian(head[8..<16])) }
        if head[4..<8].elementsEqual("moov".utf8) {
            let movie = try file.read(at: position, count: Int(clamping: size))
            let edited = editedMovie(movie, tracks: tracks)
            return try file.write(tags?.written(to: edited) ?? edited, at: position)
        }
        guard size >= 8 else { return }
        position += size
    }
}

/// The beginning of a file with its tracks edited, as `editMovie`; `nil` until the whole `moov` box is there.
func editedBeginning(ofMovie bytes: [UInt8], tracks: [MovieTrackEdit], tags: MovieTags?) -> [UInt8]? {
    var position = 0
    while position + 8 <= bytes.count {
        let size = Int(bigEndian(bytes[position..<position + 4]))
        // What is this long is not a part of a header.
        guard size >= 8 else { return bytes }
        if bytes[position + 4..<position + 8].elementsEqual("moov".utf8) {
            guard position + size <= bytes.count else { return nil }
            let edited = editedMovie(Array(bytes[position..<position + size]), tracks: tracks)
            return bytes[..<position] + (tags?.written(to: edited) ?? edited) + bytes[(position + size)...]
        }
        position += size
    }
    return nil
}

/// A `moov` box with its tracks edited; as long as before.
func editedMovie(_ movie: [UInt8], tracks: [MovieTrackEdit]) -> [UInt8] {
    var index = 0
    let edited = Box(movie).map { box in
        guard box.type == "trak" else { return box }
        defer { index += 1 }
        guard index < tracks.count, !tracks[index].changesNothing else { return box }
        let edited = edit(box, tracks[index])
        return edited.bytes.count == box.bytes.count ? edited : box
    }
    return (tracks.contains { $0.end > 0 } ? shortened(edited) : edited).bytes
}

private func edit(_ track: Box, _ wanted: MovieTrackEdit) -> Box {
    var track = track
    if let isEnabled = wanted.isEnabled {
        track = track.map("tkhd") { head in
            var bytes = head.bytes
            bytes[11] = bytes[11] & 0xFE | (isEnabled ? 1 : 0)
            return Box(bytes)
        }
    }
    if wanted.isForced {
        track = track.map("mdia", "minf", "stbl", "stsd", "tx3g") { entry in
            var bytes = entry.bytes
            if bytes.count > 20 { bytes[16] |= 0xC0 }
            return Box(bytes)
        }
    }
    if wanted.room > 0 { track = track.map("mdia") { filled($0, wanted) } }
    if wanted.start > 0 { track = delayed(track, by: wanted.start) }
    if wanted.end > 0 { track = ended(track, at: wanted.end) }
    return track
}

/// A media box whose handler's name gives up its filler for what the track has to say.
private func filled(_ media: Box, _ wanted: MovieTrackEdit) -> Box {
    var isFree = false
    let shorter = media.map("hdlr") { handler in
        let bytes = handler.bytes
        // A name of C ends in 0, one of Pascal begins with its length.
        let isPascal = bytes.count > 33 && Int(bytes[32]) == bytes.count - 33
        let end = isPascal ? bytes.count : bytes.count - 1
        let size = wanted.room
        guard end - size > 32, bytes[(end - size)..<end].allSatisfy({ $0 == 0x23 }) else { return handler }
        isFree = true
        var kept = Array(bytes[8..<(end - size)])
        if isPascal { kept[24] = UInt8(kept.count - 25) } else { kept.append(0) }
        return Box("hdlr", kept)
    }
    guard isFree else { return media }
    let configured = shorter.map("minf", "stbl", "stsd") { table in
        table.map { $0.replacing($0.bytes[8...] + wanted.configuration) }
    }
    return configured.replacing(configured.body.flatMap { $0.bytes + ($0.type == "hdlr" ? wanted.language : []) })
}

/// A track that begins with an empty edit: its first sample, which the muxer has stretched, loses that time.
private func delayed(_ track: Box, by start: Int64) -> Box {
    let freed = 12
    var edits = false
    var result = track.map("edts", "elst") { list in
        guard list.bytes.count == 28, list.bytes[8] == 0, bigEndian(list.bytes[12..<16]) == 1 else { return list }
        let duration = Int64(bigEndian(list.bytes[16..<20])) - start
        guard duration > 0 else { return list }
        edits = true
        return Box(
            "elst",
            [0, 0, 0, 0] + number(2) + number(start) + [255, 255, 255, 255, 0, 1, 0, 0] + number(duration)
                + Array(list.bytes[20...]))
    }
    guard edits else { return track }
    result = result.map("mdia", "mdhd") { head in
        guard head.bytes[8] == 0, bigEndian(head.bytes[20..<24]) == 1000 else { return head }
        return Box(
            "mdhd", head.bytes[8..<24] + number(Int64(bigEndian(head.bytes[24..<28])) - start) + head.bytes[28...])
    }
    result = result.map("mdia", "minf", "stbl", "stts") { times in
        guard times.bytes.count >= 24, bigEndian(times.bytes[16..<20]) == 1 else { return times }
        let first = Int64(bigEndian(times.bytes[20..<24])) - start
        return Box("stts", times.bytes[8..<20] + number(max(1, first)) + times.bytes[24...])
    }
    return result.map("mdia", "hdlr") { handler in
        let bytes = handler.bytes
        let isPascal = Int(bytes[32]) == bytes.count - 33
        var kept = Array(bytes[8..<max(8, bytes.count - freed - (isPascal ? 0 : 1))])
        guard kept.count > 25 else { return handler }
        if isPascal { kept[24] = UInt8(kept.count - 25) } else { kept.append(0) }
        return Box("hdlr", kept)
    }
}
