// Runs a ladder: all audio in one pass, the video in passes that share its chunks; both are then assembled.

package import LibAV
package import VTXModel
package import VTXSystem

/// One source to all renditions of a package.
package final class LadderRun {
    private let plan: LadderPlan
    private let source: Demuxer
    private let interrupt: Interrupt
    private let receiver: Receiver
    private let store: ChunkStore?
    private let jobs: Int

    /// Takes what the renditions produce.
    package typealias Receiver = LadderReceiver

    /// - Parameters:
    ///   - source: the plan's input, at its beginning; it is used up.
    ///   - store: where chunks of the video are kept; an earlier run may have left some there.
    ///   - jobs: passes over the video at a time.
    package init(
        plan: LadderPlan, source: Demuxer, interrupt: Interrupt, store: ChunkStore?, jobs: Int,
        receiver: Receiver
    ) {
        self.plan = plan
        self.source = source
        self.interrupt = interrupt
        self.store = store
        self.jobs = jobs
        self.receiver = receiver
    }

    /// What the store of a ladder's chunks has to keep.
    package static func streams(of plan: LadderPlan) -> [String] { VideoWork.streams(of: plan) }

    /// What happened.
    package struct Outcome: Sendable {
        package var reading = SourceReading()
        package var decoders: [Int: DecoderCounts] = [:]
        /// Frames of the grid.
        package var frames = 0
        package var renditions: [String: RenditionProgress] = [:]
        /// What reading the subtitles told, in the plan's order.
        package var subtitles: [SubtitleOutcome] = []
    }

    /// - Parameter progress: called on this thread with each rendition's state, in the plan's order: every `interval`
    ///   seconds and at the end.
    package func run(
        every interval: Double, progress report: ([(name: String, state: RenditionProgress)]) -> Void
    ) throws -> Outcome {
        let group = StageGroup(interrupt: interrupt)
        let endOfTracks = EndOfTracks(
            tracks: Set((plan.video.map { [$0.stream] } ?? []) + plan.audio.map(\.track.stream)))
        group.onAbort { endOfTracks.abort() }
        let audio = try AudioPass(
            plan: plan, source: source, interrupt: interrupt, group: group, endOfTracks: endOfTracks,
            receiver: receiver
        )
        var work: VideoWork?
        if let video = plan.video, let store {
            work = video.rungs.isEmpty ? nil : try makeWork(video, store, endOfTracks)
        }
        let rungs = (plan.video?.rungs ?? []).compactMap { rung in
            work?.progress[rung.name].map { (rung.name, $0) }
        }
        let renditions = rungs + audio.renditions
        audio.start()
        if let work {
            if let end = work.schedule.videoEnd { endOfTracks.arrive(work.video.stream, end: end) }
            group.start("video") { [jobs] in try VideoPasses(work: work).run(jobs: jobs, parent: group) }
        }
        func tell() {
            report(
                renditions.map { name, state in
                    var state = state.with { $0 }
                    state.foreseen = work?.foreseen(of: name, state) ?? 0
                    return (name, state)
                })
        }
        try group.wait(every: interval, tick: tell)
        // Once more at the end, which a short job reaches before the first interval is over.
        tell()

        var outcome = Outcome()
        outcome.reading = audio.reading.with { $0 }
        for (stream, counts) in audio.decoders { outcome.decoders[stream] = counts.with { $0 } }
        outcome.subtitles = zip(plan.subtitles, audio.subtitles).map { subtitle, state in
            var result = state.with { $0 }
            if subtitle.track.file == nil { result.text = source.textReading(of: subtitle.track.stream) }
            return result
        }
        if let work { add(work, to: &outcome) }
        for (name, state) in renditions { outcome.renditions[name] = state.with { $0 } }
        return outcome
    }

    private func add(_ work: VideoWork, to outcome: inout Outcome) {
        let stream = work.video.stream
        var reading = work.reading.with { $0 }
        // An earlier run may have seen the end.
        let ends = [reading.streams[stream]?.end, work.schedule.videoEnd]
        reading.streams[stream, default: StreamReading()].end = ends.compactMap { $0 }.max()
        outcome.reading.merge(reading)
        outcome.decoders[stream] = work.schedule.counts
        outcome.frames = Int(work.schedule.source ?? 0)
    }

    private func makeWork(_ video: LadderVideoPlan, _ store: ChunkStore, _ endOfTracks: EndOfTracks)
        throws -> VideoWork
    {
        // A first pass that is alone reads all in any case.
        let isAlone = jobs == 1 && store.finished.isEmpty
        let maySeek =
            try video.maySeek
            && (!source.isDiscontinuous
                || !isAlone && Demuxer.isSeekable(plan.input, stream: video.stream, interrupt: interrupt))
        let schedule = ChunkSchedule(
            store: store,
            layout: ChunkLayout(frames: Int64(plan.grid.segmentFrames * plan.chunkSegments)),
            expected: plan.expectedFrames, maySeek: maySeek)
        var progress: [String: Guarded<RenditionProgress>] = [:]
        var rungs: [String: RungAssembly] = [:]
        for rung in video.rungs {
            var state = RenditionProgress()
            for chunk in store.summaries(of: rung.name) {
                state.add(frames: chunk.packets, bytes: chunk.bytes, rate: rung.encode.frameRate)
            }
            let shown = Guarded(state)
            progress[rung.name] = shown
            rungs[rung.name] = assembly(of: rung, store, schedule, progress: shown)
        }
        let poster =
            plan.thumbnails == nil
            ? nil : posterAssembly(size: video.rungs[0].encode.size, store, schedule)
        return VideoWork(
            plan: plan, video: video, store: store, schedule: schedule, endOfTracks: endOfTracks,
            interrupt: interrupt,
            yields: jobs == 1, progress: progress, rungs: rungs,
            spriteSheets: plan.thumbnails.map { [receiver] in
                SpriteSheetAssembly($0, store, schedule) { try receiver.sheet($0) }
            },
            poster: poster, reading: Guarded(SourceReading()))
    }

    private func assembly(
        of rung: RungPlan, _ store: ChunkStore, _ schedule: ChunkSchedule,
        progress: Guarded<RenditionProgress>
    ) -> RungAssembly {
        let (plan, receiver) = (plan, receiver)
        return RungAssembly(
            rung.name, store, schedule, buffer: rung.encode.rateBuffer,
            dropped: { chunk in
                progress.with { $0.drop(chunk, rate: rung.encode.frameRate) }
            },
            makeSegmenter: { parameters in
                try Segmenter(
                    type: plan.segments, parameters: parameters, base: rung.encode.timeBase,
                    cuts: .grid(plan.grid),
                    isVideo: true, label: TrackLabel(), tag: rung.tag
                ) { try receiver.rendition(rung.name, $0) }
            })
    }

    private func posterAssembly(size: PixelSize, _ store: ChunkStore, _ schedule: ChunkSchedule)
        -> PosterAssembly
    {
        let seconds = plan.expectedDuration?.seconds ?? 0
        return PosterAssembly(
            latest: Int64(seconds * plan.grid.frameRate.value / 10), size: size, store, schedule
        ) { [receiver] in try receiver.poster($0) }
    }
}
