// What an initialization section says of its tracks: codecs, sizes, colours, channels and time scales.
//
// Manifests are written from this, so that they describe the bytes that players get.

package import VTXModel

/// An fMP4 initialization section (`ftyp` and `moov`), read back.
package struct InitSegment: Hashable, Sendable {
    package var tracks: [Track]

    /// One track.
    package struct Track: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable { case video, audio, other }

        package var id: UInt32
        package var kind: Kind
        /// Ticks per second.
        package var timescale: UInt32
        /// ISO 639-2 code; `nil` for `und` and where there is none.
        package var language: String?
        /// Four characters of the sample entry; of the format inside, where it is encrypted.
        package var sampleEntry: String
        package var isEncrypted: Bool
        /// As a CODECS attribute wants it.
        package var codec: String
        package var video: Video?
        package var audio: Audio?
        /// What the edit list adds to a media time to make it a presentation time, in ticks.
        package var editOffset: Int64
        var defaultDuration: UInt32 = 0
        var defaultSize: UInt32 = 0
        var defaultFlags: UInt32 = 0

        /// The length of one tick.
        package var timeBase: Rational { Rational(1, Int64(timescale)) }
    }

    package struct Video: Hashable, Sendable {
        /// Of the decoded picture.
        package var size: PixelSize
        /// Width over height of one pixel.
        package var sampleAspectRatio: Rational
        package var orientation: Orientation
        package var color: CodedColor?

        /// In square pixels, upright, both sides even: what RESOLUTION wants.
        package var displaySize: PixelSize {
            var shown = size
            if sampleAspectRatio != Rational(1) {
                let width = Double(size.width) * sampleAspectRatio.value
                shown.width = max(2, Int(min(width / 2, 1e6).rounded()) * 2)
            }
            return orientation.exchangesSides ? shown.transposed : shown
        }

        package var range: VideoRange { VideoRange(transfer: color?.transfer) }
    }

    package struct Audio: Hashable, Sendable {
        /// `nil` where only the frames tell: MP3, and AAC with a channel layout of its own.
        package var channels: Int?
        /// Hz.
        package var sampleRate: Int
    }

    /// - Throws: `.badMedia` if the bytes are no initialization section, or a damaged one.
    package init(_ bytes: [UInt8]) throws(VTXError) {
        let movie = try isoBoxes(in: bytes).required("moov", of: "an initialization section")
        let boxes = try isoBoxes(in: bytes, movie.body)
        let header = try TimeHeader(bytes, boxes.required("mvhd", of: "'moov'"))
        tracks = []
        for box in boxes where box.type == "trak" {
            tracks.append(try Track(bytes, box, movieTimescale: header.timescale))
        }
        for box in boxes where box.type == "mvex" {
            for defaults in try isoBoxes(in: bytes, box.body) where defaults.type == "trex" {
                var reader = ByteReader(bytes, defaults.body)
                try reader.skip(4)
                let id = try reader.u32()
                try reader.skip(4)
                let (duration, size, flags) = (try reader.u32(), try reader.u32(), try reader.u32())
                for index in tracks.indices where tracks[index].id == id {
                    tracks[index].defaultDuration = duration
                    tracks[index].defaultSize = size
                    tracks[index].defaultFlags = flags
                }
            }
        }
    }

    package var video: Track? { tracks.first { $0.kind == .video } }
    package var audio: Track? { tracks.first { $0.kind == .audio } }
}

/// The VIDEO-RANGE attribute.
package enum VideoRange: String, Hashable, Codable, Sendable {
    case sdr = "SDR"
    case hlg = "HLG"
    case pq = "PQ"

    /// - Parameter transfer: characteristics of ISO/IEC 23091-2; 16 is SMPTE ST 2084, 18 is HLG.
    package init(transfer: Int?) {
        self = transfer == 16 ? .pq : transfer == 18 ? .hlg : .sdr
    }

    package init(_ color: ColorDescription) { self = color.isPQ ? .pq : color.isHLG ? .hlg : .sdr }
}

/// The common part of `mvhd` and `mdhd`.
private struct TimeHeader {
    var timescale: UInt32
    var afterDuration: Int

    init(_ bytes: [UInt8], _ box: ISOBox) throws(VTXError) {
        var reader = ByteReader(bytes, box.body)
        let isLong = try reader.u8() == 1
        try reader.skip(3 + (isLong ? 16 : 8))
        timescale = try reader.u32()
        guard timescale > 0 else { throw damaged("'\(box.type)' with a time scale of 0") }
        try reader.skip(isLong ? 8 : 4)
        afterDuration = reader.position
    }
}

extension InitSegment.Track {
    fileprivate init(_ bytes: [UInt8], _ trak: ISOBox, movieTimescale: UInt32) throws(VTXError) {
        let boxes = try isoBoxes(in: bytes, trak.body)
        let media = try isoBoxes(in: bytes, try boxes.required("mdia", of: "'trak'").body)

        var reader = ByteReader(bytes, try boxes.required("tkhd", of: "'trak'").body)
        let isLong = try reader.u8() == 1
        try reader.skip(3 + (isLong ? 16 : 8))
        id = try reader.u32()
        // Reserved, duration, reserved, layer, group, volume, reserved.
        try reader.skip(4 + (isLong ? 8 : 4) + 8 + 8)
        let (a, b) = (try reader.i32(), try reader.i32())
        try reader.skip(4)
        let (c, d) = (try reader.i32(), try reader.i32())

        let mediaHeader = try media.required("mdhd", of: "'mdia'")
        let header = try TimeHeader(bytes, mediaHeader)
        timescale = header.timescale
        reader = ByteReader(
            bytes, header.afterDuration..<max(header.afterDuration, mediaHeader.body.upperBound))
        language = packedLanguage(try reader.u16())

        reader = ByteReader(bytes, try media.required("hdlr", of: "'mdia'").body)
        try reader.skip(8)
        let handler = try reader.fourCC()
        kind = handler == "vide" ? .video : handler == "soun" ? .audio : .other

        let information = try isoBoxes(in: bytes, try media.required("minf", of: "'mdia'").body)
        let table = try isoBoxes(in: bytes, try information.required("stbl", of: "'minf'").body)
        let description = try table.required("stsd", of: "'stbl'").body
        let entriesStart = min(description.lowerBound + 8, description.upperBound)
        guard let box = try isoBoxes(in: bytes, entriesStart..<description.upperBound).first else {
            throw damaged("'stsd' without a sample entry")
        }
        let entry = try SampleEntry(bytes, box, kind: kind)
        sampleEntry = entry.format
        isEncrypted = entry.isEncrypted
        codec = entry.codec
        video = entry.size.map {
            InitSegment.Video(
                size: $0, sampleAspectRatio: entry.sampleAspectRatio,
                orientation: Orientation(matrix: a, b, c, d) ?? .upright, color: entry.color)
        }
        audio = entry.audio
        editOffset = try readEditOffset(
            bytes, boxes.first("edts"), movieTimescale: movieTimescale, timescale: timescale)
    }
}

/// Three letters in five bits each.
private func packedLanguage(_ code: UInt16) -> String? {
    let letters = [code >> 10 & 31, code >> 5 & 31, code & 31]
    guard letters.allSatisfy({ (1...26).contains($0) }) else { return nil }
    let text = String(decoding: letters.map { UInt8($0) + 0x60 }, as: UTF8.self)
    return text == "und" ? nil : text
}

/// An empty edit delays the track; the first real one names the media time that is shown first.
private func readEditOffset(
    _ bytes: [UInt8], _ edits: ISOBox?, movieTimescale: UInt32, timescale: UInt32
) throws(VTXError) -> Int64 {
    guard let edits, let list = try isoBoxes(in: bytes, edits.body).first("elst") else { return 0 }
    var reader = ByteReader(bytes, list.body)
    let isLong = try reader.u8() == 1
    try reader.skip(3)
    let count = try reader.u32()
    var offset: Int64 = 0
    for _ in 0..<count {
        let length = isLong ? try reader.u64() : UInt64(try reader.u32())
        let media = isLong ? Int64(bitPattern: try reader.u64()) : Int64(try reader.i32())
        try reader.skip(4)
        guard media < 0 else { return try checked(offset.subtractingReportingOverflow(media)) }
        guard length < 1 << 48 else { throw damaged("an edit of \(length) ticks") }
        let delay = rescale(
            Int64(length), from: Rational(1, Int64(movieTimescale)), to: Rational(1, Int64(timescale)))
        offset = try checked(offset.addingReportingOverflow(delay))
    }
    return offset
}

/// The value of arithmetic on numbers from a file.
func checked(_ result: (partialValue: Int64, overflow: Bool)) throws(VTXError) -> Int64 {
    guard !result.overflow else { throw damaged("times run out of 64 bits") }
    return result.partialValue
}

/// The first entry of `stsd`.
private struct SampleEntry {
    var format: String
    var isEncrypted = false
    var codec: String
    var size: PixelSize?
    var sampleAspectRatio = Rational(1)
    var color: CodedColor?
    var audio: InitSegment.Audio?

    init(_ bytes: [UInt8], _ box: ISOBox, kind: InitSegment.Track.Kind) throws(VTXError) {
        var reader = ByteReader(bytes, box.body)
        try reader.skip(8)
        switch kind {
        case .video:
            try reader.skip(16)
            size = PixelSize(Int(try reader.u16()), Int(try reader.u16()))
            try reader.skip(50)
        case .audio:
            let version = try reader.u16()
            try reader.skip(6)
            let channels = Int(try reader.u16())
            try reader.skip(6)
            let sampleRate = Int(try reader.u32() >> 16)
            audio = InitSegment.Audio(channels: channels, sampleRate: sampleRate)
            // QuickTime's longer forms.
            if version == 1 { try reader.skip(16) }
            if version == 2 { try reader.skip(36) }
        case .other:
            break
        }
        format = box.type
        codec = box.type
        guard kind != .other else { return }
        var inner = try isoBoxes(in: bytes, reader.position..<box.body.upperBound)
        // QuickTime puts the audio description one level deeper.
        if let wave = inner.first("wave") { inner += try isoBoxes(in: bytes, wave.body) }
        if ["encv", "enca"].contains(format) {
            isEncrypted = true
            let scheme = try isoBoxes(in: bytes, try inner.required("sinf", of: "'\(format)'").body)
            var original = ByteReader(bytes, try scheme.required("frma", of: "'sinf'").body)
            format = try original.fourCC()
        }
        for shape in inner {
            var reader = ByteReader(bytes, shape.body)
            switch shape.type {
            case "pasp":
                let (across, down) = (Int64(try reader.u32()), Int64(try reader.u32()))
                if across > 0, down > 0 { sampleAspectRatio = Rational(across, down) }
            case "colr":
                guard ["nclx", "nclc"].contains(try reader.fourCC()) else { continue }
                color = CodedColor(
                    primaries: Int(try reader.u16()), transfer: Int(try reader.u16()),
                    matrix: Int(try reader.u16()),
                    isFullRange: reader.remaining > 0 ? try reader.u8() & 0x80 != 0 : false)
            default: break
            }
        }
        codec = try readCodec(bytes, inner)
    }

    private mutating func readCodec(_ bytes: [UInt8], _ inner: [ISOBox]) throws(VTXError) -> String {
        func configuration(_ type: String) throws(VTXError) -> [UInt8] {
            Array(bytes[try inner.required(type, of: "'\(format)'").body])
        }
        switch format {
        case "avc1", "avc3":
            return try CodecString.avc(try configuration("avcC"), entry: format)
        case "hvc1", "hev1", "dvh1", "dvhe":
            return try CodecString.hevc(try configuration("hvcC"), entry: format)
        case "av01":
            return try CodecString.av1(try configuration("av1C"), color: color)
        case "vp09":
            let record = try configuration("vpcC")
            if color == nil, record.count >= 10 {
                color = CodedColor(
                    primaries: Int(record[7]), transfer: Int(record[8]), matrix: Int(record[9]),
                    isFullRange: record[6] & 1 != 0)
            }
            return try CodecString.vp9(record)
        case "mp4a":
            let (type, specific) = try readElementaryStream(try configuration("esds"))
            // The channel count of the sample entry is 2 by convention, whatever the stream has.
            audio?.channels = nil
            guard type == 0x40 else { return "mp4a." + hex(UInt32(type), 2) }
            audio?.channels = try AudioSpecificConfig(specific).channels
            return try CodecString.aac(specific)
        case "ac-3":
            audio?.channels = try readAC3Channels(try configuration("dac3"))
            return "ac-3"
        case "ec-3":
            audio?.channels = try readEAC3Channels(try configuration("dec3"))
            return "ec-3"
        case "Opus":
            var reader = ByteReader(try configuration("dOps"))
            try reader.skip(1)
            audio?.channels = Int(try reader.u8())
            return "opus"
        case "fLaC":
            // STREAMINFO: 20 bits of sample rate, then channels less one in three bits.
            var bits = BitReader(Array(try configuration("dfLa").dropFirst(8 + 10)))
            audio?.sampleRate = try bits.read(20)
            audio?.channels = try bits.read(3) + 1
            return "fLaC"
        default:
            return format
        }
    }
}

/// The object type indication and the decoder specific information of an `esds` box (ISO/IEC 14496-1, 7.2.6).
private func readElementaryStream(_ box: [UInt8]) throws(VTXError) -> (type: UInt8, specific: [UInt8]) {
    var reader = ByteReader(box)
    try reader.skip(4)
    guard try readDescriptor(&reader).tag == 3 else { throw damaged("'esds' without an ES descriptor") }
    try reader.skip(2)
    let flags = try reader.u8()
    if flags & 0x80 != 0 { try reader.skip(2) }
    if flags & 0x40 != 0 { try reader.skip(Int(try reader.u8())) }
    if flags & 0x20 != 0 { try reader.skip(2) }
    guard try readDescriptor(&reader).tag == 4 else {
        throw damaged("'esds' without a decoder configuration")
    }
    let type = try reader.u8()
    try reader.skip(12)
    guard type == 0x40 else { return (type, []) }
    let specific = try readDescriptor(&reader)
    guard specific.tag == 5 else { throw damaged("'esds' without an AudioSpecificConfig") }
    return (type, try reader.take(specific.length))
}

/// Tag and length; lengths have seven bits a byte, four bytes at most.
private func readDescriptor(_ reader: inout ByteReader) throws(VTXError) -> (tag: UInt8, length: Int) {
    let tag = try reader.u8()
    var length = 0
    for _ in 0..<4 {
        let byte = try reader.u8()
        length = length << 7 | Int(byte & 0x7F)
        if byte & 0x80 == 0 { break }
    }
    return (tag, length)
}

/// Full-band channels of each `acmod` of AC-3.
private let ac3Channels = [2, 1, 2, 3, 3, 4, 4, 5]

/// ETSI TS 102 366, F.4.
private func readAC3Channels(_ box: [UInt8]) throws(VTXError) -> Int {
    var bits = BitReader(box)
    _ = try bits.read(2 + 5 + 3)
    return ac3Channels[try bits.read(3)] + (try bits.read(1))
}

/// ETSI TS 102 366, F.6; channels that dependent substreams add are counted.
private func readEAC3Channels(_ box: [UInt8]) throws(VTXError) -> Int {
    var bits = BitReader(box)
    _ = try bits.read(13 + 3 + 2 + 5 + 1 + 1 + 3)
    var channels = ac3Channels[try bits.read(3)] + (try bits.read(1))
    _ = try bits.read(3)
    guard try bits.read(4) > 0 else { return channels }
    // Lc/Rc, Lrs/Rrs, Cs, Ts, Lsd/Rsd, Lw/Rw, Lvh/Rvh, Cvh, LFE2, first the last one.
    let added = [1, 1, 2, 2, 2, 1, 1, 2, 2]
    for count in added where try bits.read(1) == 1 { channels += count }
    return channels
}
