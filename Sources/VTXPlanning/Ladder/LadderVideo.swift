// The video of a ladder: frames that all rungs share, and the rungs.

import VTXModel

/// The frames of a ladder before the rungs part, in the size of the largest one.
struct LadderFrames {
    var stream: StreamDescription
    /// What is left of the source's frames after they were cut and turned.
    var video: VideoDescription
    /// The decoder's frames.
    var expected: FrameShape
    var samples: SamplePlan
    var filters: [String]
    var refit: [String]
    var threads: DecodingThreads
    /// Whether filters have to see all frames from the beginning on.
    var isSequential = false

    /// - Parameter source: the file that the frames come from.
    func plan(_ rungs: [RungPlan], of source: MediaDescription) -> LadderVideoPlan {
        LadderVideoPlan(
            stream: stream.index, expected: expected,
            filters: filters, refit: refit, decoderThreads: threads.decoder, filterThreads: threads.filter,
            maySeek: maySeek(source) && !isSequential, rungs: rungs)
    }
}

/// Whether frames of a source have timestamps, and a search leads to them.
private func maySeek(_ source: MediaDescription) -> Bool {
    let formats = Set(source.format.split(separator: ","))
    return !formats.isDisjoint(with: ["mov", "mp4", "matroska", "webm", "mpegts", "mpeg"])
}

/// The video of a ladder, with what was decided about the source and about the rungs.
struct LadderVideo {
    var frames: Decided<LadderFrames>
    var rungs: Decided<[RungPlan]>
    var grid: SegmentGrid
}

extension LadderPlanner {
    /// - Throws: as `planTranscode`; `.usage` also for codecs that ladders are not written in, and for rungs that are
    ///   all larger than the source.
    func planVideo(_ stream: StreamDescription) throws(VTXError) -> LadderVideo {
        try checkCodecs()
        var planner = VideoPlanner(
            context,
            options: VideoTrackOptions(
                preset: options.preset, choice: .codec(options.codecs.first ?? .h264),
                deinterlace: options.deinterlace, removesPulldown: true, filters: options.filters,
                captions: options.captions, cores: options.cores))
        let codec = try planner.codec()
        let video = try planner.description(of: stream)
        let fields = try planner.planFields(video)
        let shaped = try planner.shape(video)
        let whole = try planner.planSize(shaped.video, codec: codec)
        planner.noteShape(shaped.video, whole)
        planner.noteCaptions(of: video, codecs: options.codecs)
        _ = planner.planSpatial(stream)
        let ladder = try chooseLadder(for: video, display: whole.canvas)
        let top = fitting(shaped.video, .size(ladder.value.rungs[0].size))
        let samples = try planner.planSamples(shaped.video, height: top.canvas.height, codec: codec)
        if let length = usualChunk(cut.expected) { planner.decide(.chunks(of: MediaTime(1, length))) }

        var chain = VideoFilterChain(shaped, deinterlace: fields?.filter, size: top, samples: samples)
        try planner.addNamedFilters(to: &chain)
        let frames = LadderFrames(
            stream: stream, video: shaped.video, expected: video.frameShape, samples: samples,
            filters: chain.filters(refit: false), refit: chain.filters(refit: true),
            threads: DecodingThreads(cores: max(1, options.cores)), isSequential: options.filters.hasMemory)
        return LadderVideo(
            frames: Decided(value: frames, decisions: planner.decisions),
            rungs: Decided(value: try planRungs(of: ladder.value, from: frames), decisions: ladder.decisions),
            grid: ladder.value.grid)
    }

    /// All rungs in each codec.
    private func planRungs(of ladder: Ladder, from frames: LadderFrames) throws(VTXError) -> [RungPlan] {
        var rungs: [RungPlan] = []
        for codec in options.codecs {
            for rung in ladder.rungs {
                rungs.append(try planRung(rung, of: frames, codec: codec, grid: ladder.grid))
            }
        }
        return rungs
    }

    private func checkCodecs() throws(VTXError) {
        let possible = VideoCodec.ladderCases
        let here = context.rules.videoCodecs
        if let other = options.codecs.first(where: { possible.contains($0) && !here.contains($0) }) {
            throw VTXError(
                .usage, "\(other.title) is not supported in \(context.rules.title)",
                remedy: .set(.segmentType, to: SegmentType.fmp4.rawValue))
        }
        if let other = options.codecs.first(where: { !possible.contains($0) }) {
            throw VTXError(
                .usage, "\(other.title) is not supported for HLS ladders",
                remedy: "use \(choice(possible.map(\.rawValue)))")
        }
    }
}
