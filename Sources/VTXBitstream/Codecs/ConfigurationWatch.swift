// What a decoder is set up with, packet by packet: parameter sets of H.264 and HEVC, ADTS headers of AAC.
//
// A rendition is described once. A stream whose parameters change midway is two renditions, one behind the other.

import VTXModel

/// Follows the configuration of one stream.
package struct ConfigurationWatch: Sendable {
    private enum Codec { case avc, hevc, aac }

    private let codec: Codec
    /// Bytes of the length before each NAL unit; `nil`: start codes.
    private let lengthSize: Int?
    /// Whether a changed picture parameter set counts.
    private let followsPictureSets: Bool
    private var sequenceSets: Set<[UInt8]> = []
    /// By their numbers.
    private var pictureSets: [Int: [UInt8]] = [:]
    private var isFirst = true
    private var audio: [UInt8]?
    /// An ADTS header that is new: damage, unless the next packet has it too.
    private var suspect: [UInt8]?

    /// - Parameters:
    ///   - codec: libav's name.
    ///   - header: the stream's own header (`avcC`, `hvcC`, or units with start codes); may be empty.
    ///   - followsPictureSets: whether a changed picture parameter set counts, which decoders of transport streams take
    ///     from between the frames.
    /// - Returns: `nil` for codecs that have no configuration of this kind.
    package init?(codec: String, header: [UInt8], followsPictureSets: Bool) {
        switch codec {
        case "h264": self.codec = .avc
        case "hevc": self.codec = .hevc
        case "aac": self.codec = .aac
        default: return nil
        }
        self.followsPictureSets = followsPictureSets
        let isRecord = header.first == 1 && header.count > (codec == "hevc" ? 22 : 6)
        switch self.codec {
        case .avc: lengthSize = isRecord ? Int(header[4] & 3) + 1 : nil
        case .hevc: lengthSize = isRecord ? Int(header[21] & 3) + 1 : nil
        case .aac: lengthSize = nil
        }
        guard self.codec != .aac else { return }
        for unit in isRecord ? recordedUnits(header) : annexBUnits(in: header).map(Array.init) { _ = note(unit: unit) }
    }

    /// Takes the next packet; only key frames need to be given for video.
    ///
    /// - Returns: whether it needs another configuration than those before.
    package mutating func changes(with bytes: UnsafeRawBufferPointer) -> Bool {
        guard codec != .aac else { return changesAudio(bytes) }
        // A header may be older than the stream; from the first packet on, the stream has the say.
        let isFree = isFirst || sequenceSets.isEmpty
        isFirst = false
        var isChanged = false
        for unit in parameterSets(in: bytes) where note(unit: unit) { isChanged = true }
        return isChanged && !isFree
    }

    /// - Returns: whether the unit is a parameter set that was not there before.
    private mutating func note(unit: [UInt8]) -> Bool {
        var unit = unit
        while unit.last == 0 { unit.removeLast() }
        switch kind(of: unit) {
        case .sequence: return sequenceSets.insert(unit).inserted
        case .picture:
            guard followsPictureSets else { return false }
            var reader = NALReader(unit, (codec == .avc ? 1 : 2)..<unit.count)
            guard let number = try? reader.unsigned(upTo: 255) else { return false }
            let before = pictureSets.updateValue(unit, forKey: number)
            return before != nil && before != unit
        case .slice, .other: return false
        }
    }

    private enum Kind { case sequence, picture, slice, other }

    private func kind(of unit: [UInt8]) -> Kind {
        guard let first = unit.first else { return .other }
        switch codec {
        case .avc:
            switch first & 31 {
            case 7: return .sequence
            case 8: return .picture
            case 1...5: return .slice
            default: return .other
            }
        case .hevc:
            // Those of enhancement layers are not for the decoders meant here.
            guard unit.count > 1, first & 1 == 0, unit[1] >> 3 == 0 else { return .other }
            switch first >> 1 & 63 {
            case 33: return .sequence
            case 34: return .picture
            case 0..<32: return .slice
            default: return .other
            }
        case .aac: return .other
        }
    }

    /// The parameter sets in front of a frame.
    private func parameterSets(in bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
        func unitKind(_ offset: Int) -> Kind { kind(of: Array(bytes[offset..<min(offset + 2, bytes.count)])) }
        let units = leadingUnits(of: bytes, lengthSize: lengthSize) { unitKind($0) == .slice }
        return units.leading.filter { !$0.isEmpty && [.sequence, .picture].contains(unitKind($0.lowerBound)) }
            .map { Array(bytes[$0]) }
    }

    /// The units in an `avcC` or `hvcC` record.
    private func recordedUnits(_ record: [UInt8]) -> [[UInt8]] {
        var reader = ByteReader(record, (codec == .avc ? 5 : 22)..<record.count)
        var units: [[UInt8]] = []
        do throws(VTXError) {
            if codec == .avc {
                for mask: UInt8 in [31, 255] {
                    for _ in 0..<(try reader.u8() & mask) { units.append(try reader.take(Int(try reader.u16()))) }
                }
            } else {
                for _ in 0..<(try reader.u8()) {
                    try reader.skip(1)
                    for _ in 0..<(try reader.u16()) { units.append(try reader.take(Int(try reader.u16()))) }
                }
            }
        } catch {
            // A record that is cut off: what there is of it counts.
        }
        return units
    }

    /// ISO/IEC 13818-7, adts_fixed_header: profile, sampling frequency and channels.
    private mutating func changesAudio(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 7, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 else { return false }
        let header = [bytes[2] & 0xFD, bytes[3] & 0xC0]
        guard let audio, header != audio else {
            self.audio = header
            suspect = nil
            return false
        }
        defer { suspect = header }
        return suspect == header
    }
}
