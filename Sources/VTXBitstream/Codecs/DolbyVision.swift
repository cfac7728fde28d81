// How playlists and initialization segments name Dolby Vision whose base layer any decoder can show.

package import VTXModel

extension CodecString {
    /// `dvh1.PROFILE.LEVEL/BRAND`: an entry of SUPPLEMENTAL-CODECS (rfc8216bis, 4.4.6.2).
    ///
    /// - Parameters:
    ///   - record: the content of a `dvcC`, `dvvC` or `dvwC` box.
    ///   - entry: of the base layer.
    /// - Returns: `nil` for profiles that have no such name: those without a base layer or with two layers.
    package static func dolbyVision(_ record: [UInt8], entry: String) throws(VTXError) -> String? {
        var bits = BitReader(record)
        // Version.
        _ = try bits.read(16)
        let (profile, level) = (try bits.read(7), try bits.read(6))
        // Which of its parts are there.
        _ = try bits.read(3)
        let compatibility = try bits.read(4)
        let names = [
            "hvc1": ("dvh1", 8), "hev1": ("dvhe", 8), "avc1": ("dva1", 9), "avc3": ("dvav", 9), "av01": ("dav1", 10),
        ]
        guard let (name, expected) = names[entry], profile == expected,
            let brand = [1: "db1p", 2: "db2g", 4: "db4h"][compatibility]
        else { return nil }
        return "\(name).\(twoDigits(profile)).\(twoDigits(level))/\(brand)"
    }
}

/// An initialization segment whose file type has the brand that SUPPLEMENTAL-CODECS names; others as they are.
package func branded(_ initialization: [UInt8]) -> [UInt8] {
    guard let track = try? InitSegment(initialization).video,
        let brand = track.supplementalCodec?.split(separator: "/").last,
        let type = try? isoBoxes(in: initialization).first, type.type == "ftyp",
        type.body.lowerBound == type.range.lowerBound + 8
    else { return initialization }
    let changed = isoBox("ftyp", Array(initialization[type.body]) + Array(brand.utf8))
    return changed + initialization[type.range.upperBound...]
}
