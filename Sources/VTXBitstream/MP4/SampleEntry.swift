// What the sample description says of a track (ISO/IEC 14496-12, 8.5.2).

import VTXModel

/// The first entry of `stsd`.
struct SampleEntry {
    var format: String
    var isEncrypted = false
    var codec: String
    var size: PixelSize?
    var sampleAspectRatio = Rational(1)
    var color: CodedColor?
    var audio: InitSegment.Audio?
    var supplementalCodec: String?

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
            case "dvcC", "dvvC", "dvwC":
                supplementalCodec = try CodecString.dolbyVision(Array(bytes[shape.body]), entry: format)
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
