// Captions in the packets of H.264, HEVC and MPEG-2.
//
// H.264 and HEVC carry them in SEI messages (user data registered by ITU-T T.35), MPEG-2 in user data of the frame; both
// have the same bytes inside (ATSC A/53 part 4, 6.2.3). They come before the coded frame, so little of a packet is read.

/// Finds captions in the packets of one stream, and puts them there.
package struct CaptionCarrier: Sendable {
    private enum Codec { case avc, hevc, mpeg2 }
    private let codec: Codec
    /// Bytes of the length before each NAL unit; `nil`: start codes.
    private let lengthSize: Int?

    /// - Parameters:
    ///   - codec: libav's name.
    ///   - header: `avcC`, `hvcC`, or a byte stream, or nothing.
    /// - Returns: `nil` for codecs whose packets have no captions.
    package init?(codec: String, header: [UInt8]) {
        switch codec {
        case "h264":
            self.codec = .avc
            lengthSize = header.count >= 7 && header[0] == 1 ? Int(header[4] & 3) + 1 : nil
        case "hevc":
            self.codec = .hevc
            lengthSize = hevcLengthSize(header)
        case "mpeg2video":
            self.codec = .mpeg2
            lengthSize = nil
        default: return nil
        }
    }

    /// The captions in front of a packet's coded frame, empty without any.
    package func captions(in packet: UnsafeRawBufferPointer) -> CaptionData {
        captions(of: units(of: packet).leading, in: packet)
    }

    /// The captions of a packet, also those in front of the second field where fields are coded one by one. All of the
    /// packet is searched.
    package func allCaptions(in packet: UnsafeRawBufferPointer) -> CaptionData {
        captions(of: leadingUnits(of: packet, lengthSize: lengthSize) { _ in false }.leading, in: packet)
    }

    private func captions(of units: [Range<Int>], in packet: UnsafeRawBufferPointer) -> CaptionData {
        var result = CaptionData()
        for unit in units where isMessage(unit, in: packet) {
            if codec == .mpeg2 {
                result.append(userData(Array(packet[unit].dropFirst())))
            } else {
                for message in SEIMessages(packet[unit.dropFirst(headerSize)]) {
                    if let data = message.captions { result.append(data) }
                }
            }
        }
        return result
    }

    /// A packet with captions in front of its coded frame; `nil` if there is none.
    ///
    /// - Parameter data: of one frame.
    package func inserting(_ data: CaptionData, into packet: UnsafeRawBufferPointer) -> [UInt8]? {
        guard codec != .mpeg2, !data.isEmpty, let place = frameStart(in: packet) else { return nil }
        let unit = (codec == .avc ? [6] : [39 << 1, 1]) + seiBody(data)
        let prefix = lengthSize.map { size in
            (0..<size).map { UInt8(truncatingIfNeeded: unit.count >> (8 * (size - 1 - $0))) }
        }
        return Array(packet[..<place]) + (prefix ?? [0, 0, 0, 1]) + unit + Array(packet[place...])
    }
}

// MARK: Units

extension CaptionCarrier {
    private var headerSize: Int { codec == .avc ? 1 : codec == .hevc ? 2 : 0 }

    private func isMessage(_ unit: Range<Int>, in packet: UnsafeRawBufferPointer) -> Bool {
        guard unit.count > headerSize else { return false }
        let first = packet[unit.lowerBound]
        return switch codec {
        case .avc: first & 31 == 6
        case .hevc: first >> 1 & 63 == 39
        case .mpeg2: first == 0xB2
        }
    }

    private func isFrame(_ first: UInt8) -> Bool {
        switch codec {
        case .avc: (1...5).contains(first & 31)
        case .hevc: first >> 1 & 63 < 32
        case .mpeg2: (1...0xAF).contains(first)
        }
    }

    /// Where the first unit of the coded frame begins, with its length or start code.
    private func frameStart(in packet: UnsafeRawBufferPointer) -> Int? {
        units(of: packet).frame.map { prefixStart(of: $0, in: packet) }
    }

    private func prefixStart(of unit: Int, in packet: UnsafeRawBufferPointer) -> Int {
        if let lengthSize { return unit - lengthSize }
        let start = unit - 3
        return start > 0 && packet[start - 1] == 0 ? start - 1 : start
    }

    private func units(of packet: UnsafeRawBufferPointer) -> (leading: [Range<Int>], frame: Int?) {
        leadingUnits(of: packet, lengthSize: lengthSize) { isFrame(packet[$0]) }
    }
}
