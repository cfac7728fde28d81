// First pass of packaging: what the packets of a rendition tell without decoding any.
//
// Of a file of any length only the timestamps of key frames are kept. MP4 has an index with the timestamps of all
// packets; where that is enough, only key frames are read.

package import LibAV
package import VTXModel
package import VTXSystem

/// Reads a file to its end.
///
/// - Parameters:
///   - demuxer: at its beginning; it is used up.
///   - start: presentation time of the file's earliest stream.
/// - Throws: `Aborted`; damage is in the result.
package func scanForPackage(
    _ demuxer: Demuxer, _ request: PackageScanRequest, start: MediaTime,
    progress: Guarded<PackageScanProgress>
) throws -> PackageScanResult {
    if request.hasIndex {
        var scan = IndexScan(demuxer, request, start: start, progress: progress)
        if let result = try scan.run() { return result }
    }
    return try scanAllPackets(demuxer, request, start: start, progress: progress)
}

/// The same, from all packets.
private func scanAllPackets(
    _ demuxer: Demuxer, _ request: PackageScanRequest, start: MediaTime,
    progress: Guarded<PackageScanProgress>
) throws -> PackageScanResult {
    var result = PackageScanResult()
    var frames: VideoScan?
    if let video = request.video {
        let parameters = try demuxer.parameters(of: video)
        let reader = KeyFrameReader(parameters)
        result.hasParameterSets = reader.hasParameterSets
        result.times[video] = TrackTimes(base: parameters.timeBase)
        frames = VideoScan(reader: reader, base: parameters.timeBase, rates: request.rates)
    }
    var scans = try configurationScans(demuxer, request)
    for stream in request.audio {
        result.times[stream] = TrackTimes(base: demuxer.timeBase(of: stream))
    }
    let bases = (0..<demuxer.streamCount).map { demuxer.timeBase(of: $0) }
    var readings = [StreamReading?](repeating: nil, count: bases.count)
    var times = bases.map(TrackTimes.init(base:))
    var count = 0
    while true {
        let next: Packet?
        do { next = try demuxer.read() } catch {
            if error.isInterrupt { throw Aborted() }
            result.reading.failure = error
            break
        }
        guard let packet = next else { break }
        let stream = packet.stream
        guard stream < bases.count else { continue }  // appeared midway
        if readings[stream] == nil { readings[stream] = StreamReading() }
        readings[stream]!.note(packet, base: bases[stream])
        scans[stream]?.note(packet, at: packet.presentation)
        if stream == request.video {
            if frames?.note(packet) ?? true { times[stream].note(packet) }
        } else {
            times[stream].note(packet)
        }
        count += 1
        if count & 0xFF == 0 {
            let (packets, position) = (count, packet.position)
            progress.with {
                $0.packets = packets
                $0.bytes = max($0.bytes, position)
            }
        }
    }
    result.reading.note(demuxer, origin: start, known: bases.count, used: scans.keys)
    for (stream, scan) in scans { result.changes[stream] = scan.change.map { MediaTime($0, bases[stream]) - start } }
    for stream in result.times.keys { result.times[stream] = times[stream] }
    if let video = request.video { frames?.finish(&result.times[video]!) }
    for (stream, reading) in readings.enumerated() {
        guard var reading else { continue }
        reading.end = reading.end.map { $0 - start }
        result.reading.streams[stream] = reading
    }
    return result
}

private func configurationScans(
    _ demuxer: Demuxer, _ request: PackageScanRequest
) throws -> [Int: ConfigurationScan] {
    var scans: [Int: ConfigurationScan] = [:]
    for stream in request.audio + (request.video.map { [$0] } ?? []) {
        scans[stream] = ConfigurationScan(
            try demuxer.parameters(of: stream), isVideo: stream == request.video,
            followsPictureSets: request.followsPictureSets)
    }
    return scans
}

extension TrackTimes {
    fileprivate mutating func note(_ packet: borrowing Packet) {
        packets += 1
        guard let time = packet.presentation else {
            untimed += 1
            return
        }
        if first == nil || time < first! { first = time }
        if end == nil || time + packet.duration > end! { end = time + packet.duration }
    }
}
