// What the index of an MP4 file and its key frames tell without reading all packets.

import LibAV
import VTXModel
import VTXSystem

/// Scans a file by its index. Used once.
struct IndexScan {
    private let demuxer: Demuxer
    private let request: PackageScanRequest
    private let start: MediaTime
    private let progress: Guarded<PackageScanProgress>
    private var result = PackageScanResult()
    /// A last frame that lasts longer than this number of others is held.
    private static let held: Int64 = 5

    /// - Parameters:
    ///   - demuxer: at its beginning.
    ///   - start: presentation time of the file's earliest stream.
    init(
        _ demuxer: Demuxer, _ request: PackageScanRequest, start: MediaTime,
        progress: Guarded<PackageScanProgress>
    ) {
        self.demuxer = demuxer
        self.request = request
        self.start = start
        self.progress = progress
    }

    /// - Returns: `nil`, with the demuxer at its beginning, if the index does not tell all: frames off the grid,
    ///   no index, a codec whose frames may be shown before the key frame that they follow.
    /// - Throws: `Aborted`.
    mutating func run() throws -> PackageScanResult? {
        for stream in request.audio {
            guard scanAudio(stream) else { return nil }
        }
        if let video = request.video {
            guard try scanVideo(video) else { return nil }
        }
        return result
    }

    /// - Returns: whether there is an index.
    private mutating func scanAudio(_ stream: Int) -> Bool {
        var (previous, duration) = (Int64?.none, Int64(0))
        guard
            let index = demuxer.index(
                of: stream,
                note: { time in
                    duration = time - (previous ?? time)
                    previous = time
                })
        else { return false }
        enter(stream, index, shift: 0, last: duration)
        return true
    }

    /// All packets but the last follow from the index; the last is taken for as long as the one before, or as long as
    /// the header says if the last frame is held.
    private mutating func enter(
        _ stream: Int, _ index: StreamIndex, shift: Int64, last duration: Int64
    ) {
        let base = demuxer.timeBase(of: stream)
        var times = TrackTimes(base: base)
        times.packets = index.packets
        times.first = index.first + shift
        times.end = index.last + shift + duration
        if stream == request.video, let declared = demuxer.declaredEnd(of: stream),
            declared - times.end! > Self.held * duration
        {
            times.end = declared
        }
        result.times[stream] = times
        var reading = StreamReading()
        reading.packets = index.packets
        reading.end = times.time(times.end!) - start
        result.reading.streams[stream] = reading
    }

    /// - Returns: whether the index tells all.
    private mutating func scanVideo(_ video: Int) throws -> Bool {
        let parameters = try demuxer.parameters(of: video)
        let reader = KeyFrameReader(parameters)
        guard reader.keyFramesLead else { return false }
        let base = parameters.timeBase
        guard let (index, rate) = gridIndex(of: video, base: base) else { return false }
        var configuration = ConfigurationScan(
            parameters, isVideo: true, followsPictureSets: request.followsPictureSets)
        let keys = try readKeyFrames(of: video, reader, rate: rate, base: base, watching: &configuration)
        result.changes[video] = configuration.change.map { MediaTime($0, base) - start }
        guard let first = keys.timestamps.first else {
            demuxer.keepAll()
            try demuxer.rewind()
            return false
        }
        let frame = max(1, rescale(1, from: rate.inverse, to: base))
        enter(video, index, shift: first - index.first, last: frame)
        result.hasParameterSets = reader.hasParameterSets
        result.times[video]!.keyFrames = keys.timestamps
        result.times[video]!.openKeyFrames = keys.open
        result.times[video]!.frames = index.packets
        result.times[video]!.gridRate = rate
        return true
    }

    /// The index of a stream whose frames all lie on the grid of a rate; `nil` if they do not.
    private func gridIndex(of video: Int, base: Rational) -> (index: StreamIndex, rate: Rational)? {
        var fits = request.rates.compactMap { RateFit($0, base: base) }
        var origin: Int64?
        let index = demuxer.index(
            of: video,
            note: { time in
                if origin == nil { origin = time }
                for place in fits.indices { fits[place].note(time - origin!) }
            })
        guard let index, index.isFirstKey,
            let rate = fits.first(where: { $0.fits && $0.places == index.packets })?.rate
        else { return nil }
        return (index, rate)
    }

    /// Reads all key frames.
    ///
    /// - Returns: presentation timestamps of those that can begin a segment (none if one is off the grid), and how
    ///   many cannot.
    private func readKeyFrames(
        of video: Int, _ reader: KeyFrameReader, rate: Rational, base: Rational,
        watching configuration: inout ConfigurationScan
    ) throws -> (timestamps: [Int64], open: Int) {
        demuxer.keepKeyFrames(of: video)
        var keys: [Int64] = []
        var open = 0
        // Of a frame that all others are either decoded and shown before, or after, both timestamps tell its place.
        // Only the first presentation timestamp is used: libav mixes them up when it leaves packets out.
        var delay: Int64?
        while let packet = try next() {
            guard packet.stream == video, packet.isKey, let shown = packet.presentation,
                let decoded = packet.decoding
            else { continue }
            if delay == nil { delay = shown - decoded }
            let time = decoded + delay!
            configuration.note(packet, at: time)
            if reader.startsAnew(packet) { keys.append(time) } else { open += 1 }
            // Frames before the first usable key frame have to be counted.
            guard let first = keys.first, !packet.isCorrupt,
                RateFit.isOnGrid(time - first, rate, base: base)
            else {
                return ([], open)
            }
            let position = packet.position
            progress.with {
                $0.packets += 1
                $0.bytes = max($0.bytes, position)
            }
        }
        return (keys, open)
    }

    /// The next packet; `nil` at the end, and where the file is damaged.
    private func next() throws -> Packet? {
        do { return try demuxer.read() } catch {
            if error.isInterrupt { throw Aborted() }
            return nil
        }
    }
}
