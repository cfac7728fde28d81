// BCP 47 languages in Matroska, which libavformat 59 does not write.
//
// The language goes into its field together with the tag and a mark in between. When the file is finished the mark
// becomes the head of an element of its own, so nothing has to move.

import CLibAV
import VTXSystem

/// Stands for the head of the second element: an identifier of three bytes and a size of one.
private let mark = "####"

/// What to give to the muxer as language, for a file that `separateLanguages` finishes.
///
/// - Parameter language: ISO 639-2.
func matroskaLanguage(_ language: String, tag: String) -> String { language + mark + tag }

/// Makes elements of the languages that were marked.
func separateLanguages(inMatroska path: String) throws {
    let file = try UpdatedFile(path)
    var position: Int64 = 0
    for _ in 0..<64 {
        let head = try file.read(at: position, count: 16)
        guard let element = EBMLElement(head[...]) else { return }
        let body = position + Int64(element.headerSize)
        if element.id == EBMLElement.segment {
            position = body
            continue
        }
        guard let size = element.size, element.id != EBMLElement.cluster else { return }
        if element.id == EBMLElement.tracks {
            let bytes = try file.read(at: body, count: size)
            return try file.write(separatedLanguages(bytes), at: body)
        }
        position = body + Int64(size)
    }
}

/// The beginning of a file with the languages of its tracks as elements of their own; `nil` until all tracks are there.
func separatedLanguages(inBeginning bytes: [UInt8]) -> [UInt8]? {
    var position = 0
    while position < bytes.count, let element = EBMLElement(bytes[position...].prefix(16)) {
        let body = position + element.headerSize
        if element.id == EBMLElement.segment {
            position = body
            continue
        }
        guard let size = element.size, element.id != EBMLElement.cluster else { return bytes }
        if element.id == EBMLElement.tracks {
            guard body + size <= bytes.count else { return nil }
            return bytes[..<body] + separatedLanguages(Array(bytes[body..<body + size])) + bytes[(body + size)...]
        }
        position = body + size
    }
    return nil
}

/// The body of a Tracks element with the languages that were marked as elements of their own.
func separatedLanguages(_ tracks: [UInt8]) -> [UInt8] {
    var bytes = tracks
    for (id, entry) in EBMLElement.children(of: tracks[...]) where id == EBMLElement.trackEntry {
        for (id, body) in EBMLElement.children(of: entry) where id == EBMLElement.language {
            guard let place = body.indices.first(where: { body[$0...].starts(with: mark.utf8) }) else { continue }
            let rest = body.endIndex - place - mark.utf8.count
            // Fields as short as these have a size of one byte, right before the text.
            guard body.count < 127, tracks[body.startIndex - 1] == UInt8(0x80 | body.count) else { continue }
            bytes[body.startIndex - 1] = UInt8(0x80 | (place - body.startIndex))
            bytes.replaceSubrange(place..<place + 4, with: [0x22, 0xB5, 0x9D, UInt8(0x80 | rest)])
        }
    }
    // A checksum comes first and covers all that follows it.
    if bytes.count >= 6, bytes[0] == UInt8(EBMLElement.checksum), bytes[1] == 0x84 {
        let sum =
            bytes[6...].withUnsafeBytes {
                av_crc(
                    av_crc_get_table(AV_CRC_32_IEEE_LE), UInt32.max,
                    $0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count)
            } ^ UInt32.max
        for index in 0..<4 { bytes[2 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) }
    }
    return bytes
}
