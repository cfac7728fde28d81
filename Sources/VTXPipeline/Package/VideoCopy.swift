// Copied video: which packets, and when they are decoded and shown.

import LibAV
import VTXModel
import VTXSystem

/// Copies video from its first usable key frame on, with timestamps on the grid of its frame rate if it has one.
final class VideoCopy: TrackCopy {
    let output: TrackOutput
    private let reader: KeyFrameReader
    /// In ticks of the file.
    private let origin: Int64
    private let base: Rational
    private let timeBase: Rational
    private let grid: (rate: Rational, ticks: Int64)?
    private let frameTicks: Int64
    private let length: Int64
    private var derived: DecodingTimes
    private let delay: Int64
    /// Subtracted from decoding timestamps that leave the decoder too little time to put frames in order.
    private var advance: Int64 = 0
    /// Of a variable rate in fMP4.
    private var steps: DisplaySteps?
    /// Joins hidden frames with the ones that are shown.
    private let joiner: BitstreamFilter?
    private var hasBegun = false
    private var firstDecoding: Int64?
    private var lastDecoding: Int64?

    init(
        _ plan: PackageVideoPlan, parameters: CodecParameters, plan package: PackagePlan,
        progress: Guarded<RenditionProgress>, emit: @escaping (RenditionEvent) throws -> Void
    ) throws {
        reader = KeyFrameReader(parameters)
        base = parameters.timeBase
        timeBase = plan.timeBase
        let start = package.inputs[plan.input].origin
        origin = rescale(start.ticks, from: start.base, to: base)
        grid = plan.gridRate.map { ($0, rescale(1, from: $0.inverse, to: plan.timeBase)) }
        let frame = max(1, rescale(1, from: plan.frameRate.inverse, to: plan.timeBase))
        frameTicks = frame
        let ticks = plan.timeBase
        let whole = rescale(plan.duration.ticks, from: plan.duration.base, to: ticks)
        let onGrid = Int64(plan.frames) * frame
        // Longer than its frames only if the last one is held.
        length = plan.gridRate != nil && whole - onGrid <= 5 * frame ? onGrid : whole
        derived = DecodingTimes(delay: parameters.reorderDelay)
        let isSpaced = plan.gridRate == nil && package.segments == .fmp4 && !reader.isInOrder
        steps = isSpaced ? DisplaySteps(lead: rescale(60, from: Rational(1), to: plan.timeBase)) : nil
        delay = Int64(max(0, min(16, parameters.reorderDelay))) * frame
        joiner =
            reader.mayHideFrames
            ? try BitstreamFilter("vp9_superframe", for: parameters, base: parameters.timeBase) : nil
        let starts = package.boundaries.map {
            rescale($0.ticks, from: $0.base, to: plan.timeBase) - frame / 2
        }
        output = TrackOutput(
            name: plan.name,
            segmenter: try Segmenter(
                type: package.segments, parameters: parameters, base: plan.timeBase,
                cuts: .keyFrames(
                    starts: starts, piece: rescale(1, from: Rational(1, 2), to: plan.timeBase)),
                isVideo: true, label: TrackLabel(), tag: plan.tag, emit: emit),
            base: plan.timeBase, progress: progress)
    }

    /// A time of the file, from its origin, as output time.
    private func carried(_ time: Int64) -> Int64 {
        guard let grid else { return rescale(time - origin, from: base, to: timeBase) }
        return rescale(time - origin, from: base, to: grid.rate.inverse) * grid.ticks
    }

    func write(_ packet: consuming Packet) throws {
        guard let joiner else { return try take(packet) }
        try joiner.push(packet) { try take($0) }
    }

    private func take(_ packet: consuming Packet) throws {
        output.outcome.read += 1
        let startsAnew = packet.isKey && reader.startsAnew(packet)
        guard let shown = packet.presentation, shown >= origin, hasBegun || startsAnew else {
            output.outcome.leftOut += 1
            return
        }
        if packet.isKey, !startsAnew { packet.clearKey() }
        if let grid, !RateFit.isOnGrid(shown - origin, grid.rate, base: base) {
            throw VTXError(
                .badMedia,
                "\(output.name): the frame at \(MediaTime(shown, base)) is not where the file's index says",
                remedy: "remux it with \(command: .transcode) \(.video) copy first")
        }
        let time = carried(shown)
        let own = rescale(packet.duration, from: base, to: timeBase)
        packet.duration = grid == nil && own > 0 ? own : frameTicks
        packet.presentation = time
        guard steps == nil else {
            hasBegun = true
            if let next = steps?.add(packet) { try put(next) }
            return
        }
        let decoding = decodingTime(of: packet, shownAt: time)
        hasBegun = true
        packet.decoding = rising(decoding)
        try output.write(packet)
    }

    private func put(_ packet: consuming Packet) throws {
        packet.decoding = packet.decoding.map(rising)
        try output.write(packet)
    }

    /// The file's own time where it has one; no later than the frame is shown if that can be.
    private func decodingTime(of packet: borrowing Packet, shownAt time: Int64) -> Int64 {
        let ordered = derived.next(time, duration: frameTicks)
        let own = packet.decoding.map(carried)
        if !hasBegun, let own { advance = max(0, delay - (time - own)) }
        return reader.isInOrder ? time : min(own.map { $0 - advance } ?? ordered, time)
    }

    /// A decoding time, after the one before.
    private func rising(_ time: Int64) -> Int64 {
        var decoding = time
        if let last = lastDecoding, decoding <= last {
            decoding = last + 1
            output.outcome.repaired += 1
        }
        if firstDecoding == nil { firstDecoding = decoding }
        lastDecoding = decoding
        return decoding
    }

    /// All samples together last as long as the frames are shown.
    func finish() throws {
        while let packet = steps?.next() { try put(packet) }
        let passed = (lastDecoding ?? 0) - (firstDecoding ?? 0)
        // A track without a packet has no end.
        let hasPackets = firstDecoding != nil
        try output.finish(
            lastDuration: hasPackets ? max(1, length - passed) : nil, end: hasPackets ? length : nil)
    }
}
