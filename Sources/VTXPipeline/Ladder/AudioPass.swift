// One pass over all of a source's audio and subtitles, independent of its video.
//
//     demux ─┬─▶ decode ─▶ filter ─▶ encode ─▶ segments of the audio
//            └─▶ convert ─▶ cues

import LibAV
import VTXModel
import VTXSystem

/// The audio is encoded in one go, so it has no chunk boundaries. Used once.
final class AudioPass {
    private let plan: LadderPlan
    private let source: Demuxer
    private let interrupt: Interrupt
    private let group: StageGroup
    private let endOfTracks: EndOfTracks
    private let receiver: LadderReceiver
    private var stages: [(name: String, body: @Sendable () throws -> Void)] = []
    private var routes: [Int: Route] = [:]
    private(set) var decoders: [(stream: Int, counts: Guarded<DecoderCounts>)] = []
    private(set) var renditions: [(name: String, progress: Guarded<RenditionProgress>)] = []
    /// What reading each subtitle track told, in the plan's order.
    private(set) var subtitles: [Guarded<SubtitleOutcome>] = []
    let reading = Guarded(SourceReading())

    /// - Parameters:
    ///   - source: at its beginning; it is used up.
    ///   - group: whose stages it adds to.
    init(
        plan: LadderPlan, source: Demuxer, interrupt: Interrupt, group: StageGroup,
        endOfTracks: EndOfTracks,
        receiver: LadderReceiver
    ) throws {
        self.plan = plan
        self.source = source
        self.interrupt = interrupt
        self.group = group
        self.endOfTracks = endOfTracks
        self.receiver = receiver
        try addAudio()
        for index in plan.subtitles.indices { try addSubtitle(index) }
    }

    func start() {
        for stage in stages { group.start(stage.name, stage.body) }
        guard !routes.isEmpty else { return }
        source.keepOnly(Set(routes.keys))
        let demux = DemuxStage(demuxer: source, origin: plan.origin, routes: routes, result: reading)
        group.start("demux a") { try demux.run() }
    }

    // MARK: Audio

    private func addAudio() throws {
        for stream in Set(plan.audio.map(\.track.stream)).sorted() {
            let decoder = try Decoder(for: source.parameters(of: stream))
            let counts = Guarded(DecoderCounts())
            decoders.append((stream, counts))
            let packets: Channel<Packet> = group.channel(capacity: 64)
            let decoded: Channel<Frame> = group.channel(capacity: 16)
            routes[stream] = .stage(packets)
            let reached = Guarded<MediaTime?>(nil)
            let endOfTracks = endOfTracks
            let decode = AudioDecodeStage(
                decoder: decoder, packets: packets, frames: decoded, isCutAtStart: false, limit: nil,
                reached: reached, counts: counts)
            stages.append(
                (
                    "decode a\(stream)",
                    {
                        try decode.run()
                        endOfTracks.arrive(stream, end: reached.with { $0 })
                    }
                ))
            let wanted = plan.audio.filter { $0.track.stream == stream }
            let join = try AudioJoin(
                wanted[0].track, first: decoded, source: source, group: group, isCutAtStart: false, limit: nil)
            for part in join?.parts ?? [] {
                routes[part.stream] = .stage(part.packets)
                decoders.append((part.stream, part.counts))
            }
            stages += join?.stages ?? []
            let whole = join?.frames ?? decoded
            var inputs = [whole]
            if wanted.count > 1 {
                inputs = wanted.map { _ in group.channel(capacity: 16) }
                let outputs = inputs
                stages.append(
                    (
                        "share a\(stream)",
                        {
                            while let frame = try whole.receive() { try outputs.send(frame) }
                            for output in outputs { output.close() }
                        }
                    ))
            }
            // All renditions see the same changes.
            for (place, rendition) in wanted.enumerated() {
                try addAudioRendition(rendition, inputs[place], counts: place == 0 ? counts : nil)
            }
        }
    }

    private func addAudioRendition(
        _ rendition: AudioRenditionPlan, _ input: Channel<Frame>, counts: Guarded<DecoderCounts>?
    ) throws {
        guard let encode = rendition.track.encode else { return }
        let encoder = try Encoder(audio: encode, needsGlobalHeader: plan.segments == .fmp4)
        let filtered: Channel<Frame> = group.channel(capacity: 16)
        let endOfTracks = endOfTracks
        let filter = AudioFilterStage(
            chain: audioChain(plan: encode, isCutAtStart: false, limit: nil, gain: []),
            frameSize: encoder.frameSize, outputBase: encoder.timeBase, input: input, output: filtered,
            counts: counts, fillUntil: { try endOfTracks.latestEnd() })
        stages.append(("filter \(rendition.name)", { try filter.run() }))
        let progress = Guarded(RenditionProgress())
        renditions.append((rendition.name, progress))
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

    private func addSubtitle(_ index: Int) throws {
        let track = plan.subtitles[index].track
        if let captions = track.captions { return try addCaptions(captions, of: track.stream, index) }
        let encoding = track.encoding.flatMap(TextEncoding.init(named:))
        let input = try track.file.map { try SubtitleInput(opening: $0, encoding: encoding, interrupt: interrupt) }
        let file = input?.demuxer
        if file == nil { source.setTextEncoding(encoding, of: track.stream) }
        let outcome = Guarded(SubtitleOutcome(declared: input?.cues))
        subtitles.append(outcome)
        let converter = try SubtitleConverter(
            from: (file ?? source).parameters(of: track.stream), to: .webvtt)
        let packets: Channel<Packet> = group.channel(capacity: 64)
        addConversion(converter, of: packets, outcome, index)
        if let file {
            let demux = DemuxStage(
                demuxer: file, origin: .zero, routes: [track.stream: .stage(packets)],
                result: Guarded(SourceReading()))
            stages.append(("read subtitles", { try demux.run() }))
        } else {
            routes[track.stream] = .stage(packets)
        }
    }

    private func addConversion(
        _ converter: SubtitleConverter, of packets: Channel<Packet>, _ outcome: Guarded<SubtitleOutcome>, _ index: Int
    ) {
        let receiver = receiver
        stages.append(
            (
                "subtitles \(index)",
                {
                    func take(_ cue: consuming Packet) throws {
                        if let text = SubtitleCue(cue) { try receiver.cue(index, text) }
                    }
                    while let packet = try packets.receive() { try converter.convert(packet, emit: take) }
                    try converter.finish(emit: take)
                    outcome.with { $0.counts = converter.counts }
                }
            ))
    }

    /// Captions inside the video, which is read here too, but not decoded.
    private func addCaptions(_ captions: CaptionChannel, of stream: Int, _ index: Int) throws {
        let packets: Channel<Packet> = group.channel(capacity: 64)
        let texts: Channel<Packet> = group.channel(capacity: 64)
        let parameters = try source.parameters(of: stream)
        let reader = try CaptionReadStage(parameters, channel: captions, packets: packets, output: texts)
        let outcome = Guarded(SubtitleOutcome())
        subtitles.append(outcome)
        stages.append(("captions", { try reader.run() }))
        addConversion(
            try captions.converter(base: parameters.timeBase, to: .webvtt), of: texts, outcome, index)
        routes[stream] = .stage(packets)
    }
}
