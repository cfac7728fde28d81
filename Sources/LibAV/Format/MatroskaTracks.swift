// What libavformat 59 does not tell of Matroska's tracks: BCP 47 languages, and codecs that it does not know, and
// crops.

import VTXSystem

/// What a track entry says.
struct MatroskaTrack: Hashable, Sendable {
    /// 1 video, 2 audio, 17 subtitles.
    var type: Int
    /// `S_TEXT/WEBVTT`.
    var codec: String
    /// ISO 639-2; `eng` if the file does not name a language.
    var language = "eng"
    /// BCP 47, which outdoes the other: `pt-BR`.
    var tag: String?
    /// Pixels that are not shown: left, top, right, bottom.
    var crop = [0, 0, 0, 0]

    /// Types that libavformat makes streams of, in the order of the entries.
    var isStream: Bool { [1, 2, 17, 33].contains(type) && !codec.isEmpty }
}

/// The track entries of a file; empty if they are not found near its beginning, where writers put them.
func matroskaTracks(of path: String) -> [MatroskaTrack] {
    guard let file = try? File(path, for: .reading) else { return [] }
    var position: Int64 = 0
    // A header, one segment, and a few elements before the tracks.
    for _ in 0..<64 {
        guard let head = try? file.read(at: position, count: 16), let element = EBMLElement(head[...]) else {
            return []
        }
        let body = position + Int64(element.headerSize)
        switch element.id {
        case EBMLElement.segment: position = body
        case EBMLElement.tracks:
            guard let size = element.size, size <= 1 << 24, let bytes = try? file.read(at: body, count: size) else {
                return []
            }
            return matroskaTracks(in: bytes[...])
        case EBMLElement.cluster: return []
        default:
            guard let size = element.size else { return [] }
            position = body + Int64(size)
        }
    }
    return []
}

/// The entries in the body of a Tracks element.
func matroskaTracks(in bytes: ArraySlice<UInt8>) -> [MatroskaTrack] {
    EBMLElement.children(of: bytes).filter { $0.id == EBMLElement.trackEntry }.map { entry in
        var track = MatroskaTrack(type: 0, codec: "")
        for (id, body) in EBMLElement.children(of: entry.body) {
            switch id {
            case 0x83: track.type = integer(body)
            case 0x86: track.codec = text(body)
            case EBMLElement.language: track.language = text(body)
            case EBMLElement.languageTag: track.tag = text(body)
            case EBMLElement.video:
                for (id, value) in EBMLElement.children(of: body) {
                    if let side = EBMLElement.crops.firstIndex(of: id) { track.crop[side] = integer(value) }
                }
            default: break
            }
        }
        return track
    }
}

private func integer(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 &* 256 &+ Int($1) } }

private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

/// The head of an element of EBML, the binary form of Matroska.
struct EBMLElement {
    static let segment: UInt32 = 0x1853_8067
    static let tracks: UInt32 = 0x1654_AE6B
    static let cluster: UInt32 = 0x1F43_B675
    static let trackEntry: UInt32 = 0xAE
    static let language: UInt32 = 0x22_B59C
    static let languageTag: UInt32 = 0x22_B59D
    static let checksum: UInt32 = 0xBF
    static let video: UInt32 = 0xE0
    /// PixelCropLeft, -Top, -Right, -Bottom.
    static let crops: [UInt32] = [0x54CC, 0x54BB, 0x54DD, 0x54AA]

    var id: UInt32
    /// Of the body; `nil` if it is unknown, as while a file is written.
    var size: Int?
    var headerSize: Int

    /// `nil` where there is no head of an element.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first, first != 0 else { return nil }
        let idSize = first.leadingZeroBitCount + 1
        guard idSize <= 4, bytes.count > idSize else { return nil }
        id = bytes.prefix(idSize).reduce(0) { $0 << 8 | UInt32($1) }
        let rest = bytes.dropFirst(idSize)
        guard let lead = rest.first, lead != 0 else { return nil }
        let sizeSize = lead.leadingZeroBitCount + 1
        guard rest.count >= sizeSize else { return nil }
        var value = UInt64(lead & (0xFF >> UInt8(sizeSize)))
        for byte in rest.prefix(sizeSize).dropFirst() { value = value << 8 | UInt64(byte) }
        size = value == (1 << UInt64(7 * sizeSize)) - 1 ? nil : Int(exactly: value)
        if value != (1 << UInt64(7 * sizeSize)) - 1, size == nil { return nil }
        headerSize = idSize + sizeSize
    }

    /// The elements in a body, up to the first that is damaged.
    static func children(of bytes: ArraySlice<UInt8>) -> [(id: UInt32, body: ArraySlice<UInt8>)] {
        var found: [(UInt32, ArraySlice<UInt8>)] = []
        var rest = bytes
        while let element = EBMLElement(rest), let size = element.size, rest.count - element.headerSize >= size {
            let body = rest.dropFirst(element.headerSize).prefix(size)
            found.append((element.id, body))
            rest = rest[body.endIndex...]
        }
        return found
    }
}
