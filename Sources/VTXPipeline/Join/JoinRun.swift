// Several files written one after the other.
//
//     parts ─┬─▶ (copied packets) ───────────────┐
//            ├─▶ encode v ───────────────────────┼─▶ mux
//            └─▶ filter aN ─▶ encode aN ─────────┘
//
// The encoders and the writer live as long as the output. The parts are read one after the other, each by stages of its
// own (`JoinPartRun`), which deliver output time.

import LibAV
package import VTXModel
package import VTXSystem

/// Joins files by a plan.
package final class JoinRun {
    /// What happened.
    package struct Outcome: Sendable {
        /// What reading each part told, in the order of the plan.
        package var parts: [JoinPartOutcome] = []
        package var written = MuxProgress()
    }

    private struct Track {
        var parameters: CodecParameters
        var base: Rational
        var label: TrackLabel
        var tag: String?
    }

    private let plan: JoinPlan
    private let output: String
    private let interrupt: Interrupt
    private let group: StageGroup
    private let progress = Guarded(MuxProgress())
    private var tracks: [Track] = []
    private var stages: [(name: String, body: @Sendable () throws -> Void)] = []

    /// - Parameter output: the file to create.
    package init(plan: JoinPlan, output: String, interrupt: Interrupt) {
        self.plan = plan
        self.output = output
        self.interrupt = interrupt
        group = StageGroup(interrupt: interrupt)
    }

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - interval: seconds between calls of `progress`.
    ///   - progress: called on this thread.
    /// - Throws: `VTXError`, `AVFailure`, `WriteFailure`, or `Aborted` if `interrupt` was set.
    package func run(every interval: Double, progress report: (MuxProgress) -> Void) throws -> Outcome {
        let count = (plan.video == nil ? 0 : 1) + plan.audio.count
        let toMuxer: Channel<MuxItem> = group.channel(capacity: 32, producers: count)
        var ends: [JoinTrackEnd] = []
        let needsHeader = Muxer.needsGlobalHeader(format: plan.container.muxer)
        let first = try Demuxer(opening: plan.parts[0].input, interrupt: interrupt)
        if let video = plan.video {
            ends.append(try addVideo(video, from: first, toMuxer, needsHeader: needsHeader))
        }
        for (index, audio) in plan.audio.enumerated() {
            ends.append(try addAudio(index, audio, from: first, toMuxer, needsHeader: needsHeader))
        }
        let (muxer, streams) = try makeMuxer()
        let mux = MuxStage(
            writer: TrackWriter(
                muxer: muxer, streams: streams, videoTrack: plan.video == nil ? nil : 0, progress: progress),
            packets: toMuxer)
        let outcomes = Guarded([JoinPartOutcome]())
        group.start("mux") { try mux.run() }
        for stage in stages { group.start(stage.name, stage.body) }
        group.start("parts") { [plan, interrupt, group, ends] in
            for part in plan.parts {
                let run = JoinPartRun(part, plan: plan, ends: ends, interrupt: interrupt, parent: group)
                let outcome = try run.run()
                outcomes.with { $0.append(outcome) }
            }
            for end in ends { end.close() }
        }
        try group.wait(every: interval) { report(progress.with { $0 }) }
        return Outcome(parts: outcomes.with { $0 }, written: progress.with { $0 })
    }

    private func makeMuxer() throws -> (Muxer, streams: [Int]) {
        do {
            let muxer = try Muxer(creating: output, format: plan.container.muxer)
            let streams = try tracks.map { track in
                try muxer.addStream(track.parameters, timeBase: track.base, label: track.label, tag: track.tag)
            }
            try muxer.writeHeader(metadata: plan.metadata, chapters: plan.chapters, options: plan.muxerOptions)
            return (muxer, streams)
        } catch let failure as AVFailure {
            throw WriteFailure(failure: failure)
        }
    }

    private func addTrack(_ track: Track, _ channel: Channel<MuxItem>) -> PacketSink {
        tracks.append(track)
        return PacketSink(channel: channel, track: tracks.count - 1, base: track.base)
    }

    private func addVideo(
        _ video: VideoTrackPlan, from first: Demuxer, _ channel: Channel<MuxItem>, needsHeader: Bool
    ) throws -> JoinTrackEnd {
        guard let encode = video.encode else {
            let parameters = try first.parameters(of: video.stream)
            let sink = addTrack(
                Track(parameters: parameters, base: parameters.timeBase, label: video.label, tag: video.tag), channel)
            return .copy(CopiedTrack(sink, isVideo: true))
        }
        let encoder = try Encoder(video: encode, needsGlobalHeader: needsHeader)
        let sink = addTrack(
            Track(parameters: encoder.parameters, base: encoder.timeBase, label: video.label, tag: video.tag), channel)
        let frames: Channel<Frame> = group.channel(capacity: 2)
        let stage = VideoEncodeStage(
            encoder: encoder, nominalRate: encode.frameRate, frames: frames, sink: sink, progress: progress)
        stages.append(("encode v", { try stage.run() }))
        return .frames(frames)
    }

    private func addAudio(
        _ index: Int, _ audio: AudioTrackPlan, from first: Demuxer, _ channel: Channel<MuxItem>, needsHeader: Bool
    ) throws -> JoinTrackEnd {
        guard let encode = audio.encode else {
            let parameters = try first.parameters(of: audio.stream)
            let sink = addTrack(
                Track(parameters: parameters, base: parameters.timeBase, label: audio.label), channel)
            return .copy(CopiedTrack(sink, isVideo: false))
        }
        let encoder = try Encoder(audio: encode, needsGlobalHeader: needsHeader)
        let sink = addTrack(Track(parameters: encoder.parameters, base: encoder.timeBase, label: audio.label), channel)
        let samples: Channel<Frame> = group.channel(capacity: 16)
        let framed: Channel<Frame> = group.channel(capacity: 16)
        let form =
            "aformat=sample_fmts=\(encode.sampleFormat):sample_rates=\(encode.sampleRate):channel_layouts=\(encode.layout)"
        // Parts end within a frame of the encoder: the samples are put into frames anew.
        let filter = AudioFilterStage(
            chain: { _ in [form] }, frameSize: encoder.frameSize, outputBase: encoder.timeBase, input: samples,
            output: framed)
        let stage = AudioEncodeStage(encoder: encoder, frames: framed, sink: sink)
        stages.append(("filter a\(index)", { try filter.run() }))
        stages.append(("encode a\(index)", { try stage.run() }))
        return .frames(samples, padding: plan.container == .avi ? encoder.initialPadding : 0)
    }
}
