// Common encryption of fMP4 with the `cbcs` scheme (ISO/IEC 23001-7, 9 and 10.4).
//
// Video: one block of ten from the end of each slice header on. Audio: every whole block. The cipher restarts
// with the same vector at every range, so nothing but the ranges has to be written down.

package import VTXModel

/// Encrypts one rendition: first its initialization segment, then its segments in any order.
package struct SampleEncryptor {
    private enum Units {
        case whole
        case avc(AVCHeaders)
        case hevc(HEVCHeaders)
    }

    private let track: InitSegment
    private var units: Units
    private let lengthSize: Int
    /// The initialization segment with the protection in it.
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
            insertions.append((fragment.offset, try auxiliaryBoxes(of: ranges)))
        }
        return try inserting(insertions, intoFragmentsOf: bytes)
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
}
