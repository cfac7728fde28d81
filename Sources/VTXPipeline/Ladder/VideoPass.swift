// One pass over a part of a source's video: from the source's packets to chunks of all rungs.
//
//     demux ─▶ decode ─▶ filter ─▶ clock ─▶ scale ─┬─▶ encode 1080p ─▶ chunks
//                                                  └─▶ scale ─┬─▶ encode 720p ─▶ chunks
//                                                             └─▶ ... ─▶ thumbnails

import LibAV
import VTXModel
import VTXSystem

/// One pass. Used once.
final class VideoPass {
    private let work: VideoWork
    private let pass: ChunkPass
    private let group: StageGroup
    private let reading: PassReading
    private var stages: [(name: String, body: @Sendable () throws -> Void)] = []
    private var yielding: Set<String> = []

    /// - Parameter parent: the group that this pass runs in.
    init(_ work: VideoWork, _ pass: ChunkPass, parent: StageGroup) {
        self.work = work
        self.pass = pass
        group = StageGroup(interrupt: work.interrupt, parent: parent)
        reading = PassReading(pass: pass, schedule: work.schedule)
    }

    /// How far before a chunk a pass begins: filters that look at neighbours (deinterlacers) see some.
    private static let lead: Int64 = 500_000

    func run() throws {
        let (plan, video) = (work.plan, work.video)
        let source = try Demuxer(opening: plan.input, interrupt: work.interrupt)
        source.keepOnly([video.stream])
        if pass.seeks {
            let start = rescale(
                work.schedule.layout.start(of: pass.chunk), from: plan.grid.frameRate.inverse,
                to: MediaTime.microsecond
            )
            try source.seek(
                to: plan.origin.rescaled(to: MediaTime.microsecond).ticks + start - Self.lead,
                stream: video.stream)
        }
        let clocked = try addClock(source)
        try addRungs(from: clocked.frames)
        for stage in stages {
            group.start(stage.name, yields: yielding.contains(stage.name), stage.body)
        }
        let demux = DemuxStage(
            demuxer: source, origin: plan.origin, routes: [video.stream: .stage(clocked.packets)],
            result: reading.source)
        group.start("demux v") { try demux.run() }
        try group.wait(every: 0.1) {}
        try reading.noteCounts()
        let read = reading.source.with { $0 }
        work.reading.with { $0.merge(read) }
    }

    private func addClock(_ source: Demuxer) throws -> (
        packets: Channel<Packet>, frames: Channel<Frame>
    ) {
        let (plan, video) = (work.plan, work.video)
        let decoder = try Decoder(
            for: source.parameters(of: video.stream), threads: video.decoderThreads)
        let packets: Channel<Packet> = group.channel(capacity: 16)
        let decoded: Channel<Frame> = group.channel(capacity: 2)
        let filtered: Channel<Frame> = group.channel(capacity: 2)
        let clocked: Channel<Frame> = group.channel(capacity: 2)
        let (endOfTracks, stream, reached) = (work.endOfTracks, video.stream, reading.reached)
        let decode = VideoDecodeStage(
            decoder: decoder, packets: packets, frames: decoded, isCutAtStart: false, limit: nil,
            nominalRate: plan.grid.frameRate, reached: reached, counts: reading.counts,
            atEnd: { endOfTracks.arrive(stream, end: reached.with { $0 }) })
        stages.append(("decode v", { try decode.run() }))
        // The frames keep their timestamps here; the clock decides about them.
        var common = video.rungs[0].encode
        common.filters = video.filters
        common.refit = video.refit
        common.expected = video.expected
        common.filterThreads = video.filterThreads
        common.isConstantRate = false
        common.keepsCaptions = video.rungs.contains { $0.encode.keepsCaptions }
        let filter = VideoFilterStage(
            plan: common, base: decoder.timeBase, input: decoded, output: filtered, canvas: nil,
            counts: reading.counts)
        stages.append(("filter v", { try filter.run() }))
        let clock = FrameClock(
            input: filtered, output: clocked, base: common.timeBase, frameRate: plan.grid.frameRate,
            overlap: video.chunkOverlap, endOfTracks: endOfTracks, pass: pass, schedule: work.schedule,
            reading: reading, counts: reading.counts)
        stages.append(("clock", { try clock.run() }))
        return (packets, clocked)
    }

    /// Rungs of one size.
    private struct SizeNode {
        var size: PixelSize
        var divisor: Int
        var rungs: [RungPlan]
    }

    /// The sizes of all rungs, the largest first.
    private var sizes: [SizeNode] {
        var sizes: [SizeNode] = []
        for rung in work.video.rungs {
            if let index = sizes.firstIndex(where: { $0.size == rung.encode.size }) {
                sizes[index].rungs.append(rung)
            } else {
                sizes.append(SizeNode(size: rung.encode.size, divisor: rung.frameDivisor, rungs: [rung]))
            }
        }
        return sizes.sorted { $0.size.area > $1.size.area }
    }

    /// One scaler for each size; it feeds all encoders of that size and the scalers of smaller sizes.
    private func addRungs(from clocked: Channel<Frame>) throws {
        let sizes = sizes
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
                // Smaller frames wait longer for their turn without holding up the largest.
                let frames: Channel<Frame> = group.channel(capacity: place == 0 ? 2 : 8)
                outputs.append(frames)
                try addEncoder(rung, frames: frames)
                if place > 0, work.yields { yielding.insert("encode \(rung.name)") }
            }
            outputs += below[place] ?? []
            let scale = ScaleStage(
                input: inputs[place], size: node.size, pixelFormat: node.rungs[0].encode.pixelFormat,
                divisor: node.divisor, threads: 1, outputs: outputs,
                chunkFrames: work.schedule.layout.frames,
                samples: addSamples(
                    isLargest: place == 0, isSmallest: place == sizes.count - 1, node.divisor),
                counts: reading.counts)
            stages.append(("scale \(node.size.shortSide)", { try scale.run() }))
        }
    }

    /// Thumbnails are made of the smallest size, the poster of the largest.
    private func addSamples(
        isLargest: Bool, isSmallest: Bool, _ divisor: Int
    ) -> [(every: Int, channel: Channel<Frame>)] {
        guard let thumbnails = work.plan.thumbnails else { return [] }
        var samples: [(every: Int, channel: Channel<Frame>)] = []
        if isSmallest {
            let channel: Channel<Frame> = group.channel(capacity: 2)
            let every = roundedUp(thumbnails.everyFrames, to: divisor)
            samples.append((every, channel))
            addSpriteSheets(thumbnails, every, channel)
        }
        if isLargest {
            let channel: Channel<Frame> = group.channel(capacity: 2)
            samples.append((thumbnails.everyFrames, channel))
            addPoster(thumbnails, channel)
        }
        return samples
    }

    private func roundedUp(_ value: Int, to multiple: Int) -> Int {
        (value + multiple - 1) / multiple * multiple
    }

    private func addEncoder(_ rung: RungPlan, frames: Channel<Frame>) throws {
        guard let progress = work.progress[rung.name], let assembly = work.rungs[rung.name] else {
            return
        }
        let ticks = work.plan.grid.frameRate.inverse / rung.encode.timeBase
        precondition(ticks.denominator == 1, "the time base divides a frame")
        let stage = RungStage(
            name: rung.name, plan: rung.encode, needsGlobalHeader: work.plan.segments == .fmp4,
            frames: frames,
            ticksPerFrame: ticks.numerator, divisor: rung.frameDivisor, store: work.store,
            schedule: work.schedule, pass: pass,
            finished: { try assembly.advance($0) }, progress: progress)
        stages.append(("encode \(rung.name)", { try stage.run() }))
    }

    private func addSpriteSheets(_ thumbnails: ThumbnailPlan, _ every: Int, _ frames: Channel<Frame>) {
        guard let sheets = work.spriteSheets else { return }
        let stage = SampleStage(
            name: SpriteSheetAssembly.name, frames: frames, chain: SpriteSheetAssembly.tile(thumbnails),
            every: every,
            latest: nil,
            store: work.store, schedule: work.schedule, pass: pass, finished: { try sheets.advance() })
        stages.append(("thumbnails", { try stage.run() }))
    }

    private func addPoster(_ thumbnails: ThumbnailPlan, _ frames: Channel<Frame>) {
        guard let poster = work.poster else { return }
        let stage = SampleStage(
            name: PosterAssembly.name, frames: frames, chain: jpegFilters, every: thumbnails.everyFrames,
            latest: poster.latest, store: work.store, schedule: work.schedule, pass: pass,
            finished: { try poster.advance() })
        stages.append(("poster", { try stage.run() }))
    }
}

extension LadderVideoPlan {
    /// Frames of the grid that a pass shows of the chunk after its last one.
    fileprivate var chunkOverlap: Int {
        rungs.map { $0.encode.chunkOverlap.after * $0.frameDivisor }.max() ?? 0
    }
}
