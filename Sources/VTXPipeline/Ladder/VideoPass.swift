// One pass over a part of a source's picture: from the source's packets to chunks of all rungs.
//
//     demux ─▶ decode ─▶ filter ─▶ clock ─▶ scale ─┬─▶ encode 1080p ─▶ chunks
//                                                  └─▶ scale ─┬─▶ encode 720p ─▶ chunks
//                                                             └─▶ ... ─▶ thumbnails

import LibAV
import VTXModel
import VTXSystem

/// What all passes of a job share.
struct VideoWork: Sendable {
    let plan: LadderPlan
    let video: LadderVideoPlan
    let store: ChunkStore
    let schedule: ChunkSchedule
    let endOfTracks: EndOfTracks
    let interrupt: Interrupt
    /// Whether the encoders of smaller pictures leave the cores to the largest one's, which takes longest: with one
    /// pass, the job ends when that ends.
    let yields: Bool
    /// By rung.
    let progress: [String: Guarded<RenditionProgress>]
    let rungs: [String: RungAssembly]
    let sheets: SpriteSheetAssembly?
    let poster: PosterAssembly?
    let reading: Guarded<SourceReading>

    /// What is kept of each chunk.
    static func streams(of plan: LadderPlan) -> [String] {
        (plan.video?.rungs ?? []).map(\.name)
            + (plan.thumbnails == nil ? [] : [SpriteSheetAssembly.name, PosterAssembly.name])
    }

    /// Encodes all chunks that are missing, and assembles them.
    ///
    /// - Parameters:
    ///   - jobs: passes at a time.
    ///   - parent: the group one of whose stages this is.
    func run(jobs: Int, parent: StageGroup) throws {
        repeat {
            let group = StageGroup(interrupt: interrupt, parent: parent)
            for job in 1...max(1, jobs) {
                group.start("pass \(job)") {
                    while let pass = schedule.begin() {
                        try VideoPass(self, pass, parent: group).run()
                        schedule.leave(pass)
                    }
                }
            }
            try group.wait(every: 0.1) {}
        } while try schedule.startOverAfterMismatch()
        for rung in video.rungs {
            try rungs[rung.name]?.finish {
                try Encoder(video: rung.encode, needsGlobalHeader: plan.segments == .fmp4).parameters
            }
        }
        try sheets?.finish()
        try poster?.finish()
    }
}

/// One pass. Used once.
final class VideoPass {
    private let work: VideoWork
    private let pass: ChunkSchedule.Pass
    private let group: StageGroup
    private var stages: [(name: String, body: @Sendable () throws -> Void)] = []
    private var yielding: Set<String> = []

    /// - Parameter parent: the group that this pass runs in.
    init(_ work: VideoWork, _ pass: ChunkSchedule.Pass, parent: StageGroup) {
        self.work = work
        self.pass = pass
        group = StageGroup(interrupt: work.interrupt, parent: parent)
    }

    /// How far before a chunk a pass begins: filters that look at neighbours (deinterlacers) see some.
    private static let lead: Int64 = 500_000

    func run() throws {
        let (plan, video) = (work.plan, work.video)
        let source = try Demuxer(opening: plan.input, interrupt: work.interrupt)
        source.keepOnly([video.stream])
        if pass.seeks {
            let start = rescale(
                work.schedule.layout.start(of: pass.chunk), from: plan.grid.frameRate.inverse, to: MediaTime.microsecond
            )
            try source.seek(
                to: plan.origin.rescaled(to: MediaTime.microsecond).ticks + start - Self.lead, stream: video.stream)
        }
        let reading = Guarded(SourceReading())
        let clocked = try addClock(source, reading)
        try addRungs(from: clocked.frames)
        for stage in stages { group.start(stage.name, yields: yielding.contains(stage.name), stage.body) }
        let demux = DemuxStage(
            demuxer: source, origin: plan.origin, routes: [video.stream: .stage(clocked.packets)], result: reading)
        group.start("demux v") { try demux.run() }
        try group.wait(every: 0.1) {}
        try clocked.note()
        let read = reading.with { $0 }
        work.reading.with { $0.merge(read) }
    }

    private func addClock(
        _ source: Demuxer, _ reading: Guarded<SourceReading>
    ) throws -> (packets: Channel<Packet>, frames: Channel<Frame>, note: @Sendable () throws -> Void) {
        let (plan, video) = (work.plan, work.video)
        let decoder = try Decoder(for: source.parameters(of: video.stream), threads: video.decoderThreads)
        let packets: Channel<Packet> = group.channel(capacity: 16)
        let decoded: Channel<Frame> = group.channel(capacity: 2)
        let filtered: Channel<Frame> = group.channel(capacity: 2)
        let clocked: Channel<Frame> = group.channel(capacity: 2)
        let reached = Guarded<MediaTime?>(nil)
        let counts = Guarded(DecoderCounts())
        let (endOfTracks, schedule, pass, stream) = (work.endOfTracks, work.schedule, pass, video.stream)
        let decode = VideoDecodeStage(
            decoder: decoder, packets: packets, frames: decoded, isCutAtStart: false, limit: nil,
            nominalRate: plan.grid.frameRate, reached: reached, counts: counts,
            atEnd: { endOfTracks.arrive(stream, end: reached.with { $0 }) })
        stages.append(("decode v", { try decode.run() }))
        // The frames keep their times here; the clock decides about them.
        var common = video.rungs[0].encode
        common.filters = video.filters
        common.refit = video.refit
        common.expected = video.expected
        common.filterThreads = video.filterThreads
        common.isConstantRate = false
        let filter = VideoFilterStage(
            plan: common, base: decoder.timeBase, input: decoded, output: filtered, canvas: nil, counts: counts)
        stages.append(("filter v", { try filter.run() }))
        let note: @Sendable () throws -> Void = { try schedule.note(counts.with { $0 }, of: pass) }
        let clock = FrameClock(
            input: filtered, output: clocked, base: common.timeBase, frameRate: plan.grid.frameRate,
            overlap: video.chunkOverlap, endOfTracks: endOfTracks, pass: pass, schedule: schedule, note: note,
            reached: { reached.with { $0 } ?? .zero },
            isWhole: { reading.with { $0.failure == nil } })
        stages.append(("clock", { try clock.run() }))
        return (packets, clocked, note)
    }

    /// One scaler for each size; it feeds all encoders of that size and the scalers that work on from it.
    private func addRungs(from clocked: Channel<Frame>) throws {
        let (plan, video) = (work.plan, work.video)
        var sizes: [(size: PixelSize, divisor: Int, rungs: [RungPlan])] = []
        for rung in video.rungs {
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
                if place > 0, work.yields { yielding.insert("encode \(rung.name)") }
            }
            outputs += below[place] ?? []
            var samples: [(every: Int, channel: Channel<Frame>)] = []
            if let thumbnails = plan.thumbnails {
                if place == sizes.count - 1 {
                    let channel: Channel<Frame> = group.channel(capacity: 2)
                    let every = roundedUp(thumbnails.everyFrames, to: node.divisor)
                    samples.append((every, channel))
                    addSpriteSheets(thumbnails, every, channel)
                }
                if place == 0 {
                    let channel: Channel<Frame> = group.channel(capacity: 2)
                    samples.append((thumbnails.everyFrames, channel))
                    addPoster(thumbnails, channel)
                }
            }
            let scale = ScaleStage(
                input: inputs[place], size: node.size, pixelFormat: node.rungs[0].encode.pixelFormat,
                divisor: node.divisor, threads: 1, outputs: outputs, chunkFrames: work.schedule.layout.frames,
                samples: samples)
            stages.append(("scale \(node.size.shortSide)", { try scale.run() }))
        }
    }

    private func roundedUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }

    private func addEncoder(_ rung: RungPlan, frames: Channel<Frame>) throws {
        guard let progress = work.progress[rung.name], let assembly = work.rungs[rung.name] else { return }
        let ticks = work.plan.grid.frameRate.inverse / rung.encode.timeBase
        precondition(ticks.denominator == 1, "the time base divides a frame")
        let stage = RungStage(
            name: rung.name, plan: rung.encode, needsGlobalHeader: work.plan.segments == .fmp4, frames: frames,
            ticksPerFrame: ticks.numerator, divisor: rung.frameDivisor, store: work.store,
            schedule: work.schedule, pass: pass,
            finished: { try assembly.advance($0) }, progress: progress)
        stages.append(("encode \(rung.name)", { try stage.run() }))
    }

    private func addSpriteSheets(_ thumbnails: ThumbnailPlan, _ every: Int, _ frames: Channel<Frame>) {
        guard let sheets = work.sheets else { return }
        let stage = SampleStage(
            name: SpriteSheetAssembly.name, frames: frames, chain: SpriteSheetAssembly.tile(thumbnails), every: every,
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
    fileprivate var chunkOverlap: Int { rungs.map { $0.encode.chunkOverlap.after * $0.frameDivisor }.max() ?? 0 }
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
