// Reads packets of a video stream until captions come.

import LibAV
package import VTXModel
package import VTXSystem

/// Packets that are read after the first captions: the other channels may begin a little later.
private let packetsAfter = 240

/// The channels of captions in a stream of video, wherever they begin; `nil` without captions.
///
/// Nothing is decoded. The rest of the file is not read once a channel that can be made into text was found.
package func scanCaptions(path: String, stream: Int, interrupt: Interrupt?) -> [CaptionChannel]? {
    guard let demuxer = try? Demuxer(opening: path, interrupt: interrupt), stream < demuxer.streamCount,
        let parameters = try? demuxer.parameters(of: stream)
    else { return nil }
    demuxer.keepOnly([stream])
    let sampler = PacketSampler()
    sampler.begin(parameters)
    var rest = packetsAfter
    while rest > 0, let packet = try? demuxer.read() {
        guard packet.stream == stream else { continue }
        sampler.note(packet)
        if CaptionChannel.convertible.contains(where: { sampler.captions?.contains($0) ?? false }) { rest -= 1 }
    }
    return sampler.captions
}
