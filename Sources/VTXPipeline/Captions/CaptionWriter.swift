// Captions for encoders that do not write them.

import LibAV
import VTXBitstream

/// Writes the captions that come beside packets into them. libavcodec 59 does that for libx264 and not for libx265.
struct CaptionWriter: Sendable {
    private var carrier: CaptionCarrier?

    /// Writes nothing.
    static let none = CaptionWriter()

    private init() {}

    init(_ parameters: CodecParameters) {
        carrier = CaptionCarrier(codec: parameters.codec, header: parameters.header)
    }

    func write(_ packet: consuming Packet) throws -> Packet {
        let data = CaptionData(packet.captions)
        guard !data.isEmpty, let carrier else { return packet }
        guard let bytes = packet.withBytes({ carrier.inserting(data, into: $0) }) else { return packet }
        return try packet.replacing(bytes)
    }
}
