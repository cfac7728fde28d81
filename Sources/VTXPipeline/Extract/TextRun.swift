// One track of text as a file: the stages of a transcode, without audio and video.
//
//     demux ─▶ (captions ─▶) subtitle ─▶ mux

package import LibAV
package import VTXModel
package import VTXSystem

/// Reads one text track, or captions inside the video, and writes it as a file.
package final class TextRun {
    private let plan: ExtractPlan
    private let source: Demuxer
    private let output: String
    private let interrupt: Interrupt

    /// What happened.
    package struct Outcome: Sendable {
        package var reading = SourceReading()
        package var text = SubtitleOutcome()
        package var written = MuxProgress()
    }

    /// - Parameters:
    ///   - source: the plan's input, at its beginning; it is used up.
    ///   - output: the file to create.
    package init(plan: ExtractPlan, source: Demuxer, output: String, interrupt: Interrupt) {
        self.plan = plan
        self.source = source
        self.output = output
        self.interrupt = interrupt
    }

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - interval: seconds between calls of `progress`.
    ///   - progress: called on this thread with the end of the last cue.
    /// - Throws: `VTXError`, `AVFailure`, `WriteFailure`, or `Aborted` if `interrupt` was set.
    package func run(every interval: Double, progress report: (MuxProgress) -> Void) throws -> Outcome {
        guard let track = plan.subtitle, let codec = track.convert else {
            throw VTXError(.internal, "no text to extract", remedy: .report())
        }
        let encoding = track.encoding.flatMap(TextEncoding.init(named:))
        if track.captions == nil { source.setTextEncoding(encoding, of: track.stream) }
        let group = StageGroup(interrupt: interrupt)
        let packets: Channel<Packet> = group.channel(capacity: 64)
        let toMuxer: Channel<MuxItem> = group.channel(capacity: 32)
        let texts = try captions(of: track, packets, group)
        let parameters = try source.parameters(of: track.stream)
        let converter =
            try track.captions.map { try $0.converter(base: parameters.timeBase, to: codec) }
            ?? SubtitleConverter(from: parameters, to: codec)
        let outcome = Guarded(SubtitleOutcome())
        let stage = SubtitleStage(
            converter: converter, packets: texts, isSequential: false, limit: plan.limit,
            sink: PacketSink(channel: toMuxer, track: 0, base: SubtitleConverter.timeBase), outcome: outcome)
        let progress = Guarded(MuxProgress())
        let reading = Guarded(SourceReading())
        // As the leading track, whose packets are counted.
        let mux = MuxStage(
            writer: TrackWriter(muxer: try muxer(for: converter), streams: [0], videoTrack: 0, progress: progress),
            packets: toMuxer)
        if plan.skipped != nil { try source.skip(to: plan.origin, stream: track.stream, interrupt: interrupt) }
        let demux = DemuxStage(
            demuxer: source, origin: plan.origin, routes: [track.stream: .stage(packets)], result: reading)
        group.start("mux") { try mux.run() }
        group.start("subtitle") { try stage.run() }
        group.start("demux") { try demux.run() }
        try group.wait(every: interval) { report(progress.with { $0 }) }
        var result = Outcome(reading: reading.with { $0 }, text: outcome.with { $0 }, written: progress.with { $0 })
        result.text.cues.written = result.written.videoPackets
        if track.captions == nil { result.text.text = source.textReading(of: track.stream) }
        return result
    }

    /// The channel that the converter reads: what is read of the file, or of the captions inside it.
    private func captions(
        of track: SubtitleTrackPlan, _ packets: Channel<Packet>, _ group: StageGroup
    ) throws -> Channel<Packet> {
        guard let channel = track.captions else { return packets }
        let texts: Channel<Packet> = group.channel(capacity: 64)
        let reader = try CaptionReadStage(
            source.parameters(of: track.stream), channel: channel, packets: packets, output: texts)
        group.start("captions") { try reader.run() }
        return texts
    }

    private func muxer(for converter: SubtitleConverter) throws -> Muxer {
        do {
            let muxer = try Muxer(creating: output, format: plan.subtitle?.convert?.fileMuxer ?? "srt")
            _ = try muxer.addStream(
                converter.parameters, timeBase: SubtitleConverter.timeBase, label: TrackLabel())
            try muxer.writeHeader(metadata: [:], chapters: [], options: [:])
            return muxer
        } catch let failure as AVFailure {
            throw WriteFailure(failure: failure)
        }
    }
}

extension SubtitleCodec {
    /// libavformat's muxer of files of text.
    fileprivate var fileMuxer: String {
        switch self {
        case .movText, .subrip: "srt"
        case .webvtt: "webvtt"
        case .ass: "ass"
        }
    }
}
