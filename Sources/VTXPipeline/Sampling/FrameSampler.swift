// Decodes one frame of a source to see what its header cannot be trusted to say.

import LibAV
package import VTXModel

/// Packets until the first frame at most: more than decoders hold back.
private let mostPackets = 64

/// Size, and the shape of pixels that the stream itself tells, of the first frame of a stream.
///
/// - Returns: `nil` if there is no frame near the beginning.
package func sampleFrame(path: String, stream: Int) -> (size: PixelSize, sampleAspectRatio: Rational?)? {
    guard let demuxer = try? Demuxer(opening: path, headerOnly: true), stream < demuxer.streamCount,
        let parameters = try? demuxer.parameters(of: stream), let decoder = try? Decoder(for: parameters, threads: 1)
    else { return nil }
    demuxer.keepOnly([stream])
    var found: (size: PixelSize, sampleAspectRatio: Rational?)?
    func look(_ frame: consuming Frame) { found = found ?? (frame.shape.size, frame.sampleAspectRatio) }
    var packets = 0
    while found == nil, packets < mostPackets, let packet = try? demuxer.read() {
        guard packet.stream == stream else { continue }
        packets += 1
        try? decoder.decode(packet, emit: look)
    }
    if found == nil { try? decoder.drain(emit: look) }
    return found
}
