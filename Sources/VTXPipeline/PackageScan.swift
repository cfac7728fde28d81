// First pass of packaging: what the packets of a rendition tell without decoding any.
//
// Of a file of any length only the times of its key frames are kept.

package import LibAV
package import VTXModel

/// What to look for in one file.
package struct PackageScanRequest: Sendable {
    package var video: Int?
    /// Frame rates whose grid the frames may lie on, the likeliest first.
    package var rates: [Rational]
    package var audio: [Int]

    package init(video: Int?, rates: [Rational], audio: [Int]) {
        self.video = video
        self.rates = rates
        self.audio = audio
    }
}

/// What was found in one file.
package struct PackageScanResult: Sendable {
    package var times: [Int: TrackTimes] = [:]
    /// Ends count from the start of the file.
    package var reading = SourceReading()
    /// Of the video stream: whether a decoder can be set up from the header alone.
    package var hasParameterSets = true

    package init() {}
}

/// How far a scan is.
package struct PackageScanProgress: Sendable {
    package var packets = 0
    /// Place in the file.
    package var bytes: Int64 = 0

    package init() {}
}

/// Reads a file to its end.
///
/// - Parameters:
///   - demuxer: at its beginning; it is used up.
///   - start: presentation time of the file's earliest stream.
/// - Throws: `Aborted`; damage is in the result.
package func scanForPackage(
    _ demuxer: Demuxer, _ request: PackageScanRequest, start: MediaTime, progress: Guarded<PackageScanProgress>
) throws -> PackageScanResult {
    var result = PackageScanResult()
    var pictures: PictureScan?
    if let video = request.video {
        let parameters = try demuxer.parameters(of: video)
        let reader = KeyFrameReader(parameters)
        result.hasParameterSets = reader.hasParameterSets
        result.times[video] = TrackTimes(base: parameters.timeBase)
        pictures = PictureScan(reader: reader, base: parameters.timeBase, rates: request.rates)
    }
    for stream in request.audio { result.times[stream] = TrackTimes(base: demuxer.timeBase(of: stream)) }
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
        times[stream].note(packet)
        if stream == request.video { pictures?.note(packet) }
        count += 1
        if count & 0xFF == 0 {
            let (packets, position) = (count, packet.position)
            progress.with {
                $0.packets = packets
                $0.bytes = max($0.bytes, position)
            }
        }
    }
    for stream in result.times.keys { result.times[stream] = times[stream] }
    if let video = request.video { pictures?.finish(&result.times[video]!) }
    for (stream, reading) in readings.enumerated() {
        guard var reading else { continue }
        reading.end = reading.end.map { $0 - start }
        result.reading.streams[stream] = reading
    }
    return result
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

/// Key frames and frame rate of one video stream.
private struct PictureScan {
    private let reader: KeyFrameReader
    private let base: Rational
    private var rates: [RateFit]
    private var keyFrames: [Int64] = []
    private var isLastKeyOpen = false
    private var openKeyFrames = 0
    private var frames = 0
    private var latest = Int64.min

    init(reader: KeyFrameReader, base: Rational, rates: [Rational]) {
        self.reader = reader
        self.base = base
        self.rates = rates.compactMap { RateFit($0, base: base) }
    }

    mutating func note(_ packet: borrowing Packet) {
        guard let time = packet.presentation else { return }
        if packet.isKey {
            if time > latest, reader.startsAnew(packet) {
                keyFrames.append(time)
            } else {
                openKeyFrames += 1
            }
        } else if let key = keyFrames.last, time < key {
            // Shown before the key frame that it follows: nothing can begin there.
            keyFrames.removeLast()
            openKeyFrames += 1
            if keyFrames.isEmpty {
                frames = 0
                rates = rates.map { RateFit($0.rate, base: base)! }
            }
        }
        latest = max(latest, time)
        guard let first = keyFrames.first, time >= first else { return }
        frames += 1
        for index in rates.indices { rates[index].note(time - first) }
    }

    func finish(_ times: inout TrackTimes) {
        times.keyFrames = keyFrames
        times.openKeyFrames = openKeyFrames
        times.frames = frames
        times.gridRate = rates.first { $0.fits && $0.places == frames }?.rate
    }
}

/// Whether all frames lie on the grid of a rate, as far as the clock of the file can tell.
private struct RateFit {
    let rate: Rational
    private(set) var fits = true
    /// Frames of the grid up to the last one that is taken.
    private(set) var places = 0
    private let base: Rational

    /// `nil` if the clock is too coarse to tell.
    init?(_ rate: Rational, base: Rational) {
        guard rate.isPositive, rescale(1, from: rate.inverse, to: base) >= 8 else { return nil }
        self.rate = rate
        self.base = base
    }

    mutating func note(_ time: Int64) {
        guard fits else { return }
        let place = rescale(time, from: base, to: rate.inverse)
        fits = abs(rescale(place, from: rate.inverse, to: base) - time) <= 1
        places = max(places, Int(place) + 1)
    }
}
