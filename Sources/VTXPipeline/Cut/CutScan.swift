// Where a video can be cut near the places that were asked for. Reads packets, and nothing far from these places.

import LibAV
package import VTXModel
package import VTXSystem
import VTXBitstream

/// What is looked for.
package struct CutRequest: Sendable {
    package var path: String
    /// Stream of video.
    package var stream: Int
    /// In time of the file; `nil`: the beginning.
    package var start: MediaTime?
    /// In time of the file; `nil`: the end.
    package var end: MediaTime?
    /// Whether places for re-encoded ends are looked for.
    package var isSmart: Bool

    package init(path: String, stream: Int, start: MediaTime?, end: MediaTime?, isSmart: Bool) {
        self.path = path
        self.stream = stream
        self.start = start
        self.end = end
        self.isSmart = isSmart
    }
}

/// Looks for places to cut.
///
/// - Throws: `Aborted`, `VTXError`, `AVFailure`.
package func scanForCut(_ request: CutRequest, interrupt: Interrupt) throws -> CutPoints {
    var scan = try CutScan(request, interrupt: interrupt)
    if request.start != nil { try scan.findStart() }
    if request.end != nil { try scan.findEnd() }
    if request.isSmart { scan.findCoding() }
    return scan.points
}

private struct CutScan {
    private let request: CutRequest
    private let interrupt: Interrupt
    private let base: Rational
    private let reader: KeyFrameReader
    private let isSeekable: Bool
    /// Ticks by which printed times may differ from those of frames.
    private let rounding: Int64
    private var sets: AVCParameterSets?
    private(set) var points = CutPoints()

    /// Seconds before a place at which the search for a keyframe begins, one after the other; then the beginning.
    private static let leads: [Int64] = [0, 10, 60]

    init(_ request: CutRequest, interrupt: Interrupt) throws {
        self.request = request
        self.interrupt = interrupt
        let demuxer = try Demuxer(opening: request.path, interrupt: interrupt)
        let parameters = try demuxer.parameters(of: request.stream)
        base = parameters.timeBase
        reader = KeyFrameReader(parameters)
        // Where a tick is as long as a frame, the frame beside is another one.
        rounding = base.value > 0.002 ? 0 : rescale(500, from: MediaTime.microsecond, to: base) + 1
        sets = parameters.codec == "h264" ? AVCParameterSets(header: parameters.header) : nil
        isSeekable = try Demuxer.isSeekable(request.path, stream: request.stream, interrupt: interrupt)
    }

    private func time(_ ticks: Int64?) -> MediaTime? { ticks.map { MediaTime($0, base) } }

    /// Reads packets of the stream from a keyframe on.
    ///
    /// - Parameters:
    ///   - ticks: where the keyframe is at the latest; `nil`: the beginning.
    ///   - take: returns whether more are wanted.
    private func read(from ticks: Int64?, _ take: (borrowing Packet, Int64) -> Bool) throws {
        let demuxer = try Demuxer(opening: request.path, interrupt: interrupt)
        try demuxer.completeTimes(of: request.stream)
        if let ticks, isSeekable {
            let micros = rescale(ticks, from: base, to: MediaTime.microsecond)
            try demuxer.seek(to: micros, stream: request.stream)
        }
        do throws(AVFailure) {
            while let packet = try demuxer.read() {
                guard packet.stream == request.stream else { continue }
                guard let time = packet.presentation ?? packet.decoding else { continue }
                if !take(packet, time) { return }
            }
        } catch {
            if error.isInterrupt || interrupt.isSet { throw Aborted() }
            // Damage is for those who read all of it.
        }
    }

    /// Reads packets of the stream from a keyframe on, and notes what they have besides.
    ///
    /// - Parameter take: gets the time, and whether it is a keyframe, and one that needs nothing before it; returns whether
    ///   more are wanted.
    private mutating func look(
        from ticks: Int64?, _ take: (_ time: Int64, _ isKey: Bool, _ startsAnew: Bool) -> Bool
    ) throws {
        var (noted, sets) = (points, sets)
        let reader = reader
        try read(from: ticks) { packet, time in
            if packet.presentation == nil { noted.isUntimed = true }
            if packet.isKey { packet.withBytes { _ = sets?.note(packet: $0) } }
            return take(time, packet.isKey, packet.isKey && reader.startsAnew(packet))
        }
        (points, self.sets) = (noted, sets)
    }

    // MARK: Start

    mutating func findStart() throws {
        guard let start = request.start else { return }
        // Without encoding, a keyframe that begins with what is asked for is as good as one before it.
        let asked = rescale(start.ticks, from: start.base, to: base) + (request.isSmart ? 0 : rounding)
        for lead in Self.leads.map(Optional.some) + [nil] {
            let found = try startPoints(
                asked, from: lead.map { asked - rescale($0, from: Rational(1), to: base) + rounding })
            (points.start, points.key) = (time(found.asked), time(found.key ?? found.laterKey))
            points.decodeStart = time(found.anchor)
            points.resume = time(found.resume)
            points.headFrames = found.frames
            points.reordering = max(points.reordering, found.reordering)
            if found.key != nil, found.anchor != nil || !request.isSmart { return }
            if lead != nil, !isSeekable { return }
        }
    }

    private mutating func startPoints(_ asked: Int64, from ticks: Int64?) throws -> CutStart {
        var found = CutStart(
            asked: asked, rounding: rounding, longestDelay: rescale(1, from: Rational(1, 10), to: base),
            isSmart: request.isSmart, keyFramesLead: reader.keyFramesLead,
            limit: request.end.map { rescale($0.ticks, from: $0.base, to: base) })
        try look(from: ticks) { found.take($0, isKey: $1, startsAnew: $2) }
        found.finish()
        return found
    }

    // MARK: End

    mutating func findEnd() throws {
        guard let end = request.end else { return }
        var moment = rescale(end.ticks, from: end.base, to: base)
        for lead in Self.leads.map(Optional.some) + [nil] {
            let from = lead.map { moment - rescale($0, from: Rational(1), to: base) - 1 }
            var found = try boundaries(at: moment, from: from)
            if let last = found.last, last < moment, last >= moment - rounding {
                // Printed times are rounded up to half a millisecond: the frame that was meant is behind the end.
                moment = last
                found = try boundaries(at: moment, from: from)
            }
            points.end = MediaTime(moment, base)
            points.copyEnd = time(found.before)
            points.tailKey = time(found.anchorBefore)
            points.tailFrames = found.between
            points.nextEnd = time(found.behind)
            points.reordering = max(points.reordering, found.reordering)
            if found.before != nil, found.anchorBefore != nil || found.between == 0 || !request.isSmart { return }
            if lead != nil, !isSeekable { return }
        }
    }

    private mutating func boundaries(at moment: Int64, from ticks: Int64?) throws -> CutBoundaries {
        var found = CutBoundaries(at: moment)
        try look(from: ticks) { time, _, startsAnew in
            found.add(time, startsAnew: startsAnew)
            return !found.isSettled
        }
        if !found.isSettled { found.finish() }
        return found
    }

    // MARK: Coding

    /// Looks at the first frame: what the stream itself says about it may differ from what the container says.
    mutating func findCoding() {
        guard let sets, let demuxer = try? Demuxer(opening: request.path) else { return }
        let first = firstFrame(of: demuxer, stream: request.stream) {
            VideoCoding(
                size: $0.shape.size, pixelFormat: $0.shape.pixelFormat, sampleAspectRatio: $0.sampleAspectRatio,
                color: $0.color)
        }
        guard var coding = first else { return }
        coding.profiles = sets.profiles
        coding.levels = sets.levels
        coding.parameterSets = sets.numbers
        coding.isFrameOnly = sets.isFrameOnly
        points.coding = coding
    }
}
