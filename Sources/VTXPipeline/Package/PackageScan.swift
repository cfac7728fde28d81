// First pass of packaging: what the packets of a rendition tell without decoding any.
//
// Of a file of any length only the times of its key frames are kept. MP4 has an index with the times of all
// packets; where that is enough, only key frames are read.

package import LibAV
package import VTXModel
package import VTXSystem

/// What to look for in one file.
package struct PackageScanRequest: Sendable {
    package var video: Int?
    /// Frame rates whose grid the frames may lie on, the likeliest first.
    package var rates: [Rational]
    package var audio: [Int]
    /// The file has an index that can be trusted: no byte that it refers to is missing.
    package var hasIndex = false

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
    if request.hasIndex, let result = try scanIndex(demuxer, request, start: start, progress: progress) {
        return result
    }
    var result = PackageScanResult()
    var pictures: VideoScan?
    if let video = request.video {
        let parameters = try demuxer.parameters(of: video)
        let reader = KeyFrameReader(parameters)
        result.hasParameterSets = reader.hasParameterSets
        result.times[video] = TrackTimes(base: parameters.timeBase)
        pictures = VideoScan(reader: reader, base: parameters.timeBase, rates: request.rates)
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
        if stream == request.video {
            if pictures?.note(packet) ?? true { times[stream].note(packet) }
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
    result.reading.note(demuxer, origin: start, known: bases.count)
    for stream in result.times.keys { result.times[stream] = times[stream] }
    if let video = request.video { pictures?.finish(&result.times[video]!) }
    for (stream, reading) in readings.enumerated() {
        guard var reading else { continue }
        reading.end = reading.end.map { $0 - start }
        result.reading.streams[stream] = reading
    }
    return result
}

/// The same from the index and the key frames alone.
///
/// - Returns: `nil`, with the demuxer at its beginning, if that does not tell all: frames off the grid,
///   no index, a codec whose frames may be shown before the key frame that they follow.
private func scanIndex(
    _ demuxer: Demuxer, _ request: PackageScanRequest, start: MediaTime, progress: Guarded<PackageScanProgress>
) throws -> PackageScanResult? {
    var result = PackageScanResult()

    /// All packets but the last follow from the index; the last is taken for as long as the one before.
    func enter(_ stream: Int, _ index: StreamIndex, shift: Int64, last duration: Int64) {
        let base = demuxer.timeBase(of: stream)
        var times = TrackTimes(base: base)
        times.packets = index.packets
        times.first = index.first + shift
        times.end = index.last + shift + duration
        result.times[stream] = times
        var reading = StreamReading()
        reading.packets = index.packets
        reading.end = times.time(times.end!) - start
        result.reading.streams[stream] = reading
    }

    for stream in request.audio {
        var (previous, duration) = (Int64?.none, Int64(0))
        guard
            let index = demuxer.index(
                of: stream,
                note: { time in
                    duration = time - (previous ?? time)
                    previous = time
                })
        else { return nil }
        enter(stream, index, shift: 0, last: duration)
    }
    guard let video = request.video else { return result }

    let parameters = try demuxer.parameters(of: video)
    let reader = KeyFrameReader(parameters)
    guard reader.keyFramesLead else { return nil }
    let base = parameters.timeBase
    var fits = request.rates.compactMap { RateFit($0, base: base) }
    var origin: Int64?
    guard
        let index = demuxer.index(
            of: video,
            note: { time in
                if origin == nil { origin = time }
                for place in fits.indices { fits[place].note(time - origin!) }
            }), index.isFirstKey, let rate = fits.first(where: { $0.fits && $0.places == index.packets })?.rate
    else { return nil }

    demuxer.keepKeyFrames(of: video)
    var keys: [Int64] = []
    var open = 0
    // Of a frame that all others are either decoded and shown before, or after, both times tell its place.
    // Only the first presentation time is used: libav mixes them up when it leaves packets out.
    var delay: Int64?
    while true {
        let next: Packet?
        do { next = try demuxer.read() } catch {
            if error.isInterrupt { throw Aborted() }
            next = nil
        }
        guard let packet = next else { break }
        guard packet.stream == video, packet.isKey, let shown = packet.presentation,
            let decoded = packet.decoding
        else { continue }
        if delay == nil { delay = shown - decoded }
        let time = decoded + delay!
        if reader.startsAnew(packet) { keys.append(time) } else { open += 1 }
        // Frames before the first usable key frame have to be counted.
        guard let first = keys.first, !packet.isCorrupt,
            abs(
                rescale(rescale(time - first, from: base, to: rate.inverse), from: rate.inverse, to: base)
                    - (time - first)) <= 1
        else { keys = []; break }
        let position = packet.position
        progress.with {
            $0.packets += 1
            $0.bytes = max($0.bytes, position)
        }
    }
    guard let first = keys.first else {
        demuxer.keepAll()
        try demuxer.rewind()
        return nil
    }
    let frame = max(1, rescale(1, from: rate.inverse, to: base))
    enter(video, index, shift: first - index.first, last: frame)
    result.hasParameterSets = reader.hasParameterSets
    result.times[video]!.keyFrames = keys
    result.times[video]!.openKeyFrames = open
    result.times[video]!.frames = index.packets
    result.times[video]!.gridRate = rate
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
private struct VideoScan {
    private let reader: KeyFrameReader
    private let base: Rational
    private var rates: [RateFit]
    private var keyFrames: [Int64] = []
    private var isLastKeyOpen = false
    private var openKeyFrames = 0
    private var frames = 0
    private var latest = Int64.min
    private var lastDuration: Int64 = 0

    init(reader: KeyFrameReader, base: Rational, rates: [Rational]) {
        self.reader = reader
        self.base = base
        self.rates = rates.compactMap { RateFit($0, base: base) }
    }

    /// - Returns: whether the packet has a frame that is shown.
    mutating func note(_ packet: borrowing Packet) -> Bool {
        if reader.mayHideFrames, reader.isHidden(packet) { return false }
        if let time = packet.presentation { note(packet, at: time) }
        return true
    }

    private mutating func note(_ packet: borrowing Packet, at time: Int64) {
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
        if time > latest { lastDuration = packet.duration }
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
        // The last frame of a file that does not say how long frames last: as long as others do.
        if lastDuration <= 1, frames > 1, let first = keyFrames.first {
            times.end = latest + (latest - first) / Int64(frames - 1)
        }
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
