// One of several joined files: read, decoded and filtered by stages of its own, delivered in output time.
//
//     demux ─┬─▶ decode v  ─▶ filter v  ─▶ place v  ─▶
//            ├─▶ decode aN ─▶ filter aN ─▶ place aN ─▶
//            └─▶ copy ─▶

import LibAV
package import VTXModel
import VTXSystem

/// What reading a part told.
package struct JoinPartOutcome: Sendable {
    package var reading = SourceReading()
    /// By stream of the part.
    package var decoders: [Int: DecoderCounts] = [:]
    /// How far it was decoded, from the part's beginning.
    package var reached: MediaTime?
}

/// Reads one part.
final class JoinPartRun {
    private let part: JoinPart
    private let plan: JoinPlan
    private let ends: [JoinTrackEnd]
    private let interrupt: Interrupt
    private let group: StageGroup
    private var routes: [Int: Route] = [:]
    private var stages: [(name: String, body: @Sendable () throws -> Void)] = []
    private var decoders: [(stream: Int, counts: Guarded<DecoderCounts>, reached: Guarded<MediaTime?>)] = []

    /// - Parameters:
    ///   - ends: what takes each track of the output, the video first.
    ///   - parent: the group that one of whose stages this is.
    init(_ part: JoinPart, plan: JoinPlan, ends: [JoinTrackEnd], interrupt: Interrupt, parent: StageGroup) {
        self.part = part
        self.plan = plan
        self.ends = ends
        self.interrupt = interrupt
        group = StageGroup(interrupt: interrupt, parent: parent)
    }

    func run() throws -> JoinPartOutcome {
        let source = try Demuxer(opening: part.input, interrupt: interrupt)
        var rest = ends[...]
        if plan.video != nil, let end = rest.popFirst() { try addVideo(from: source, to: end) }
        for (index, end) in rest.enumerated() { try addAudio(index, from: source, to: end) }
        let reading = Guarded(SourceReading())
        let demux = DemuxStage(demuxer: source, origin: part.origin, routes: routes, result: reading)
        for stage in stages { group.start(stage.name, stage.body) }
        if !routes.isEmpty { group.start("demux") { try demux.run() } }
        try group.wait(every: 0.2) {}
        var outcome = JoinPartOutcome(reading: reading.with { $0 })
        for (stream, counts, reached) in decoders {
            outcome.decoders[stream] = counts.with { $0 }
            outcome.reached = [outcome.reached, reached.with { $0 }].compactMap { $0 }.max()
        }
        return outcome
    }

    private func addCopy(_ stream: Int, from source: Demuxer, to track: CopiedTrack) {
        let packets: Channel<Packet> = group.channel(capacity: 32)
        routes[stream] = .stage(packets)
        let base = source.timeBase(of: stream)
        stages.append(
            (
                "copy \(stream)",
                { [part] in
                    while let packet = try packets.receive() { try track.write(packet, base: base, of: part) }
                }
            ))
    }

    private func addVideo(from source: Demuxer, to end: JoinTrackEnd) throws {
        guard let stream = part.videoStream else { return }
        switch end {
        case .copy(let track): addCopy(stream, from: source, to: track)
        case .frames(let frames, _):
            guard let encode = part.video else { return }
            let decoder = try Decoder(for: source.parameters(of: stream), threads: encode.decoderThreads)
            let packets: Channel<Packet> = group.channel(capacity: 16)
            let decoded: Channel<Frame> = group.channel(capacity: 1)
            let filtered: Channel<Frame> = group.channel(capacity: 1)
            routes[stream] = .stage(packets)
            let (counts, reached) = (Guarded(DecoderCounts()), Guarded<MediaTime?>(nil))
            decoders.append((stream, counts, reached))
            let decode = VideoDecodeStage(
                decoder: decoder, packets: packets, frames: decoded, isCutAtStart: true, limit: part.duration,
                nominalRate: encode.frameRate, reached: reached, counts: counts)
            let filter = VideoFilterStage(
                plan: encode, base: decoder.timeBase, input: decoded, output: filtered, canvas: nil, counts: counts)
            let place = FramePlacing(part, encode, input: filtered, output: frames)
            stages.append(("decode v", { try decode.run() }))
            stages.append(("filter v", { try filter.run() }))
            stages.append(("place v", { try place.run() }))
        }
    }

    private func addAudio(_ index: Int, from source: Demuxer, to end: JoinTrackEnd) throws {
        let audio = part.audio[index]
        switch end {
        case .copy(let track):
            if let stream = audio.stream { addCopy(stream, from: source, to: track) }
        case .frames(let frames, let padding):
            guard let form = plan.audio[index].encode else { return }
            let lead = part.start.ticks == 0 ? padding : 0
            let placing = SamplePlacing(part, form, lead: lead, output: frames)
            guard let stream = audio.stream, let encode = audio.encode else {
                return stages.append(("silence a\(index)", { try placing.finish() }))
            }
            let decoder = try Decoder(for: source.parameters(of: stream))
            let packets: Channel<Packet> = group.channel(capacity: 64)
            let decoded: Channel<Frame> = group.channel(capacity: 16)
            let filtered: Channel<Frame> = group.channel(capacity: 16)
            routes[stream] = .stage(packets)
            let (counts, reached) = (Guarded(DecoderCounts()), Guarded<MediaTime?>(nil))
            decoders.append((stream, counts, reached))
            let decode = AudioDecodeStage(
                decoder: decoder, packets: packets, frames: decoded, isCutAtStart: true, limit: part.duration,
                reached: reached, counts: counts)
            let filter = AudioFilterStage(
                chain: audioChain(
                    plan: encode, isCutAtStart: true, limit: part.duration, gain: [],
                    padding: lead), frameSize: 0,
                outputBase: Rational(1, Int64(form.sampleRate)), input: decoded, output: filtered, counts: counts)
            stages.append(("decode a\(index)", { try decode.run() }))
            stages.append(("filter a\(index)", { try filter.run() }))
            stages.append(
                (
                    "place a\(index)",
                    {
                        while let frame = try filtered.receive() { try placing.take(frame) }
                        try placing.finish()
                    }
                ))
        }
    }
}
