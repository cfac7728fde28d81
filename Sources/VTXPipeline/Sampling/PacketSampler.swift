// What the packets of a video stream carry beside its frames: captions, and the metadata of Dolby Vision.

import LibAV
import VTXBitstream
package import VTXModel

/// Looks into packets that are read for other reasons.
package final class PacketSampler {
    private var carrier: CaptionCarrier?
    private var detector = CaptionDetector()
    private var metadata: DolbyVisionMetadata?
    private var packets = 0
    /// Packets that are searched for the metadata of Dolby Vision, which every frame has.
    private static let searched = 4

    /// Whether frames have metadata of Dolby Vision by which they cannot be shown without it (profile 5).
    package private(set) var lacksBaseLayer = false

    package init() {}

    func begin(_ parameters: CodecParameters) {
        carrier = CaptionCarrier(codec: parameters.codec, header: parameters.header)
        metadata = DolbyVisionMetadata(codec: parameters.codec, header: parameters.header)
    }

    func note(_ packet: borrowing Packet) {
        if let metadata, packets < Self.searched {
            packets += 1
            lacksBaseLayer = lacksBaseLayer || packet.withBytes { metadata.lacksBaseLayer(in: $0) }
        }
        guard let carrier else { return }
        detector.note(packet.withBytes { carrier.captions(in: $0) })
    }

    /// The channels of captions that have something in them; `nil` without captions. It is empty if there are captions
    /// and none of the channels could be told.
    package var captions: [CaptionChannel]? { detector.hasContent ? detector.found : nil }
}
