// A frame that shows what a source is about: no title that fades in, no black, no cut.

import LibAV
package import VTXModel

/// Frames that are compared.
private let mostFrames = 100
/// Packets that are read for them at most.
private let mostPackets = 2000
/// Where in the source: past titles that fade in.
private let usualPlace = 0.1

/// The time of a frame that looks like most of those about a tenth into the source, as their histograms tell.
///
/// - Parameters:
///   - origin: time of the source that is 0.
///   - duration: of the source; `nil`: not known, then the beginning is looked at.
/// - Returns: `nil` if no frame can be decoded. Errors of decoding are not errors here.
package func typicalFrame(path: String, stream: Int, origin: MediaTime, duration: MediaTime?) -> MediaTime? {
    guard let demuxer = try? Demuxer(opening: path), let parameters = try? demuxer.parameters(of: stream),
        let decoder = try? Decoder(for: parameters)
    else { return nil }
    demuxer.keepOnly([stream])
    let base = demuxer.timeBase(of: stream)
    let start = rescale(origin.ticks, from: origin.base, to: base)
    let place = (duration?.seconds ?? 0) * usualPlace
    if place > 1 { try? demuxer.seek(to: Int64((origin.seconds + place) * 1e6), stream: stream) }
    var graph: FilterGraph?
    var frames = 0
    var found: MediaTime?

    func keep(_ frame: consuming Frame) { if found == nil { found = frame.time.map { MediaTime($0, base) } } }
    func take(_ frame: consuming Frame) throws {
        guard frames < mostFrames, let time = frame.time, MediaTime(time - start, base).seconds >= place - 1e-6 else {
            return
        }
        frame.time = time - start
        frames += 1
        if graph == nil {
            graph = try FilterGraph(
                video: frame, timeBase: base, frameRate: nil,
                chain: ["scale=w=64:h=36:flags=area", "format=rgb24", "thumbnail=n=\(mostFrames + 1)"], threads: 1)
        }
        try graph?.push(frame, emit: keep)
    }
    var packets = 0
    while frames < mostFrames, packets < mostPackets, let packet = try? demuxer.read() {
        guard packet.stream == stream else { continue }
        packets += 1
        try? decoder.decode(packet, emit: take)
    }
    if frames < mostFrames { try? decoder.drain(emit: take) }
    try? graph?.drain(emit: keep)
    return found.map { max(.zero, $0) }
}
