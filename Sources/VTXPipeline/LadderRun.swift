// Wires the stages of a ladder together, runs them, and reports what they saw.
//
//     demux ─┬─▶ decode ─▶ filter ─▶ clock ─▶ scale ─┬─▶ encode ─▶ segments of 1080p
//            │                                        └─▶ scale ─┬─▶ encode ─▶ segments of 720p
//            │                                                    └─▶ ... ─▶ thumbnails
//            └─▶ decode ─▶ filter ─▶ encode ─▶ segments of the sound

package import LibAV
package import VTXModel

/// One pass over the source for all renditions.
package final class LadderRun {
    private let plan: LadderPlan
    private let source: Demuxer
    private let interrupt: Interrupt
    private let receiver: Receiver

    /// Who takes what the renditions produce. Called on the renditions' threads, one call at a time for
    /// each rendition.
    package struct Receiver: Sendable {
        /// A rendition's name (of its rung or audio rendition) and what became ready.
        package var rendition: @Sendable (String, RenditionEvent) throws -> Void
        /// A sheet of thumbnails as JPEG.
        package var sheet: @Sendable ([UInt8]) throws -> Void
        /// The poster as JPEG.
        package var poster: @Sendable ([UInt8]) throws -> Void
        /// A cue of the subtitle rendition at this place in the plan.
        package var cue: @Sendable (Int, SubtitleCue) throws -> Void
        /// The codec's own parameters, before the first packet.
        package init(
            rendition: @escaping @Sendable (String, RenditionEvent) throws -> Void,
            sheet: @escaping @Sendable ([UInt8]) throws -> Void,
            poster: @escaping @Sendable ([UInt8]) throws -> Void,
            cue: @escaping @Sendable (Int, SubtitleCue) throws -> Void
        ) {
            self.rendition = rendition
            self.sheet = sheet
            self.poster = poster
            self.cue = cue
        }
    }

    /// - Parameter source: the plan's input, at its beginning; it is used up.
    package init(plan: LadderPlan, source: Demuxer, interrupt: Interrupt, receiver: Receiver) {
        self.plan = plan
        self.source = source
        self.interrupt = interrupt
        self.receiver = receiver
    }

    /// What happened.
    package struct Outcome: Sendable {
        package var reading = SourceReading()
        package var decoders: [Int: DecoderCounts] = [:]
        package var pictureChanges = 0
        /// Frames of the grid.
        package var frames = 0
        package var renditions: [String: RenditionProgress] = [:]
    }

    private var stages: [(name: String, body: @Sendable () throws -> Void)] = []
    /// Names of the encoders of smaller pictures. The largest takes longest: the job ends when it ends, so it
    /// never waits for a core.
    private var yielding: Set<String> = []
    private var routes: [Int: Route] = [:]
    private var decoders: [(stream: Int, decoder: Decoder)] = []
    private var renditions: [(name: String, progress: Guarded<RenditionProgress>)] = []
    private var filterStage: VideoFilterStage?
    private let gridFrames = Guarded(0)

    /// - Parameter progress: called on this thread with each rendition's state, in the plan's order.
    package func run(
        every interval: Double, progress report: ([(name: String, state: RenditionProgress)]) -> Void
    ) throws -> Outcome {
        let group = StageGroup(interrupt: interrupt)
        let timed = (plan.picture == nil ? 0 : 1) + Set(plan.audio.map(\.track.stream)).count
        let meeting = Meeting(tracks: timed)
        group.onAbort { meeting.abort() }
        let reading = Guarded(SourceReading())
        if let picture = plan.picture { try addPicture(picture, group, meeting) }
        try addAudio(group, meeting)
        for index in plan.subtitles.indices { try addSubtitle(index, group) }

        let demux = DemuxStage(demuxer: source, origin: plan.origin, routes: routes, result: reading)
        for stage in stages { group.start(stage.name, yields: yielding.contains(stage.name), stage.body) }
        group.start("demux") { try demux.run() }
        try group.wait(every: interval) { report(renditions.map { ($0.name, $0.progress.with { $0 }) }) }

        var outcome = Outcome()
        outcome.reading = reading.with { $0 }
        for (stream, decoder) in decoders { outcome.decoders[stream] = DecoderCounts(decoder) }
        outcome.pictureChanges = filterStage?.changes.with { $0 } ?? 0
        outcome.frames = gridFrames.with { $0 }
        for (name, state) in renditions { outcome.renditions[name] = state.with { $0 } }
        return outcome
    }

    private func addRendition(_ name: String) -> Guarded<RenditionProgress> {
        let progress = Guarded(RenditionProgress())
        renditions.append((name, progress))
        return progress
    }

    // MARK: Picture

    private func addPicture(_ picture: LadderPicturePlan, _ group: StageGroup, _ meeting: Meeting) throws {
        guard let top = picture.rungs.first?.encode else { return }
        let decoder = try Decoder(for: source.parameters(of: picture.stream), threads: picture.decoderThreads)
        decoders.append((picture.stream, decoder))
        let packets: Channel<Packet> = group.channel(capacity: 16)
        let decoded: Channel<Frame> = group.channel(capacity: 2)
        let filtered: Channel<Frame> = group.channel(capacity: 2)
        let clocked: Channel<Frame> = group.channel(capacity: 2)
        routes[picture.stream] = .stage(packets)
        let reached = Guarded<MediaTime?>(nil)
        let decode = VideoDecodeStage(
            decoder: decoder, packets: packets, frames: decoded, isCutAtStart: false, limit: nil,
            nominalRate: plan.grid.frameRate, reached: reached)
        stages.append(
            (
                "decode v",
                {
                    defer { meeting.arrive(end: reached.with { $0 }) }
                    try decode.run()
                }
            ))
        // The frames keep their times here; the clock decides about them.
        var common = top
        common.filters = picture.filters
        common.refit = picture.refit
        common.expected = picture.expected
        common.filterThreads = picture.filterThreads
        common.isConstantRate = false
        let filter = VideoFilterStage(
            plan: common, base: decoder.timeBase, input: decoded, output: filtered, canvas: nil)
        filterStage = filter
        stages.append(("filter v", { try filter.run() }))
        let clock = FrameClock(
            input: filtered, output: clocked, base: common.timeBase, frameRate: plan.grid.frameRate,
            meeting: meeting, frames: gridFrames)
        stages.append(("clock", { try clock.run() }))
        try addRungs(picture, group, from: clocked)
    }

    /// One scaler for each size; it feeds all encoders of that size and the scalers that work on from it.
    private func addRungs(
        _ picture: LadderPicturePlan, _ group: StageGroup, from clocked: Channel<Frame>
    ) throws {
        var sizes: [(size: PixelSize, divisor: Int, rungs: [RungPlan])] = []
        for rung in picture.rungs {
            if let index = sizes.firstIndex(where: { $0.size == rung.encode.size }) {
                sizes[index].rungs.append(rung)
            } else {
                sizes.append((rung.encode.size, rung.frameDivisor, [rung]))
            }
        }
        sizes.sort { $0.size.area > $1.size.area }
        var inputs = [clocked]
        var below: [Int: [Channel<Frame>]] = [:]
        for place in sizes.indices.dropFirst() {
            let channel: Channel<Frame> = group.channel(capacity: 2)
            inputs.append(channel)
            below[scalingParent(of: place, among: sizes.map(\.size)), default: []].append(channel)
        }
        for (place, node) in sizes.enumerated() {
            var outputs: [Channel<Frame>] = []
            for rung in node.rungs {
                // Smaller pictures wait longer for their turn without holding up the largest.
                let frames: Channel<Frame> = group.channel(capacity: place == 0 ? 2 : 8)
                outputs.append(frames)
                try addEncoder(rung, frames: frames)
                if place > 0 { yielding.insert("encode \(rung.name)") }
            }
            outputs += below[place] ?? []
            var samples: [(every: Int, channel: Channel<Frame>)] = []
            if let thumbnails = plan.thumbnails {
                if place == sizes.count - 1 {
                    let channel: Channel<Frame> = group.channel(capacity: 2)
                    samples.append((roundedUp(thumbnails.everyFrames, to: node.divisor), channel))
                    addSheets(thumbnails, channel)
                }
                if place == 0 {
                    let channel: Channel<Frame> = group.channel(capacity: 2)
                    samples.append((thumbnails.everyFrames, channel))
                    addPoster(channel)
                }
            }
            let scale = ScaleStage(
                input: inputs[place], size: node.size, pixelFormat: node.rungs[0].encode.pixelFormat,
                divisor: node.divisor, threads: 1, outputs: outputs, samples: samples)
            stages.append(("scale \(node.size.shortSide)", { try scale.run() }))
        }
    }

    private func roundedUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }

    private func addEncoder(_ rung: RungPlan, frames: Channel<Frame>) throws {
        let encoder = try Encoder(video: rung.encode, needsGlobalHeader: plan.segments == .fmp4)
        let progress = addRendition(rung.name)
        let (receiver, plan) = (receiver, plan)
        let ticks = plan.grid.frameRate.inverse / rung.encode.timeBase
        precondition(ticks.denominator == 1, "the time base divides a frame")
        let stage = RungStage(
            encoder: encoder, frames: frames, ticksPerFrame: ticks.numerator, divisor: rung.frameDivisor,
            makeSegmenter: {
                try Segmenter(
                    type: plan.segments, parameters: encoder.parameters, base: encoder.timeBase,
                    cuts: .grid(plan.grid), isVideo: true, label: TrackLabel(), tag: rung.tag
                ) { try receiver.rendition(rung.name, $0) }
            }, progress: progress)
        stages.append(("encode \(rung.name)", { try stage.run() }))
    }

    private func addSheets(_ thumbnails: ThumbnailPlan, _ frames: Channel<Frame>) {
        let receiver = receiver
        stages.append(
            (
                "thumbnails",
                {
                    var graph: FilterGraph?
                    func write(_ sheet: consuming Frame) throws {
                        try receiver.sheet(try encodeJPEG(sheet, quantizer: 5))
                    }
                    var count: Int64 = 0
                    while let frame = try frames.receive() {
                        frame.time = count
                        count += 1
                        if graph == nil {
                            graph = try FilterGraph(
                                video: frame, timeBase: Rational(1, 25), frameRate: nil,
                                chain: [
                                    "scale=w=\(thumbnails.size.width):h=\(thumbnails.size.height):flags=area:out_range=full",
                                    "format=yuvj420p", "tile=\(thumbnails.columns)x\(thumbnails.rows)",
                                ], threads: 1)
                        }
                        try graph?.push(frame, emit: write)
                    }
                    try graph?.drain(emit: write)
                }
            ))
    }

    /// The picture a tenth of the way in, or the last one that comes before.
    private func addPoster(_ frames: Channel<Frame>) {
        let receiver = receiver
        let wanted = (plan.expectedDuration?.seconds ?? 0) * plan.grid.frameRate.value / 10
        stages.append(
            (
                "poster",
                {
                    var chosen: Frame?
                    while let frame = try frames.receive() {
                        let isBefore = Double(frame.time ?? 0) <= wanted
                        if chosen == nil || isBefore { chosen = consume frame }
                        if !isBefore { frames.refuse() }
                    }
                    guard let picture = chosen.take() else { return }
                    let graph = try FilterGraph(
                        video: picture, timeBase: Rational(1, 25), frameRate: nil,
                        chain: ["scale=out_range=full", "format=yuvj420p"], threads: 1)
                    func write(_ frame: consuming Frame) throws {
                        try receiver.poster(try encodeJPEG(frame, quantizer: 3))
                    }
                    try graph.push(picture, emit: write)
                    try graph.drain(emit: write)
                }
            ))
    }

    // MARK: Sound

    private func addAudio(_ group: StageGroup, _ meeting: Meeting) throws {
        for stream in Set(plan.audio.map(\.track.stream)).sorted() {
            let decoder = try Decoder(for: source.parameters(of: stream))
            decoders.append((stream, decoder))
            let packets: Channel<Packet> = group.channel(capacity: 64)
            let decoded: Channel<Frame> = group.channel(capacity: 16)
            routes[stream] = .stage(packets)
            let reached = Guarded<MediaTime?>(nil)
            let decode = AudioDecodeStage(
                decoder: decoder, packets: packets, frames: decoded, isCutAtStart: false, limit: nil,
                reached: reached)
            stages.append(
                (
                    "decode a\(stream)",
                    {
                        defer { meeting.arrive(end: reached.with { $0 }) }
                        try decode.run()
                    }
                ))
            let renditions = plan.audio.filter { $0.track.stream == stream }
            var inputs = [decoded]
            if renditions.count > 1 {
                inputs = renditions.map { _ in group.channel(capacity: 16) }
                let outputs = inputs
                stages.append(
                    (
                        "share a\(stream)",
                        {
                            defer { for output in outputs { output.close() } }
                            while let frame = try decoded.receive() {
                                for output in outputs.dropLast() { try output.send(try frame.copy()) }
                                try outputs[outputs.count - 1].send(frame)
                            }
                        }
                    ))
            }
            for (rendition, input) in zip(renditions, inputs) {
                try addAudioRendition(rendition, input, group, meeting)
            }
        }
    }

    private func addAudioRendition(
        _ rendition: AudioRenditionPlan, _ input: Channel<Frame>, _ group: StageGroup, _ meeting: Meeting
    ) throws {
        guard let encode = rendition.track.encode else { return }
        let encoder = try Encoder(audio: encode, needsGlobalHeader: plan.segments == .fmp4)
        let filtered: Channel<Frame> = group.channel(capacity: 16)
        let filter = AudioFilterStage(
            chain: audioChain(plan: encode, isCutAtStart: false, limit: nil, gain: []),
            frameSize: encoder.frameSize, outputBase: encoder.timeBase, input: input, output: filtered,
            fillUntil: { try meeting.latestEnd() })
        stages.append(("filter \(rendition.name)", { try filter.run() }))
        let progress = addRendition(rendition.name)
        let (receiver, plan) = (receiver, plan)
        let stage = AudioRenditionStage(
            encoder: encoder, frames: filtered,
            makeSegmenter: {
                try Segmenter(
                    type: plan.segments, parameters: encoder.parameters, base: encoder.timeBase,
                    cuts: .grid(plan.grid), isVideo: false, label: rendition.track.label, tag: nil
                ) { try receiver.rendition(rendition.name, $0) }
            }, progress: progress)
        stages.append(("encode \(rendition.name)", { try stage.run() }))
    }

    // MARK: Subtitles

    private func addSubtitle(_ index: Int, _ group: StageGroup) throws {
        let track = plan.subtitles[index].track
        let file = try track.file.map { try Demuxer(opening: $0, interrupt: interrupt) }
        let converter = try SubtitleConverter(
            from: (file ?? source).parameters(of: track.stream), to: .webvtt)
        let packets: Channel<Packet> = group.channel(capacity: 64)
        let receiver = receiver
        stages.append(
            (
                "subtitles \(index)",
                {
                    while let packet = try packets.receive() {
                        try converter.convert(packet) { cue in
                            if let text = SubtitleCue(cue) { try receiver.cue(index, text) }
                        }
                    }
                }
            ))
        if let file {
            let demux = DemuxStage(
                demuxer: file, origin: .zero, routes: [track.stream: .stage(packets)],
                result: Guarded(SourceReading()))
            stages.append(("read subtitles", { try demux.run() }))
        } else {
            routes[track.stream] = .stage(packets)
        }
    }
}

/// Which size a size is scaled from: the smallest that is half as large again, or else the largest.
///
/// Scaling in steps saves time, and each step costs a little of the picture, most where two sizes are close: 360 rows
/// by way of 720 differ by 55.8 dB from 360 rows made of 1080 at once, by way of 720 and 480 by 53.6 dB.
///
/// - Parameter sizes: from the largest to the smallest.
func scalingParent(of place: Int, among sizes: [PixelSize]) -> Int {
    sizes[..<place].lastIndex { Double($0.shortSide) >= 1.49 * Double(sizes[place].shortSide) } ?? 0
}

/// What went into a decoder and what came out.
package struct DecoderCounts: Hashable, Sendable {
    package var packets: Int
    package var frames: Int
    package var failures: Int
    package var lastFailure: AVFailure?

    init(_ decoder: Decoder) {
        packets = decoder.packets
        frames = decoder.frames
        failures = decoder.failures
        lastFailure = decoder.lastFailure
    }
}
