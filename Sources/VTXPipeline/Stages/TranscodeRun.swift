// Wires the stages of one transcode together, runs them, and reports what they saw.
//
//     demux ─┬─▶ decode ─▶ filter ─▶ encode ─┐
//            ├─▶ decode ─▶ filter ─▶ encode ─┼─▶ mux
//            └─▶ (copied packets) ───────────┘

package import LibAV
package import VTXModel
package import VTXSystem

/// One pass over the source for one plan.
package final class TranscodeRun {
    let plan: TranscodePlan
    let source: Demuxer
    private let output: OutputTarget?
    private let pass: Encoder.Pass
    private let firstPass: [UInt8]
    private let gains: [Int: [String]]
    private let store: ChunkStore?
    let ordersVideo: Bool
    private let interrupt: Interrupt

    /// - Parameters:
    ///   - source: the plan's input, at its beginning; it is used up.
    ///   - output: the file to create, or the pipe to write to; `nil` encodes the video only and writes nothing (a first pass).
    ///   - firstPass: what the first pass returned.
    ///   - gains: filters that set the loudness, by source stream.
    ///   - store: where chunks of the video are kept, if the plan has any; an earlier run may have left some.
    ///   - ordersVideo: whether copied video gets its decoding times from the order of display. Without, the outcome may
    ///     tell that it needs them (`MuxProgress.isVideoLate`).
    package init(
        plan: TranscodePlan, source: Demuxer, output: OutputTarget?, pass: Encoder.Pass = .init(),
        firstPass: [UInt8] = [], gains: [Int: [String]] = [:], store: ChunkStore? = nil,
        ordersVideo: Bool = false, interrupt: Interrupt
    ) {
        self.plan = plan
        self.source = source
        self.output = output
        self.pass = pass
        self.firstPass = firstPass
        self.gains = gains
        self.store = store
        self.ordersVideo = ordersVideo
        self.interrupt = interrupt
    }

    /// What happened.
    package typealias Outcome = TranscodeOutcome

    // MARK: Setting up

    /// A track on its way to the writer.
    struct Track {
        var parameters: CodecParameters
        var base: Rational
        var label: TrackLabel
        var tag: String?
        var metadata: [String: String] = [:]
    }

    var tracks: [Track] = []
    var stages: [(name: String, body: @Sendable () throws -> Void)] = []
    var routes: [Int: Route] = [:]
    var decoders: [(stream: Int, counts: Guarded<DecoderCounts>, reached: Guarded<MediaTime?>)] = []
    /// Tracks of text in the plan's order, with what is known before they are read; `nil` for bitmaps.
    private var texts: [(track: Int, outcome: Guarded<SubtitleOutcome>)?] = []
    private var videoEncoder: Encoder?
    private var chunks: ChunkEncodeStage?
    /// Copied tracks of bitmap subtitles.
    private var bitmaps: Set<Int> = []

    /// What the store of a transcode's chunks has to keep.
    package static let chunkStreams = [ChunkEncodeStage.name]

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - interval: seconds between calls of `progress`.
    ///   - progress: called on this thread.
    /// - Throws: `VTXError`, `AVFailure`, `WriteFailure`, or `Aborted` if `interrupt` was set.
    package func run(every interval: Double, progress report: (MuxProgress) -> Void) throws -> Outcome {
        let group = StageGroup(interrupt: interrupt)
        let progress = Guarded(MuxProgress())
        let reading = Guarded(SourceReading())
        let needsHeader = Muxer.needsGlobalHeader(format: plan.container.muxer)
        let cover = output == nil ? nil : try plan.cover.map { try CoverArt($0, of: source) }
        let producers = trackCount + (cover?.isTrack == true ? 1 : 0)
        let toMuxer: Channel<MuxItem> = group.channel(capacity: 32, producers: producers)

        try addVideo(group, toMuxer, progress, needsHeader: needsHeader)
        if output != nil {
            for audio in plan.audio { try addAudio(audio, group, toMuxer, needsHeader: needsHeader) }
            for subtitle in plan.subtitles { try addSubtitle(subtitle, group, toMuxer) }
            for stream in plan.attachments { try addAttachment(stream, toMuxer) }
            if let cover { try addCover(cover, toMuxer) }
        }
        precondition(tracks.count == producers)

        let (muxer, streams) = try makeMuxer(tags: cover?.tags ?? [:])
        if let skipped = plan.skipped, skipped.ticks > 0 { try seek() }
        // Bitmaps end with the video only where the output is cut; elsewhere they are the source's own.
        let cues = CueHold(
            tracks: Set(texts.compactMap { $0?.track }).union(plan.limit == nil ? [] : bitmaps),
            expected: plan.expectedDuration, limit: plan.limit, hasFillers: plan.container.isISO)
        let writer = TrackWriter(
            muxer: muxer, streams: streams, videoTrack: plan.video == nil ? nil : 0,
            videoMayBeLate: plan.video != nil && plan.video?.encode == nil && !ordersVideo, cues: cues,
            progress: progress)
        start(group, writer, toMuxer, reading, progress)
        try group.wait(every: interval) { report(progress.with { $0 }) }

        return outcome(reading.with { $0 }, written: progress.with { $0 })
    }

    /// Creates the output and writes its header.
    ///
    /// - Parameter tags: of the output, beside the plan's.
    /// - Returns: no muxer without an output; and the output stream of each track.
    private func makeMuxer(tags: [String: String]) throws -> (Muxer?, streams: [Int]) {
        guard let output else { return (nil, Array(tracks.indices)) }
        do {
            // The video is the first track.
            let muxer = try Muxer(
                writing: output, format: plan.container.muxer, orderedStreams: ordersVideo ? [0] : [])
            if output.pipe != nil, let expected = plan.expectedDuration { muxer.expect(expected) }
            // The audio waits until a chunk is whole.
            if let length = plan.chunkDuration { muxer.allowGap(of: length.value + 10) }
            let streams = try tracks.map { track in
                try muxer.addStream(
                    track.parameters, timeBase: track.base, label: track.label, tag: track.tag,
                    metadata: track.metadata)
            }
            try muxer.writeHeader(
                metadata: plan.metadata.merging(tags) { $1 }, chapters: plan.chapters, options: plan.muxerOptions)
            return (muxer, streams)
        } catch let failure as AVFailure {
            throw WriteFailure(failure: failure)
        }
    }

    private func start(
        _ group: StageGroup, _ writer: TrackWriter, _ toMuxer: Channel<MuxItem>,
        _ reading: Guarded<SourceReading>, _ progress: Guarded<MuxProgress>
    ) {
        // Without stages all tracks are copied: one thread reads and writes.
        let routes = stages.isEmpty ? routes.mapValues { $0.onThisThread(writer) } : routes
        let demux = DemuxStage(
            demuxer: source, origin: plan.origin, routes: routes, result: reading,
            isGivenUp: { progress.with { $0.isVideoLate } })
        if stages.isEmpty {
            group.start("remux") {
                try demux.run()
                try writer.finish()
            }
        } else {
            let mux = MuxStage(writer: writer, packets: toMuxer)
            group.start("mux") { try mux.run() }
            for stage in stages { group.start(stage.name, stage.body) }
            group.start("demux") { try demux.run() }
        }
    }

    private func outcome(_ reading: SourceReading, written: MuxProgress) -> Outcome {
        var outcome = Outcome()
        outcome.reading = reading
        outcome.written = written
        for (stream, counts, reached) in decoders {
            outcome.decoded[stream] = reached.with { $0 }
            outcome.decoders[stream] = counts.with { $0 }
        }
        outcome.encodedFrames = chunks?.frames ?? videoEncoder?.frames
        outcome.statistics = videoEncoder?.statistics ?? []
        outcome.subtitles = zip(plan.subtitles, texts).map { subtitle, text in
            guard let text else { return nil }
            var result = text.outcome.with { $0 }
            if subtitle.convert == nil, subtitle.file == nil {
                result.counts.read = reading.streams[subtitle.stream]?.packets ?? 0
            }
            if subtitle.file == nil { result.text = source.textReading(of: subtitle.stream) }
            // Those outside are counted where they are read, or where they are written.
            if let totals = written.cues[text.track] { result.cues = result.cues + totals }
            return result
        }
        return outcome
    }

    private var trackCount: Int {
        let video = plan.video == nil ? 0 : 1
        return output == nil
            ? video : video + plan.audio.count + plan.subtitles.count + plan.attachments.count
    }

    private func seek() throws {
        let lead = plan.video?.stream ?? plan.audio.first?.stream ?? 0
        try source.skip(to: readingStart, stream: lead, interrupt: interrupt)
    }

    func addTrack(_ track: Track, _ channel: Channel<MuxItem>) -> PacketSink {
        tracks.append(track)
        return PacketSink(channel: channel, track: tracks.count - 1, base: track.base)
    }

    func addCopy(
        _ stream: Int, label: TrackLabel, tag: String?, metadata: [String: String] = [:],
        _ channel: Channel<MuxItem>
    ) throws {
        let parameters = try source.parameters(of: stream, for: plan)
        let sink = addTrack(
            Track(
                parameters: parameters, base: parameters.timeBase, label: label, tag: tag,
                metadata: metadata), channel)
        routes[stream] = .writer(sink)
    }

    private func addVideo(
        _ group: StageGroup, _ channel: Channel<MuxItem>, _ progress: Guarded<MuxProgress>,
        needsHeader: Bool
    ) throws {
        guard let video = plan.video else { return }
        guard let encode = video.encode else {
            if let rate = video.stampRate {
                try source.stampFrames(of: video.stream, rate: rate)
            } else {
                try source.completeTimes(of: video.stream)
            }
            if let smart = video.smartCut { return try addCut(smart, of: video, group, channel) }
            return try addPart(of: video.stream, isVideo: true, label: video.label, tag: video.tag, channel)
        }
        let decoder = try Decoder(for: source.parameters(of: video.stream, for: plan), threads: encode.decoderThreads)
        let encoder = try Encoder(
            video: encode, needsGlobalHeader: needsHeader, pass: pass, firstPass: firstPass)
        if video.keepsSpatial == true { try encoder.parameters.copySpatial(from: source.parameters(of: video.stream)) }
        let sink = addTrack(
            Track(
                parameters: encoder.parameters, base: encoder.timeBase, label: video.label, tag: video.tag),
            channel)
        let packets: Channel<Packet> = group.channel(capacity: 16)
        let decoded: Channel<Frame> = group.channel(capacity: 1)
        let filtered: Channel<Frame> = group.channel(capacity: 1)
        routes[video.stream] = .stage(packets)
        let reached = Guarded<MediaTime?>(nil)
        let counts = Guarded(DecoderCounts())
        decoders.append((video.stream, counts, reached))
        let canvas = try encode.overlaySubtitle.map {
            try SubtitleCanvas(
                path: encode.overlayFile ?? plan.input, stream: $0,
                origin: encode.overlayFile == nil ? plan.origin : plan.skipped ?? .zero, videoSize: encode.expected.size
            )
        }
        let decode = VideoDecodeStage(
            decoder: decoder, packets: packets, frames: decoded, isCutAtStart: plan.skipped != nil,
            limit: plan.limit, nominalRate: encode.frameRate * max(Rational(1), plan.speed), reached: reached,
            counts: counts)
        let filter = VideoFilterStage(
            plan: encode, base: decoder.timeBase, input: decoded, output: filtered, canvas: canvas,
            counts: counts)
        stages.append(("decode v", { try decode.run() }))
        stages.append(("filter v", { try filter.run() }))
        if let length = plan.chunkDuration, let store {
            let encodeStage = ChunkEncodeStage(
                first: encoder, nominalRate: encode.frameRate, length: length, overlap: encode.chunkOverlap,
                store: store, frames: filtered, sink: sink, progress: progress
            ) { try Encoder(video: encode, needsGlobalHeader: needsHeader) }
            chunks = encodeStage
            stages.append(("encode v", { try encodeStage.run() }))
        } else {
            let encodeStage = VideoEncodeStage(
                encoder: encoder, nominalRate: encode.frameRate, frames: filtered, sink: sink, progress: progress)
            videoEncoder = encoder
            stages.append(("encode v", { try encodeStage.run() }))
        }
    }

    private func addAudio(
        _ audio: AudioTrackPlan, _ group: StageGroup, _ channel: Channel<MuxItem>, needsHeader: Bool
    ) throws {
        guard let encode = audio.encode else {
            return try addPart(of: audio.stream, isVideo: false, label: audio.label, tag: nil, channel)
        }
        let decoder = try Decoder(for: source.parameters(of: audio.stream))
        let encoder = try Encoder(audio: encode, needsGlobalHeader: needsHeader)
        let sink = addTrack(
            Track(parameters: encoder.parameters, base: encoder.timeBase, label: audio.label),
            channel)
        let packets: Channel<Packet> = group.channel(capacity: 64)
        let decoded: Channel<Frame> = group.channel(capacity: 16)
        let filtered: Channel<Frame> = group.channel(capacity: 16)
        routes[audio.stream] = .stage(packets)
        let reached = Guarded<MediaTime?>(nil)
        let counts = Guarded(DecoderCounts())
        decoders.append((audio.stream, counts, reached))
        let decode = AudioDecodeStage(
            decoder: decoder, packets: packets, frames: decoded, isCutAtStart: plan.skipped != nil,
            limit: plan.sourceLimit, reached: reached, counts: counts)
        let join = try AudioJoin(
            audio, first: decoded, source: source, group: group, isCutAtStart: plan.skipped != nil,
            limit: plan.sourceLimit)
        if let join { add(join) }
        let filter = AudioFilterStage(
            chain: audioChain(
                plan: encode, isCutAtStart: plan.skipped != nil, limit: plan.sourceLimit,
                gain: gains[audio.stream] ?? [],
                padding: plan.container == .avi ? encoder.initialPadding : 0),
            frameSize: encoder.frameSize, outputBase: encoder.timeBase, input: join?.frames ?? decoded,
            output: filtered, counts: counts)
        let encodeStage = AudioEncodeStage(encoder: encoder, frames: filtered, sink: sink)
        stages.append(("decode a\(audio.stream)", { try decode.run() }))
        stages.append(("filter a\(audio.stream)", { try filter.run() }))
        stages.append(("encode a\(audio.stream)", { try encodeStage.run() }))
    }

    private func add(_ join: AudioJoin) {
        for part in join.parts {
            routes[part.stream] = .stage(part.packets)
            decoders.append((part.stream, part.counts, part.reached))
        }
        stages += join.stages
    }

    private func addSubtitle(
        _ subtitle: SubtitleTrackPlan, _ group: StageGroup, _ channel: Channel<MuxItem>
    ) throws {
        let encoding = subtitle.encoding.flatMap(TextEncoding.init(named:))
        if let captions = subtitle.captions { return try addCaptions(captions, subtitle, group, channel) }
        guard let codec = subtitle.convert else {
            source.setTextEncoding(encoding, of: subtitle.stream)
            let isText = source.isText(subtitle.stream)
            texts.append(isText ? (tracks.count, Guarded(SubtitleOutcome())) : nil)
            if !isText { bitmaps.insert(tracks.count) }
            try addCopy(subtitle.stream, label: subtitle.label, tag: nil, channel)
            let codec = source.describeStream(subtitle.stream).codec
            return routes[subtitle.stream] = routes[subtitle.stream]?.played(codec: codec, for: plan)
        }
        let input = try subtitle.file.map {
            try SubtitleInput(opening: $0, encoding: encoding, interrupt: interrupt)
        }
        let file = input?.demuxer
        if file == nil { source.setTextEncoding(encoding, of: subtitle.stream) }
        let converter = try SubtitleConverter(
            from: (file ?? source).parameters(of: subtitle.stream, for: plan), to: codec)
        let outcome = Guarded(SubtitleOutcome(declared: input?.cues))
        texts.append((tracks.count, outcome))
        let sink = addTrack(
            Track(
                parameters: converter.parameters, base: SubtitleConverter.timeBase, label: subtitle.label),
            channel)
        let packets: Channel<Packet> = group.channel(capacity: 64)
        let stage = SubtitleStage(
            converter: converter, packets: packets, isSequential: codec == .movText, limit: plan.limit, sink: sink,
            outcome: outcome)
        stages.append(("subtitle \(subtitle.stream)", { try stage.run() }))
        if let file {
            // An external file's clock begins with the source: only what was cut off is subtracted.
            let demux = DemuxStage(
                demuxer: file, origin: plan.skipped ?? .zero, routes: [subtitle.stream: .stage(packets)],
                result: Guarded(SourceReading()))
            stages.append(("read subtitles", { try demux.run() }))
        } else {
            routes[subtitle.stream] = .stage(packets)
        }
    }

    /// Captions inside the video, whose packets are read beside the decoder.
    private func addCaptions(
        _ captions: CaptionChannel, _ subtitle: SubtitleTrackPlan, _ group: StageGroup, _ channel: Channel<MuxItem>
    ) throws {
        let packets: Channel<Packet> = group.channel(capacity: 64)
        let texts: Channel<Packet> = group.channel(capacity: 64)
        guard let codec = subtitle.convert, let video = routes[subtitle.stream] else {
            throw VTXError(.internal, "captions without a video", remedy: .report())
        }
        routes[subtitle.stream] = .shared(packets, with: video)
        let parameters = try source.parameters(of: subtitle.stream, for: plan)
        let reader = try CaptionReadStage(parameters, channel: captions, packets: packets, output: texts)
        let converter = try captions.converter(base: parameters.timeBase, to: codec)
        let outcome = Guarded(SubtitleOutcome())
        self.texts.append((tracks.count, outcome))
        let sink = addTrack(
            Track(parameters: converter.parameters, base: SubtitleConverter.timeBase, label: subtitle.label), channel)
        let stage = SubtitleStage(
            converter: converter, packets: texts, isSequential: codec == .movText, limit: plan.limit, sink: sink,
            outcome: outcome)
        stages.append(("captions", { try reader.run() }))
        stages.append(("captions text", { try stage.run() }))
    }
}
