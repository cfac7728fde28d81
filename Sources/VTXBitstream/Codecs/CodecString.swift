// The RFC 6381 names of codecs, read from the configuration that was written, never from what was asked for.
//
// Each codec has its own grammar: H.264 by RFC 6381, HEVC by ISO/IEC 14496-15 annex E, AV1 and VP9 by their
// ISO bindings, MPEG-4 audio by the object type of its AudioSpecificConfig.

package import VTXModel

/// Entries of a CODECS attribute.
package enum CodecString {
    /// A CODECS attribute: each format of a variant and its groups once, in the order given.
    package static func list(_ formats: [String]...) -> [String] {
        var seen: Set<String> = []
        return formats.joined().filter { seen.insert($0).inserted }
    }

    /// `avc1.PPCCLL`, from the sequence parameter set.
    ///
    /// - Parameter configuration: an `avcC` record or an Annex B byte stream with a sequence parameter set.
    /// - Throws: `.badMedia` if there is neither.
    package static func avc(_ configuration: [UInt8], entry: String = "avc1") throws(VTXError) -> String {
        var profile: [UInt8]?
        if configuration.first == 1 {
            var reader = ByteReader(configuration)
            try reader.skip(1)
            profile = try reader.take(3)
            try reader.skip(1)
            // The record repeats three bytes of the parameter set; if they differ, the set is right.
            if try reader.u8() & 31 > 0 {
                let length = Int(try reader.u16())
                if length >= 4 { profile = Array(try reader.take(length)[1...3]) }
            }
        } else if let set = annexBUnits(in: configuration).first(where: { $0.first.map { $0 & 31 } == 7 }),
            set.count >= 4
        {
            profile = Array(set[1...3])
        }
        guard let profile else { throw damaged("no H.264 sequence parameter set") }
        return "\(entry)." + profile.map { hex(UInt32($0), 2) }.joined()
    }

    /// `hvc1.PROFILE.COMPATIBILITY.TIERLEVEL.CONSTRAINTS`, from an `hvcC` record.
    package static func hevc(_ configuration: [UInt8], entry: String = "hvc1") throws(VTXError) -> String {
        var reader = ByteReader(configuration)
        guard try reader.u8() == 1 else { throw damaged("no hvcC record") }
        let general = try reader.u8()
        let compatibility = try reader.u32()
        var constraints = try reader.take(6)
        let level = try reader.u8()
        while constraints.last == 0 { constraints.removeLast() }
        let space = ["", "A", "B", "C"][Int(general >> 6)]
        let reversed = (0..<32).reduce(UInt32(0)) { $0 | (compatibility >> $1 & 1) << (31 - $1) }
        let parts = [
            entry, "\(space)\(general & 31)", String(reversed, radix: 16, uppercase: true),
            "\(general & 0x20 == 0 ? "L" : "H")\(level)",
        ]
        return (parts + constraints.map { String($0, radix: 16, uppercase: true) }).joined(separator: ".")
    }

    /// `av01.PROFILE.LEVELTIER.DEPTH`, with the other fields if one differs from what their absence means.
    ///
    /// - Parameter configuration: an `av1C` record.
    /// - Parameter color: of the sample entry; its absence and `2` ("unspecified") mean nothing special.
    package static func av1(_ configuration: [UInt8], color: CodedColor? = nil) throws(VTXError) -> String {
        var reader = ByteReader(configuration)
        guard try reader.u8() == 0x81 else { throw damaged("no av1C record") }
        let (two, three) = (try reader.u8(), try reader.u8())
        let profile = Int(two >> 5)
        let isDeep = three & 0x40 != 0
        let depth = isDeep ? (profile == 2 && three & 0x20 != 0 ? 12 : 10) : 8
        let isMonochrome = three & 0x10 != 0
        let (across, down) = (three >> 3 & 1, three >> 2 & 1)
        let position = across == 1 && down == 1 ? three & 3 : 0
        let tier = three & 0x80 == 0 ? "M" : "H"
        let short = "av01.\(profile).\(twoDigits(two & 31))\(tier).\(twoDigits(depth))"
        let isPlain =
            !isMonochrome && across == 1 && down == 1 && position == 0 && color?.isUnspecifiedOrBT709 ?? true
        if isPlain { return short }
        return short + ".\(isMonochrome ? 1 : 0).\(across)\(down)\(position)."
            + (color ?? .bt709).dotted(range: 1)
    }

    /// `vp09.PROFILE.LEVEL.DEPTH`, with the other fields if one differs from what their absence means.
    ///
    /// - Parameter configuration: the content of a `vpcC` box, version and flags first.
    package static func vp9(_ configuration: [UInt8]) throws(VTXError) -> String {
        var reader = ByteReader(configuration)
        guard try reader.u8() == 1 else { throw damaged("no vpcC record of version 1") }
        try reader.skip(3)
        let (profile, level, packed) = (try reader.u8(), try reader.u8(), try reader.u8())
        let color = CodedColor(
            primaries: Int(try reader.u8()), transfer: Int(try reader.u8()), matrix: Int(try reader.u8()),
            isFullRange: packed & 1 != 0)
        let chroma = packed >> 1 & 7
        let short = "vp09.\(twoDigits(profile)).\(twoDigits(level)).\(twoDigits(packed >> 4))"
        // 0 and 1 are both 4:2:0; they differ in where the samples lie.
        if chroma <= 1, color.isUnspecifiedOrBT709 { return short }
        return short + ".\(twoDigits(chroma))." + color.dotted(range: 2)
    }

    /// `mp4a.40.OBJECTTYPE`, from an AudioSpecificConfig.
    package static func aac(_ audioSpecificConfig: [UInt8]) throws(VTXError) -> String {
        "mp4a.40.\(try AudioSpecificConfig(audioSpecificConfig).objectType)"
    }

    /// `mp4a.40.OBJECTTYPE`, from an ADTS header.
    package static func adts(_ header: [UInt8]) throws(VTXError) -> String {
        guard header.count >= 7, header[0] == 0xFF, header[1] & 0xF6 == 0xF0 else {
            throw damaged("no ADTS header")
        }
        return "mp4a.40.\((header[2] >> 6) + 1)"
    }

    /// MP3, AC-3, E-AC-3, Opus and FLAC, which have no parameters.
    ///
    /// - Parameter isFragmentedMP4: there MP3 is named by its MPEG-4 object type indication.
    /// - Returns: `nil` for codecs that have parameters, and for those that HLS does not know.
    package static func fixed(_ codec: AudioCodec, isFragmentedMP4: Bool = false) -> String? {
        switch codec {
        case .mp3: isFragmentedMP4 ? "mp4a.6b" : "mp4a.40.34"
        case .ac3: "ac-3"
        case .eac3: "ec-3"
        case .opus: "opus"
        case .flac: "fLaC"
        case .aac, .pcm: nil
        }
    }
}
