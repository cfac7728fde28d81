// What the parts of a ladder's planning know.

import VTXModel

/// The source, the rules of segments and the options. Its parts are in the files beside this one.
struct LadderPlanner {
    let context: TrackContext
    let options: LadderOptions

    var source: MediaDescription { context.source }
    var cut: Cut { context.cut }
}

extension LadderPlanner {
    /// A plan without renditions.
    ///
    /// - Parameter grid: `nil` without video, where segments follow a grid of 24 frames a second.
    func emptyPlan(grid: SegmentGrid?) -> LadderPlan {
        LadderPlan(
            input: source.path, output: options.output, segments: options.segments,
            isSingleFile: options.isSingleFile,
            grid: grid
                ?? SegmentGrid(frameRate: Rational(24), gop: options.gopDuration, segment: options.segmentDuration),
            origin: cut.origin, expectedDuration: cut.expected)
    }

    /// Divides the rungs of `plan` into chunks.
    ///
    /// A chunk is an eighth of the source, 24 seconds at least and a minute at most: enough pieces for several passes
    /// at once, and little to do again after an interruption; what encoders see twice is about a fiftieth. With average
    /// bit rates it is a minute: each chunk gets the same bits for any content, and an encoder has to find its rate
    /// again (chunks of 18 s cost 0.15 to 0.33 dB in `scripts/bench ladder`).
    func planChunks(_ plan: inout LadderPlan) {
        guard plan.video != nil else { return }
        let segment = plan.grid.segmentDuration.value
        let source = plan.expectedDuration?.seconds
        let shortest = options.rate == .abr ? 60.0 : 24
        let seconds = options.chunkDuration?.value ?? max(shortest, min(60, (source ?? 240) / 8))
        guard options.chunkDuration != Rational(0) else {
            plan.chunkSegments = Int(Int32.max) / plan.grid.segmentFrames
            return
        }
        plan.chunkSegments = max(1, Int((seconds / segment).rounded()))
        let length = segment * Double(plan.chunkSegments)
        guard source.map({ $0 > length }) ?? true else { return }
        for index in plan.video?.rungs.indices ?? 0..<0 {
            plan.video?.rungs[index].encode.divideIntoChunks()
        }
    }

    /// Text subtitles become WebVTT, and captions inside the video where that was asked for.
    func planSubtitles(captionsOf video: StreamDescription?) throws(VTXError) -> Decided<[SubtitleRenditionPlan]> {
        let text = TextTrackOptions(
            tracks: options.subtitleTracks, files: options.subtitleFiles, encoding: options.subtitleEncoding)
        var tracks = try planText(in: context, options: text)
        let captions = try context.planCaptionTrack(of: video, choice: options.captions)
        tracks.value += captions.value
        tracks.decisions += captions.decisions
        return Decided(
            value: tracks.value.enumerated().map { index, track in
                SubtitleRenditionPlan(
                    name: "subtitles-\(index + 1)" + track.label.nameSuffix, track: track)
            }, decisions: tracks.decisions)
    }

    /// Adds how the segments of `plan` are encrypted, if that was asked for.
    func planEncryption(_ plan: inout LadderPlan) throws(VTXError) -> [Decision] {
        guard let options = options.encryption else { return [] }
        var clear = plan.subtitles.isEmpty ? [] : ["subtitles"]
        if plan.thumbnails != nil { clear += ["poster", "thumbnails"] }
        let made = try VTXPlanning.planEncryption(
            options, output: plan.output, segments: plan.segments,
            codecs: plan.video == nil ? [] : self.options.codecs, clear: clear)
        plan.encryption = made.plan
        return made.decisions
    }
}

/// Images of 160 pixels on the long side; at most 400 for any source, five seconds apart at least.
func planThumbnails(_ plan: LadderPlan) -> ThumbnailPlan? {
    guard let size = plan.video?.rungs.last?.encode.size else { return nil }
    let small = size.width >= size.height ? size.scaled(toWidth: 160) : size.scaled(toHeight: 160)
    let seconds = max(5, (plan.expectedDuration?.seconds ?? 0) / 400)
    let frames = Int((seconds * plan.grid.frameRate.value).rounded(.up))
    return ThumbnailPlan(size: small, columns: 5, rows: 5, everyFrames: max(1, frames))
}
