// Which key frames a segment can begin with: those that nothing after them looks back across.
//
// Containers and parsers also mark recovery points and open groups as key frames, so the coded frame itself
// is looked at.

import CLibAV
import VTXModel

/// Looks at the packets of one video stream.
package struct KeyFrameReader: Sendable {
    private enum Codec { case avc, hevc, av1, vp9, other }
    private let codec: Codec
    /// Bytes of the length before each NAL unit; `nil`: start codes.
    private let lengthSize: Int?
    /// Whether a decoder can be set up from the stream's header alone.
    package let hasParameterSets: Bool

    package init(_ parameters: CodecParameters) {
        let pointer = parameters.pointer.pointee
        let header =
            pointer.extradata.map {
                Array(UnsafeBufferPointer(start: $0, count: Int(pointer.extradata_size)))
            } ?? []
        var lengthSize: Int?
        switch pointer.codec_id {
        case AV_CODEC_ID_H264:
            codec = .avc
            if header.count >= 7, header[0] == 1 {
                lengthSize = Int(header[4] & 3) + 1
                hasParameterSets = header[5] & 31 > 0
            } else {
                hasParameterSets = Self.unitTypes(header) { $0 & 31 }.isSuperset(of: [7, 8])
            }
        case AV_CODEC_ID_HEVC:
            codec = .hevc
            let isRecord = header.count >= 23 && (header[0] != 0 || header[1] != 0 || header[2] > 1)
            if isRecord {
                lengthSize = Int(header[21] & 3) + 1
                hasParameterSets = Self.arrayTypes(header).isSuperset(of: [32, 33, 34])
            } else {
                hasParameterSets = Self.unitTypes(header) { $0 >> 1 & 63 }.isSuperset(of: [32, 33, 34])
            }
        case AV_CODEC_ID_AV1:
            codec = .av1
            hasParameterSets = header.count >= 4
        case AV_CODEC_ID_VP9:
            codec = .vp9
            hasParameterSets = true
        default:
            codec = .other
            hasParameterSets = true
        }
        self.lengthSize = lengthSize
    }

    /// Whether `packet`, which is marked as a key frame, starts decoding anew.
    ///
    /// An HEVC picture of type IDR_W_RADL may still be followed by frames that are shown before it.
    package func startsAnew(_ packet: borrowing Packet) -> Bool {
        let bytes = UnsafeBufferPointer(start: packet.pointer.pointee.data, count: packet.size)
        switch codec {
        case .avc: return firstPicture(bytes) { (1...5).contains($0 & 31) ? $0 & 31 == 5 : nil }
        case .hevc:
            return firstPicture(bytes) { first in
                let type = first >> 1 & 63
                return type < 32 ? type == 19 || type == 20 : nil
            }
        case .vp9: return isVP9Key(bytes)
        case .av1, .other: return true
        }
    }

    /// - Parameter verdict: of the first byte of a unit; `nil` if it is no picture.
    private func firstPicture(_ bytes: UnsafeBufferPointer<UInt8>, _ verdict: (UInt8) -> Bool?) -> Bool {
        if let lengthSize {
            var offset = 0
            while offset + lengthSize < bytes.count {
                var length = 0
                for index in 0..<lengthSize { length = length << 8 | Int(bytes[offset + index]) }
                offset += lengthSize
                if length > 0, let answer = verdict(bytes[offset]) { return answer }
                offset += length
            }
            return false
        }
        var offset = 0
        while offset + 3 < bytes.count {
            if bytes[offset] == 0, bytes[offset + 1] == 0, bytes[offset + 2] == 1 {
                if let answer = verdict(bytes[offset + 3]) { return answer }
                offset += 3
            } else {
                offset += 1
            }
        }
        return false
    }

    /// Frame marker, profile, `show_existing_frame`, `frame_type`.
    private func isVP9Key(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first, first >> 6 == 2 else { return false }
        let isProfile3 = first & 0x30 == 0x30
        let rest = isProfile3 ? first & 7 : first >> 1 & 7
        return rest & 4 == 0 && rest & 2 == 0
    }

    private static func unitTypes(_ bytes: [UInt8], _ type: (UInt8) -> UInt8) -> Set<UInt8> {
        var types: Set<UInt8> = []
        var offset = 0
        while offset + 3 < bytes.count {
            if bytes[offset] == 0, bytes[offset + 1] == 0, bytes[offset + 2] == 1 {
                types.insert(type(bytes[offset + 3]))
            }
            offset += 1
        }
        return types
    }

    /// Types of the units in an `hvcC` record.
    private static func arrayTypes(_ record: [UInt8]) -> Set<UInt8> {
        var types: Set<UInt8> = []
        var offset = 23
        for _ in 0..<record[22] {
            guard offset + 3 <= record.count else { return types }
            let count = Int(record[offset + 1]) << 8 | Int(record[offset + 2])
            if count > 0 { types.insert(record[offset] & 63) }
            offset += 3
            for _ in 0..<count {
                guard offset + 2 <= record.count else { return types }
                offset += 2 + (Int(record[offset]) << 8 | Int(record[offset + 1]))
            }
        }
        return types
    }
}

extension Packet {
    /// Takes the mark of a key frame away.
    package func clearKey() { pointer.pointee.flags &= ~AV_PKT_FLAG_KEY }
}

extension CodecParameters {
    /// Frames that a decoder holds back to put them in order.
    package var reorderDelay: Int { Int(pointer.pointee.video_delay) }
}
