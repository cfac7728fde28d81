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

    /// Whether frames that follow a key frame are never shown before it, once `startsAnew` is true of it.
    package var keyFramesLead: Bool { codec == .avc || codec == .vp9 || codec == .av1 }

    /// Whether packets come in the order in which they are shown.
    package var isInOrder: Bool { codec == .vp9 || codec == .av1 }

    /// Whether hidden frames may come in packets of their own, which only Matroska allows.
    package var mayHideFrames: Bool { codec == .vp9 }

    /// Whether nothing of the packet is shown.
    package func isHidden(_ packet: borrowing Packet) -> Bool {
        let bytes = UnsafeBufferPointer(start: packet.pointer.pointee.data, count: packet.size)
        // A superframe, which ends with its index, shows its last frame.
        guard codec == .vp9, let last = bytes.last, last & 0xE0 != 0xC0, let bits = vp9Bits(bytes) else { return false }
        return bits & 4 == 0 && bits & 1 == 0
    }

    /// Whether `packet`, which is marked as a key frame, is a point where decoding can start.
    ///
    /// An HEVC frame of type IDR_W_RADL may still be followed by frames that are shown before it.
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

    /// - Parameter verdict: of the first byte of a unit; `nil` if it is not a coded frame.
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

    private func isVP9Key(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { vp9Bits(bytes).map { $0 & 6 == 0 } ?? false }

    /// `show_existing_frame`, `frame_type` (0: key) and `show_frame`, which follow frame marker and profile.
    private func vp9Bits(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt8? {
        guard let first = bytes.first, first >> 6 == 2 else { return nil }
        return first & 0x30 == 0x30 ? first & 7 : first >> 1 & 7
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

/// The index of one stream, read with the header.
package struct StreamIndex: Sendable {
    package var packets = 0
    /// Decoding times of the first and the last packet.
    package var first: Int64 = 0
    package var last: Int64 = 0
    package var isFirstKey = false
    /// The place after the last byte that it refers to.
    package var endPosition: Int64 = 0
}

extension Demuxer {
    /// What the index of `stream` says; `nil` if there is none.
    ///
    /// - Parameter note: called with each packet's decoding time, in order.
    package func index(of stream: Int, note: (Int64) -> Void) -> StreamIndex? {
        guard let stream = streams[stream] else { return nil }
        var index = StreamIndex()
        index.packets = Int(avformat_index_get_entries_count(stream))
        guard index.packets > 0 else { return nil }
        for number in 0..<index.packets {
            guard let entry = avformat_index_get_entry(stream, Int32(number)) else { return nil }
            let time = entry.pointee.timestamp
            if number == 0 {
                index.first = time
                index.isFirstKey = entry.pointee.flags & Int32(AVINDEX_KEYFRAME) != 0
            }
            index.last = time
            index.endPosition = max(index.endPosition, entry.pointee.pos + Int64(entry.pointee.size))
            note(time)
        }
        return index
    }

    /// Where the header says that a stream ends: the sum of what its packets last.
    package func declaredEnd(of stream: Int) -> Int64? {
        guard isISO, let stream = streams[stream], stream.pointee.duration > 0 else { return nil }
        return (known(stream.pointee.start_time) ?? 0) &+ stream.pointee.duration
    }

    /// Leaves out everything but the key frames of `stream`, and reads nothing else where there is an index.
    package func keepKeyFrames(of stream: Int) {
        keepOnly([stream])
        streams[stream]!.pointee.discard = AVDISCARD_NONKEY
    }

    /// Goes back to the first packet of a file with an index.
    package func rewind() throws(AVFailure) {
        restartClock()
        try check(avformat_seek_file(context, -1, .min, .min + 1, .max, 0), "go to the beginning")
    }

    /// Undoes `keepOnly` and `keepKeyFrames`.
    package func keepAll() {
        kept = nil
        for stream in streams { stream!.pointee.discard = AVDISCARD_DEFAULT }
    }
}
