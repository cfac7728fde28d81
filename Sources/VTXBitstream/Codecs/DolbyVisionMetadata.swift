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
        let isRecord = header.count >= 23 && (header[0] != 0 || header[1] != 0 || header[2] > 1)
        lengthSize = isRecord ? Int(header[21] & 3) + 1 : nil
    }

    /// Whether the frame is of profile 5: its colours are Dolby's own, in full range.
    package func lacksBaseLayer(in packet: UnsafeRawBufferPointer) -> Bool {
        leadingUnits(of: packet, lengthSize: lengthSize) { _ in false }.leading.contains { unit in
            unit.count > 4 && packet[unit.lowerBound] >> 1 & 63 == 62
                && ((try? isProfile5(Array(packet[unit.dropFirst(2).prefix(32)]))) ?? false)
        }
    }

    /// ETSI GS CCM 001, 5.3.2: the header of the metadata.
    private func isProfile5(_ body: [UInt8]) throws -> Bool {
        var bits = BitReader(withoutEmulationPrevention(body))
        // Prefix, type and format.
        guard try bits.read(8) == 25, try bits.read(6) == 2 else { return false }
        _ = try bits.read(11)
        let profile = try bits.read(4)
        // Level; whether the rest is there; chroma resampling; the type of coefficients.
        _ = try bits.read(4)
        guard try bits.read(1) == 1 else { return false }
        _ = try bits.read(1)
        if try bits.read(2) == 0 {
            // An Exp-Golomb code.
            var zeros = 0
            while try bits.read(1) == 0 { zeros += 1 }
            _ = try bits.read(min(zeros, 32))
        }
        _ = try bits.read(2)
        return try bits.read(1) == 1 && profile == 0
    }
}
