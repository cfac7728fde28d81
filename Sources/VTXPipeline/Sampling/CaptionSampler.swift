// Which captions the packets of a video stream carry.

import LibAV
import VTXBitstream
package import VTXModel

/// Looks for captions in packets that are read for other reasons.
package final class CaptionSampler {
    private var carrier: CaptionCarrier?
    private var detector = CaptionDetector()

    package init() {}

    func begin(_ parameters: CodecParameters) {
        carrier = CaptionCarrier(codec: parameters.codec, header: parameters.header)
    }

    func note(_ packet: borrowing Packet) {
        guard let carrier else { return }
        detector.note(packet.withBytes { carrier.captions(in: $0) })
    }

    /// The channels that have something in them; `nil` without captions. It is empty if there are captions and none of
    /// the channels could be told.
    package var found: [CaptionChannel]? { detector.hasContent ? detector.found : nil }
}
