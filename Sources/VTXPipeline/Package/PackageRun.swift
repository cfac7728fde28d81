// Second pass of packaging: each file is read on a thread of its own, and its packets are cut into segments
// on that very thread. Nothing is decoded, and no packet changes threads.

package import LibAV
package import VTXModel
package import VTXSystem

/// One pass over all inputs of a package.
package final class PackageRun: Sendable {
    private let plan: PackagePlan
    private let interrupt: Interrupt
    private let receiver: Receiver

    /// Who takes what the renditions produce; one call at a time for each rendition.
    package struct Receiver: Sendable {
        package var rendition: @Sendable (String, RenditionEvent) throws -> Void
        /// A cue of the subtitle rendition at this place in the plan.
        package var cue: @Sendable (Int, SubtitleCue) throws -> Void

        package init(
            rendition: @escaping @Sendable (String, RenditionEvent) throws -> Void,
            cue: @escaping @Sendable (Int, SubtitleCue) throws -> Void
        ) {
            self.rendition = rendition
            self.cue = cue
        }
    }

    /// What became of one rendition's packets.
    package struct RenditionOutcome: Hashable, Sendable {
        /// All that the file has.
        package var read = 0
        /// Before the first frame that can be decoded or after the end of the picture.
        package var leftOut = 0
        package var written = 0
        /// Frames of silence.
        package var filled = 0
        /// Decoding times that had to be moved to keep the order.
        package var repaired = 0
    }

    package init(plan: PackagePlan, interrupt: Interrupt, receiver: Receiver) {
        self.plan = plan
        self.interrupt = interrupt
        self.receiver = receiver
    }

    /// - Parameter progress: called on this thread with each rendition's state, in the plan's order.
    package func run(
        every interval: Double, progress report: ([(name: String, state: RenditionProgress)]) -> Void
    ) throws -> [String: RenditionOutcome] {
        let group = StageGroup(interrupt: interrupt)
        var states: [(name: String, progress: Guarded<RenditionProgress>)] = []
        for name in plan.video.map(\.name) + plan.audio.map(\.name) {
            states.append((name, Guarded(RenditionProgress())))
        }
        let progress = Dictionary(uniqueKeysWithValues: states.map { ($0.name, $0.progress) })
        let outcomes = Guarded<[String: RenditionOutcome]>([:])
        for (index, input) in plan.inputs.enumerated() where plan.uses(input: index) {
            group.start("copy \(index + 1)") { [self] in
                let demuxer = try Demuxer(opening: input.path, interrupt: interrupt)
                let file = try InputCopy(
                    plan: plan, input: index, demuxer: demuxer, receiver: receiver, progress: progress)
                try file.run()
                let done = file.outcomes
                outcomes.with { $0.merge(done) { $1 } }
            }
        }
        for (index, subtitle) in plan.subtitles.enumerated() where subtitle.input == nil {
            guard let path = subtitle.track.file else { continue }
            group.start("subtitles \(index + 1)") { [self] in
                let demuxer = try Demuxer(opening: path, interrupt: interrupt)
                try readSubtitles(demuxer, stream: subtitle.track.stream, index: index)
            }
        }
        try group.wait(every: interval) { report(states.map { ($0.name, $0.progress.with { $0 }) }) }
        return outcomes.with { $0 }
    }

    private func readSubtitles(_ demuxer: Demuxer, stream: Int, index: Int) throws {
        demuxer.keepOnly([stream])
        let converter = try SubtitleConverter(from: demuxer.parameters(of: stream), to: .webvtt)
        while let packet = try demuxer.read() {
            guard packet.stream == stream else { continue }
            try converter.convert(packet) { cue in
                if let text = SubtitleCue(cue) { try receiver.cue(index, text) }
            }
        }
    }
}

extension PackagePlan {
    fileprivate func uses(input: Int) -> Bool {
        video.contains { $0.input == input } || audio.contains { $0.input == input }
            || subtitles.contains { $0.input == input }
    }
}

/// Copies the tracks of one file. Stays on one thread.
private final class InputCopy {
    private let demuxer: Demuxer
    private let path: String
    private let origin: MediaTime
    private var tracks: [TrackCopy?]
    private var subtitles: [(converter: SubtitleConverter, index: Int)?]
    private let receiver: PackageRun.Receiver

    init(
        plan: PackagePlan, input: Int, demuxer: Demuxer, receiver: PackageRun.Receiver,
        progress: [String: Guarded<RenditionProgress>]
    ) throws {
        self.demuxer = demuxer
        self.receiver = receiver
        path = plan.inputs[input].path
        origin = plan.inputs[input].origin
        tracks = Array(repeating: nil, count: demuxer.streamCount)
        subtitles = Array(repeating: nil, count: demuxer.streamCount)
        func emitter(_ name: String) -> (RenditionEvent) throws -> Void {
            { try receiver.rendition(name, $0) }
        }
        for video in plan.video where video.input == input {
            guard let state = progress[video.name], video.stream < tracks.count else { throw changed() }
            tracks[video.stream] = try VideoCopy(
                video, parameters: demuxer.parameters(of: video.stream), plan: plan, progress: state,
                emit: emitter(video.name))
        }
        for audio in plan.audio where audio.input == input {
            guard let state = progress[audio.name], audio.stream < tracks.count else { throw changed() }
            tracks[audio.stream] = try AudioCopy(
                audio, parameters: demuxer.parameters(of: audio.stream), plan: plan, progress: state,
                emit: emitter(audio.name))
        }
        for (index, subtitle) in plan.subtitles.enumerated() where subtitle.input == input {
            guard subtitle.track.stream < tracks.count else { throw changed() }
            subtitles[subtitle.track.stream] = (
                try SubtitleConverter(from: demuxer.parameters(of: subtitle.track.stream), to: .webvtt), index
            )
        }
        demuxer.keepOnly(
            Set(tracks.indices.filter { tracks[$0] != nil || subtitles[$0] != nil }))
    }

    private func changed() -> VTXError { VTXError(.badMedia, "\(path) changed while it was read") }

    var outcomes: [String: PackageRun.RenditionOutcome] {
        Dictionary(uniqueKeysWithValues: tracks.compactMap { $0 }.map { ($0.name, $0.outcome) })
    }

    func run() throws {
        while true {
            let next: Packet?
            do { next = try demuxer.read() } catch {
                if error.isInterrupt { throw Aborted() }
                // The scan has stopped here too, and the job has decided that this much is enough.
                break
            }
            guard let packet = next else { break }
            let stream = packet.stream
            guard stream < tracks.count else { continue }
            if let track = tracks[stream] {
                do { try track.write(packet) } catch let failure as AVFailure {
                    throw failure.reading(path, remedy: "stream \(stream) cannot be packaged as it is")
                }
            } else if let (converter, index) = subtitles[stream] {
                packet.shift(by: -rescale(origin.ticks, from: origin.base, to: converter.sourceTimeBase))
                try converter.convert(packet) { cue in
                    if let text = SubtitleCue(cue) { try receiver.cue(index, text) }
                }
            }
        }
        for track in tracks { try track?.finish() }
    }
}

/// Carries the packets of one track over into output time, each with its exact duration.
private class TrackCopy {
    let name: String
    final fileprivate(set) var outcome = PackageRun.RenditionOutcome()
    private let segmenter: Segmenter
    private let progress: Guarded<RenditionProgress>
    /// Unit of packets in output time.
    private let outputBase: Rational
    /// The last packet: its duration is known with the next one's time.
    private var pending: Packet?

    fileprivate init(
        name: String, segmenter: Segmenter, outputBase: Rational, progress: Guarded<RenditionProgress>
    ) {
        self.name = name
        self.outputBase = outputBase
        self.segmenter = segmenter
        self.progress = progress
    }

    /// Takes the next packet of the stream, in file time.
    func write(_ packet: consuming Packet) throws {
        fatalError("each kind of track has its own times")
    }

    /// Takes a packet in output time; decoding times rise.
    fileprivate final func pass(_ packet: consuming Packet) throws {
        if let last = pending.take() {
            if let next = packet.decoding, let time = last.decoding { last.duration = next - time }
            try cut(last)
        }
        pending = consume packet
    }

    /// Length of the last packet in decoding order, if it is not its own; and the end of the track.
    fileprivate func close(_ last: borrowing Packet) -> (duration: Int64, end: Int64?) { (last.duration, nil) }

    final func finish() throws {
        var end: Int64?
        if let last = pending.take() {
            let closing = close(last)
            (last.duration, end) = (closing.duration, closing.end)
            try cut(last)
        }
        try segmenter.finish(at: end)
        progress.with { $0.isDone = true }
    }

    private func cut(_ packet: consuming Packet) throws {
        outcome.written += 1
        progress.with { $0.add(packet, base: outputBase) }
        try segmenter.write(packet)
    }
}

private final class VideoCopy: TrackCopy {
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
    /// Taken off decoding times that leave the decoder too little time to put frames in order.
    private var advance: Int64 = 0
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
        length =
            plan.gridRate != nil
            ? Int64(plan.frames) * frame : rescale(plan.duration.ticks, from: plan.duration.base, to: ticks)
        derived = DecodingTimes(delay: parameters.reorderDelay)
        delay = Int64(max(0, min(16, parameters.reorderDelay))) * frame
        joiner =
            reader.mayHideFrames
            ? try BitstreamFilter("vp9_superframe", for: parameters, base: parameters.timeBase) : nil
        let starts = package.boundaries.map {
            rescale($0.ticks, from: $0.base, to: plan.timeBase) - frame / 2
        }
        super.init(
            name: plan.name,
            segmenter: try Segmenter(
                type: package.segments, parameters: parameters, base: plan.timeBase,
                cuts: .keyFrames(starts: starts, piece: rescale(1, from: Rational(1, 2), to: plan.timeBase)),
                isVideo: true, label: TrackLabel(), tag: plan.tag, emit: emit),
            outputBase: plan.timeBase, progress: progress)
    }

    /// A time of the file, from its origin, as output time.
    private func carried(_ time: Int64) -> Int64 {
        guard let grid else { return rescale(time - origin, from: base, to: timeBase) }
        return rescale(time - origin, from: base, to: grid.rate.inverse) * grid.ticks
    }

    private func isOn(_ rate: Rational, _ time: Int64) -> Bool {
        let place = rescale(time - origin, from: base, to: rate.inverse)
        return abs(rescale(place, from: rate.inverse, to: base) - (time - origin)) <= 1
    }

    override func write(_ packet: consuming Packet) throws {
        guard let joiner else { return try take(packet) }
        try joiner.push(packet) { try take($0) }
    }

    private func take(_ packet: consuming Packet) throws {
        outcome.read += 1
        let startsAnew = packet.isKey && reader.startsAnew(packet)
        guard let shown = packet.presentation, shown >= origin, hasBegun || startsAnew else {
            outcome.leftOut += 1
            return
        }
        if packet.isKey, !startsAnew { packet.clearKey() }
        if let grid, !isOn(grid.rate, shown) {
            throw VTXError(
                .badMedia, "\(name): the frame at \(MediaTime(shown, base)) is not where the file's index says",
                remedy: "remux it with \(command: .transcode) \(.video) copy first")
        }
        let time = carried(shown)
        let decoding = decodingTime(of: packet, shownAt: time)
        hasBegun = true
        let own = rescale(packet.duration, from: base, to: timeBase)
        packet.presentation = time
        packet.decoding = decoding
        packet.duration = grid == nil && own > 0 ? own : frameTicks
        try pass(packet)
    }

    /// The file's own time where it has one; rising, and no later than the frame is shown if that can be.
    private func decodingTime(of packet: borrowing Packet, shownAt time: Int64) -> Int64 {
        let ordered = derived.next(time, duration: frameTicks)
        let own = packet.decoding.map(carried)
        if !hasBegun, let own { advance = max(0, delay - (time - own)) }
        var decoding = reader.isInOrder ? time : min(own.map { $0 - advance } ?? ordered, time)
        if let last = lastDecoding, decoding <= last {
            decoding = last + 1
            outcome.repaired += 1
        }
        if firstDecoding == nil { firstDecoding = decoding }
        lastDecoding = decoding
        return decoding
    }

    /// All samples together last as long as the frames are shown.
    override func close(_ last: borrowing Packet) -> (duration: Int64, end: Int64?) {
        let passed = (lastDecoding ?? 0) - (firstDecoding ?? 0)
        return (max(1, length - passed), length)
    }
}

private final class AudioCopy: TrackCopy {
    private let origin: Int64
    private let base: Rational
    private let timeBase: Rational
    private let frameSize: Int64
    /// Longest time before 0 that is kept, and the end of the picture.
    private let earliest: Int64
    private let latest: Int64
    /// Until silence has been put before it: the track's own header and file.
    private var late: (configuration: [UInt8], path: String)?
    /// Where the next packet is due, if the audio has no gap.
    private var due: Int64?
    private let tolerance: Int64

    init(
        _ plan: PackageAudioPlan, parameters: CodecParameters, plan package: PackagePlan,
        progress: Guarded<RenditionProgress>, emit: @escaping (RenditionEvent) throws -> Void
    ) throws {
        base = parameters.timeBase
        let timeBase = Rational(1, Int64(plan.sampleRate))
        self.timeBase = timeBase
        let start = package.inputs[plan.input].origin
        origin = rescale(start.ticks, from: start.base, to: timeBase)
        frameSize = Int64(parameters.frameSize)
        late = plan.isFilled ? (parameters.header, package.inputs[plan.input].path) : nil
        // Players hide what is before 0 if an edit list says so; transport streams have none.
        let usual = frameSize > 0 ? frameSize : 1024
        earliest = package.segments == .ts ? -usual : -max(3 * usual, Int64(plan.sampleRate) / 10)
        latest =
            package.video.isEmpty
            ? .max : rescale(package.duration.ticks, from: package.duration.base, to: timeBase)
        // One and a half ticks of a coarse clock; exact clocks are followed exactly.
        tolerance = base == timeBase ? 0 : rescale(3, from: base * Rational(1, 2), to: timeBase) + 1
        let starts = package.boundaries.map { rescale($0.ticks, from: $0.base, to: timeBase) }
        super.init(
            name: plan.name,
            segmenter: try Segmenter(
                type: package.segments, parameters: parameters, base: timeBase,
                cuts: .keyFrames(starts: starts, piece: 0), isVideo: false, label: plan.label, tag: nil,
                emit: emit),
            outputBase: timeBase, progress: progress)
    }

    /// Samples of a packet: the codec's frame size where the rounded duration allows it.
    private func length(_ duration: Int64) -> Int64 {
        let rounded = rescale(duration, from: base, to: timeBase)
        guard frameSize > 0 else { return max(1, rounded) }
        if rounded <= 0 { return frameSize }
        // Spectral band replication doubles the samples of a frame.
        for size in [frameSize, frameSize * 2, frameSize / 2] where abs(size - rounded) <= tolerance {
            return size
        }
        return rounded
    }

    override func write(_ packet: consuming Packet) throws {
        outcome.read += 1
        guard let shown = packet.presentation else {
            outcome.leftOut += 1
            return
        }
        let samples = length(packet.duration)
        var time = rescale(shown, from: base, to: timeBase) - origin
        if let due, time < due || time - due <= tolerance { time = due }
        due = time + samples
        guard time >= earliest, time + samples / 2 < latest else {
            outcome.leftOut += 1
            return
        }
        if let late {
            self.late = nil
            try fill(until: time, like: packet, late)
        }
        packet.presentation = time
        packet.decoding = time
        packet.duration = samples
        try pass(packet)
    }

    /// Puts silence before the first packet, from less than a frame after the beginning on.
    private func fill(
        until time: Int64, like first: borrowing Packet, _ late: (configuration: [UInt8], path: String)
    ) throws {
        guard let silence = SilentAAC(configuration: late.configuration, like: first.withBytes { Array($0.prefix(7)) })
        else {
            throw VTXError(
                .badMedia, "the audio of \(late.path) begins \(MediaTime(time, timeBase)) after the picture",
                cause: "no silence can be put before this kind of AAC without encoding",
                remedy: "\(command: .ladder) fills it with silence")
        }
        for count in (0..<max(0, time / SilentAAC.samples)).reversed() {
            let packet = try Packet(silence.frame)
            packet.presentation = time - (count + 1) * SilentAAC.samples
            packet.decoding = packet.presentation
            packet.duration = SilentAAC.samples
            outcome.filled += 1
            try pass(packet)
        }
    }
}
