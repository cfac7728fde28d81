// HDR metadata of a source whose container lacks it.

import LibAV
package import VTXModel

/// HDR metadata that stands only in the stream itself: decodes frames until the first one comes.
package func sampleHDR(
    path: String, stream: Int
) -> (mastering: MasteringDisplay?, contentLight: ContentLight?)? {
    guard let demuxer = try? Demuxer(opening: path),
        let parameters = try? demuxer.parameters(of: stream),
        let decoder = try? Decoder(for: parameters)
    else { return nil }
    demuxer.keepOnly([stream])
    var found: (MasteringDisplay?, ContentLight?)?
    var budget = 64
    func look(_ frame: consuming Frame) { found = found ?? (frame.mastering, frame.contentLight) }
    while found == nil, budget > 0, let packet = try? demuxer.read() {
        budget -= 1
        if packet.stream == stream { try? decoder.decode(packet, emit: look) }
    }
    if found == nil { try? decoder.drain(emit: look) }
    return found
}
