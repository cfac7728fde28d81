// Decodes one frame of a source to see what its header cannot be trusted to say.

import LibAV
package import VTXModel

/// Packets until the first frame at most: more than decoders hold back.
private let mostPackets = 64

/// Size, and the shape of pixels that the stream itself tells, of the first frame of a stream.
///
/// - Returns: `nil` if there is no frame near the beginning.
package func sampleFrame(path: String, stream: Int) -> (size: PixelSize, sampleAspectRatio: Rational?)? {
    try? firstFrame(of: Demuxer(opening: path, headerOnly: true), stream: stream) {
        ($0.shape.size, $0.sampleAspectRatio)
    }
}

/// What the first frame of a stream tells.
///
/// - Parameters:
///   - demuxer: a file at its beginning; it is used up.
///   - look: reads it off the frame.
/// - Returns: `nil` if there is no frame near the beginning.
func firstFrame<Value>(of demuxer: Demuxer, stream: Int, _ look: (borrowing Frame) -> Value) -> Value? {
    guard stream < demuxer.streamCount, let parameters = try? demuxer.parameters(of: stream),
        let decoder = try? Decoder(for: parameters, threads: 1)
    else { return nil }
    demuxer.keepOnly([stream])
    var found: Value?
    func take(_ frame: consuming Frame) { found = found ?? look(frame) }
    var packets = 0
    while found == nil, packets < mostPackets, let packet = try? demuxer.read() {
        guard packet.stream == stream else { continue }
        packets += 1
        try? decoder.decode(packet, emit: take)
    }
    if found == nil { try? decoder.drain(emit: take) }
    return found
}
