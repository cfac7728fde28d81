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

/// Whether the first frames of a stream have different lengths, in files without an index to tell.
///
/// - Returns: `nil` if too few frames can be read to say so.
package func sampleFrameSpacing(path: String, stream: Int, packets: Int = 240) -> Bool? {
    guard let demuxer = try? Demuxer(opening: path) else { return nil }
    demuxer.keepOnly([stream])
    var spacing = FrameSpacing()
    var count = 0
    while count < packets, let packet = try? demuxer.read() {
        guard packet.stream == stream, let time = packet.presentation else { continue }
        spacing.add(time)
        count += 1
    }
    guard count > 8 else { return nil }
    spacing.finish()
    return spacing.isVariable
}

/// Distances of neighbouring frames, from times in decoding order.
struct FrameSpacing {
    private var window: [Int64] = []
    private var last: Int64?
    var shortest: Int64?
    var longest: Int64?

    mutating func add(_ time: Int64) {
        window.insert(time, at: window.firstIndex { $0 > time } ?? window.endIndex)
        if window.count > 32 { take(window.removeFirst()) }
    }

    /// Frames whose lengths differ by more than a tenth; containers round times by a tick either way.
    var isVariable: Bool? {
        guard let shortest, let longest else { return nil }
        return longest - shortest > max(2, shortest / 10)
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
