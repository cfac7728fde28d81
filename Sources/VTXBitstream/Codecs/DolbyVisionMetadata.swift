// Metadata of Dolby Vision in the packets of HEVC (RPU, NAL units of type 62): all that is left of it in files whose
// container has lost the configuration.

/// Reads the header of the metadata that follows a frame.
package struct DolbyVisionMetadata: Sendable {
    /// Bytes of the length before each NAL unit; `nil`: start codes.
    private let lengthSize: Int?

    /// - Parameters:
    ///   - codec: libav's name.
    ///   - header: `hvcC`, or a byte stream, or nothing.
    /// - Returns: `nil` for other codecs than HEVC.
    package init?(codec: String, header: [UInt8]) {
        guard codec == "hevc" else { return nil }
        lengthSize = hevcLengthSize(header)
    }

    /// Whether the frame is of profile 5: its colours are Dolby's own, in full range.
    package func lacksBaseLayer(in packet: UnsafeRawBufferPointer) -> Bool {
        leadingUnits(of: packet, lengthSize: lengthSize) { _ in false }.leading.contains { unit in
            unit.count > 4 && packet[unit.lowerBound] >> 1 & 63 == 62
                && ((try? isProfile5(Array(packet[unit.prefix(34)]))) ?? false)
        }
    }

    /// ETSI GS CCM 001, 5.3.2: the header of the metadata.
    private func isProfile5(_ unit: [UInt8]) throws -> Bool {
        var reader = NALReader(unit, 2..<unit.count)
        // Prefix, type and format.
        guard try reader.bits(8) == 25, try reader.bits(6) == 2 else { return false }
        try reader.skip(11)
        let profile = try reader.bits(4)
        // Level; whether the rest is there; chroma resampling; the type of coefficients.
        try reader.skip(4)
        guard try reader.flag() else { return false }
        try reader.skip(1)
        if try reader.bits(2) == 0 { _ = try reader.unsigned() }
        try reader.skip(2)
        return try reader.flag() && profile == 0
    }
}
