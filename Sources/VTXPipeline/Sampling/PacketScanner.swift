// Reads every packet of a file to find out what its header hides: `vtx probe --deep`.

package import LibAV
package import VTXModel

/// Scans a file from its beginning to its end, without decoding.
///
/// Memory does not grow with the file: of each video stream the last 32 presentation timestamps are kept, which
/// is more than any codec reorders.
package func scanPackets(_ demuxer: Demuxer, of file: MediaDescription) -> PacketScan {
    let origins = file.streams.map { file.program(of: $0.index).start ?? .zero }
    var readings: [Int: StreamReading] = [:]
    var spacings: [Int: FrameSpacing] = [:]
    var scan = PacketScan()
    let bases = (0..<demuxer.streamCount).map { demuxer.timeBase(of: $0) }
    do {
        while let packet = try demuxer.read() {
            let stream = packet.stream
            guard stream < bases.count, stream < origins.count else { continue }
            let origin = origins[stream]
            packet.shift(by: -rescale(origin.ticks, from: origin.base, to: bases[stream]))
            readings[stream, default: StreamReading()].note(packet, base: bases[stream])
            if file.streams[stream].kind == .video, packet.isShown, let time = packet.presentation {
                spacings[stream, default: FrameSpacing()].add(time)
            }
        }
    } catch {
        scan.error = error.words
    }
    for (index, reading) in readings.sorted(by: { $0.key < $1.key }) {
        spacings[index]?.finish()
        scan.streams.append(
            PacketScan.StreamScan(
                index: index, packets: reading.packets, corruptPackets: reading.corrupt, end: reading.end,
                shortestFrame: spacings[index]?.shortest.map { MediaTime($0, bases[index]) },
                longestFrame: spacings[index]?.longest.map { MediaTime($0, bases[index]) }))
        let kind = file.streams[index].kind
        if kind == .video || kind == .audio, let end = reading.end, scan.end == nil || end > scan.end! {
            scan.end = end
        }
    }
    return scan
}
