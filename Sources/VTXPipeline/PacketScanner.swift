// Reads every packet of a file to find out what its header hides: `vtx probe --deep`.

package import LibAV
package import VTXModel

/// Scans a file from its beginning to its end, without decoding.
///
/// Memory does not grow with the file: of each video stream the last 32 presentation times are kept, which
/// is more than any codec reorders.
package func scanPackets(_ demuxer: Demuxer, of file: MediaDescription) -> PacketScan {
    let origin = file.start ?? .zero
    var readings: [Int: StreamReading] = [:]
    var spacings: [Int: FrameSpacing] = [:]
    var scan = PacketScan()
    let bases = (0..<demuxer.streamCount).map { demuxer.timeBase(of: $0) }
    do {
        while let packet = try demuxer.read() {
            let stream = packet.stream
            guard stream < bases.count else { continue }
            packet.shift(by: -rescale(origin.ticks, from: origin.base, to: bases[stream]))
            readings[stream, default: StreamReading()].note(packet, base: bases[stream])
            if file.streams[stream].kind == .video, let time = packet.presentation {
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

/// Distances of neighbouring frames, from times in decoding order.
private struct FrameSpacing {
    private var window: [Int64] = []
    private var last: Int64?
    var shortest: Int64?
    var longest: Int64?

    mutating func add(_ time: Int64) {
        window.insert(time, at: window.firstIndex { $0 > time } ?? window.endIndex)
        if window.count > 32 { take(window.removeFirst()) }
    }

    mutating func finish() {
        for time in window { take(time) }
        window = []
    }

    private mutating func take(_ time: Int64) {
        if let last, time > last {
            shortest = min(shortest ?? .max, time - last)
            longest = max(longest ?? .min, time - last)
        }
        last = max(last ?? time, time)
    }
}
