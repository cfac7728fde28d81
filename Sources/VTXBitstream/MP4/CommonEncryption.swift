// Common encryption of fMP4 with the `cbcs` scheme (ISO/IEC 23001-7, 9 and 10.4).
//
// Pictures: one block of ten from the end of each slice header on. Audio: every whole block. The cipher
// starts anew with the same vector at every range, so nothing but the ranges has to be written down.

package import VTXModel

/// How the samples of a track are protected.
package struct SampleProtection: Hashable, Sendable {
    /// Names the key to a player; says nothing about it.
    package var keyID: [UInt8]
    /// The one vector of the track.
    package var iv: [UInt8]

    /// - Parameters: both of 16 bytes.
    package init(keyID: [UInt8], iv: [UInt8]) {
        self.keyID = keyID
        self.iv = iv
    }
}

/// Encrypts one rendition: first its initialization section, then its segments in any order.
package struct SampleEncryptor {
    private enum Units {
        case whole
        case avc(AVCHeaders)
        case hevc(HEVCHeaders)
    }

    private let track: InitSegment
    private var units: Units
    private let lengthSize: Int
    /// The initialization section with the protection in it.
    package let initialization: [UInt8]

    /// - Throws: `.unavailable` for codecs whose samples need other rules; `.badMedia` for damaged bytes.
    package init(initialization bytes: [UInt8], protection: SampleProtection) throws(VTXError) {
        track = try InitSegment(bytes)
        guard track.tracks.count == 1, let only = track.tracks.first else {
            throw VTXError(.internal, "a rendition with \(track.tracks.count) tracks cannot be encrypted")
        }
        let boxes = try SampleEntryPath(bytes)
        switch only.sampleEntry {
        case "avc1", "avc3":
            let configuration = try boxes.configuration("avcC", bytes)
            guard configuration.count > 6 else { throw damaged("an 'avcC' box of \(configuration.count) bytes") }
            units = .avc(try AVCHeaders(configuration: configuration))
            lengthSize = Int(configuration[4] & 3) + 1
        case "hvc1", "hev1":
            let configuration = try boxes.configuration("hvcC", bytes)
            guard configuration.count > 22 else { throw damaged("an 'hvcC' box of \(configuration.count) bytes") }
            units = .hevc(try HEVCHeaders(configuration: configuration))
            lengthSize = Int(configuration[21] & 3) + 1
        default:
            guard only.kind == .audio else {
                throw VTXError(
                    .unavailable, "\(only.codec) is not encrypted with cbcs",
                    remedy: "use \(.encryption) aes-128, or H.264 or HEVC")
            }
            units = .whole
            lengthSize = 0
        }
        initialization = try boxes.protected(
            bytes, scheme: protectionScheme(only.sampleEntry, protection, isPatterned: only.kind == .video))
    }

    /// - Parameters:
    ///   - bytes: a whole segment in the clear.
    ///   - cipher: AES-128-CBC of whole blocks with the vector of the track.
    /// - Returns: the segment with encrypted samples, and in each fragment a list of what is encrypted.
    package mutating func segment(
        _ bytes: [UInt8], cipher: ([UInt8]) throws(VTXError) -> [UInt8]
    ) throws(VTXError) -> [UInt8] {
        var bytes = bytes
        var insertions: [(fragment: Int, boxes: [UInt8])] = []
        for fragment in try track.fragments(in: bytes) {
            guard let part = fragment.tracks.first, fragment.tracks.count == 1 else {
                throw damaged("a fragment of \(fragment.tracks.count) tracks")
            }
            var ranges: [[ProtectedRange]] = []
            for sample in part.samples {
                if case .whole = units {
                    try encrypt(&bytes, sample.range, pattern: nil, cipher)
                } else {
                    let list = try protectedRanges(bytes, sample.range)
                    var position = sample.range.lowerBound
                    for range in list {
                        position += range.clear
                        try encrypt(&bytes, position..<position + range.protected, pattern: (1, 9), cipher)
                        position += range.protected
                    }
                    ranges.append(list)
                }
            }
            if case .whole = units { continue }
            insertions.append((fragment.offset, try auxiliaryBoxes(ranges)))
        }
        return try inserting(insertions, into: bytes)
    }

    private func encrypt(
        _ bytes: inout [UInt8], _ range: Range<Int>, pattern: (crypt: Int, skip: Int)?,
        _ cipher: ([UInt8]) throws(VTXError) -> [UInt8]
    ) throws(VTXError) {
        let blocks = range.count / 16
        guard blocks > 0 else { return }
        guard let pattern else {
            let end = range.lowerBound + blocks * 16
            bytes.replaceSubrange(range.lowerBound..<end, with: try cipher(Array(bytes[range.lowerBound..<end])))
            return
        }
        let starts = (0..<blocks).filter { $0 % (pattern.crypt + pattern.skip) < pattern.crypt }
            .map { range.lowerBound + $0 * 16 }
        let secret = try cipher(starts.flatMap { bytes[$0..<$0 + 16] })
        for (index, start) in starts.enumerated() {
            bytes.replaceSubrange(start..<start + 16, with: secret[index * 16..<index * 16 + 16])
        }
    }

    /// A run of clear bytes and the protected ones after it.
    private struct ProtectedRange {
        var clear: Int
        var protected: Int
    }

    /// What of a picture may be encrypted: slices from the end of their headers on.
    private mutating func protectedRanges(
        _ bytes: [UInt8], _ sample: Range<Int>
    ) throws(VTXError) -> [ProtectedRange] {
        var list: [ProtectedRange] = []
        var clear = 0
        var reader = ByteReader(bytes, sample)
        while reader.remaining > 0 {
            var length = 0
            for byte in try reader.take(lengthSize) { length = length << 8 | Int(byte) }
            let unit = reader.position..<reader.position + length
            try reader.skip(length)
            clear += lengthSize
            guard let start = try sliceData(bytes, unit), unit.upperBound - start >= 16 else {
                clear += length
                continue
            }
            list.append(ProtectedRange(clear: clear + start - unit.lowerBound, protected: unit.upperBound - start))
            clear = 0
        }
        if clear > 0 { list.append(ProtectedRange(clear: clear, protected: 0)) }
        return list
    }

    private mutating func sliceData(_ bytes: [UInt8], _ unit: Range<Int>) throws(VTXError) -> Int? {
        switch units {
        case .whole: return nil
        case .avc(var headers):
            try headers.take(bytes, unit)
            units = .avc(headers)
            return try headers.sliceData(bytes, unit)
        case .hevc(var headers):
            try headers.take(bytes, unit)
            units = .hevc(headers)
            return try headers.sliceData(bytes, unit)
        }
    }

    // MARK: Boxes of a fragment

    /// `saiz`, `saio` and `senc`; the offset in `saio` is filled in when its place is known.
    private func auxiliaryBoxes(_ samples: [[ProtectedRange]]) throws(VTXError) -> [UInt8] {
        var sizes: [UInt8] = []
        var entries: [UInt8] = []
        for list in samples {
            // A clear run has 16 bits; longer ones are several runs.
            var runs: [(UInt16, UInt32)] = []
            for range in list {
                var clear = range.clear
                while clear > 0xFFFF {
                    runs.append((0xFFFF, 0))
                    clear -= 0xFFFF
                }
                runs.append((UInt16(clear), UInt32(range.protected)))
            }
            guard let size = UInt8(exactly: 2 + 6 * runs.count) else {
                throw VTXError(
                    .unavailable, "a picture of \(runs.count) slices is not encrypted with cbcs",
                    remedy: "encode with fewer slices a picture, or use \(.encryption) aes-128")
            }
            sizes.append(size)
            entries += bigEndian(UInt16(runs.count))
            for run in runs { entries += bigEndian(run.0) + bigEndian(run.1) }
        }
        let count = bigEndian(UInt32(samples.count))
        return isoBox("saiz", [0, 0, 0, 0, 0] + count + sizes)
            + isoBox("saio", [0, 0, 0, 0] + bigEndian(UInt32(1)) + bigEndian(UInt32(0)))
            + isoBox("senc", [0, 0, 0, 2] + count + entries)
    }

    /// Puts boxes at the end of track fragments; sizes and offsets follow.
    private func inserting(
        _ insertions: [(fragment: Int, boxes: [UInt8])], into bytes: [UInt8]
    ) throws(VTXError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + insertions.reduce(0) { $0 + $1.boxes.count })
        var done = 0
        for box in try isoBoxes(in: bytes) where box.type == "moof" {
            guard let boxes = insertions.first(where: { $0.fragment == box.range.lowerBound })?.boxes else { continue }
            result += bytes[done..<box.range.lowerBound]
            result += try fragment(Array(bytes[box.range]), with: boxes)
            done = box.range.upperBound
        }
        return result + bytes[done...]
    }

    private func fragment(_ moof: [UInt8], with boxes: [UInt8]) throws(VTXError) -> [UInt8] {
        let outer = try isoBoxes(in: moof)[0]
        let traf = try isoBoxes(in: moof, outer.body).required("traf", of: "'moof'")
        let parts = try isoBoxes(in: moof, traf.body)
        var moof = moof
        let header = try parts.required("tfhd", of: "'traf'").body
        var reader = ByteReader(moof, header)
        let flags = try reader.u32()
        guard flags & 1 == 0, outer.body.lowerBound == 8, traf.body.lowerBound - traf.range.lowerBound == 8 else {
            throw damaged("a fragment whose samples have absolute positions")
        }
        for run in parts where run.type == "trun" {
            var reader = ByteReader(moof, run.body)
            let flags = try reader.u32()
            _ = try reader.u32()
            guard flags & 1 != 0 else { continue }
            let place = reader.position
            let (offset, overflow) = try reader.i32().addingReportingOverflow(Int32(boxes.count))
            guard !overflow else { throw damaged("a data offset beyond 31 bits") }
            moof.replaceSubrange(place..<place + 4, with: bigEndian(offset))
        }
        // The list begins 16 bytes into `senc`, which is the last of the boxes.
        let added = try isoBoxes(in: boxes)
        var boxes = boxes
        let list = try added.required("senc", of: "the protection").range.lowerBound + 16
        let place = try added.required("saio", of: "the protection").range.upperBound - 4
        boxes.replaceSubrange(place..<place + 4, with: bigEndian(UInt32(traf.range.upperBound + list)))
        moof.replaceSubrange(
            traf.range.lowerBound..<traf.range.lowerBound + 4, with: bigEndian(UInt32(traf.range.count + boxes.count)))
        moof.replaceSubrange(0..<4, with: bigEndian(UInt32(moof.count + boxes.count)))
        moof.insert(contentsOf: boxes, at: traf.range.upperBound)
        return moof
    }
}

/// The `sinf` box of a sample entry.
private func protectionScheme(_ format: String, _ protection: SampleProtection, isPatterned: Bool) -> [UInt8] {
    // Version 1 has the pattern in what version 0 reserves: blocks encrypted and blocks left.
    let head: [UInt8] = isPatterned ? [1, 0, 0, 0, 0, 0x19] : [0, 0, 0, 0, 0, 0]
    let defaults = isoBox(
        "tenc",
        // Protected; no vectors beside the samples; one of 16 bytes for all.
        head + [1, 0] + protection.keyID + [UInt8(protection.iv.count)] + protection.iv)
    return isoBox(
        "sinf",
        isoBox("frma", Array(format.utf8))
            + isoBox("schm", [0, 0, 0, 0] + Array("cbcs".utf8) + bigEndian(UInt32(0x10000)))
            + isoBox("schi", defaults))
}

/// The boxes from `moov` down to the sample entry of the only track.
private struct SampleEntryPath {
    private var path: [ISOBox] = []
    private var inner: [ISOBox]

    init(_ bytes: [UInt8]) throws(VTXError) {
        var level = try isoBoxes(in: bytes)
        for type in ["moov", "trak", "mdia", "minf", "stbl", "stsd"] {
            let box = try level.required(type, of: path.last.map { "'\($0.type)'" } ?? "an initialization section")
            path.append(box)
            if type != "stsd" { level = try isoBoxes(in: bytes, box.body) }
        }
        let table = path[path.count - 1].body
        let start = min(table.lowerBound + 8, table.upperBound)
        let entries = try isoBoxes(in: bytes, start..<table.upperBound)
        guard let entry = entries.first, entries.count == 1 else {
            throw damaged("a track with \(entries.count) sample entries")
        }
        path.append(entry)
        let isAudio = ["mp4a", "ac-3", "ec-3", "Opus", "fLaC", "alac", ".mp3"].contains(entry.type)
        let skipped = entry.body.lowerBound + (isAudio ? 28 : 78)
        inner = try isoBoxes(in: bytes, min(skipped, entry.body.upperBound)..<entry.body.upperBound)
    }

    func configuration(_ type: String, _ bytes: [UInt8]) throws(VTXError) -> [UInt8] {
        Array(bytes[try inner.required(type, of: "the sample entry").body])
    }

    /// The section with `scheme` at the end of the sample entry, which is renamed.
    func protected(_ bytes: [UInt8], scheme: [UInt8]) throws(VTXError) -> [UInt8] {
        guard let entry = path.last else { return bytes }
        var bytes = bytes
        let isVideo = !inner.allSatisfy { !["avcC", "hvcC"].contains($0.type) }
        bytes.replaceSubrange(
            entry.range.lowerBound + 4..<entry.range.lowerBound + 8, with: Array((isVideo ? "encv" : "enca").utf8))
        for box in path {
            guard box.body.lowerBound - box.range.lowerBound == 8 else { throw damaged("a box with a long header") }
            let place = box.range.lowerBound
            bytes.replaceSubrange(place..<place + 4, with: bigEndian(UInt32(box.range.count + scheme.count)))
        }
        bytes.insert(contentsOf: scheme, at: entry.range.upperBound)
        return bytes
    }
}

private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

private func isoBox(_ type: String, _ body: [UInt8]) -> [UInt8] {
    bigEndian(UInt32(body.count + 8)) + Array(type.utf8) + body
}
