// From a source to the renditions of an adaptive package.
//
// The source's frames and tracks are planned as for a file (`planAudio`, `planText`, the steps of `VideoPlanner`), under
// the rules of segments; the ladder adds the grid, the rungs and their rates.

public import VTXModel

/// Decides everything about a ladder.
///
/// - Throws: as `planTranscode`; `.usage` also if all rungs asked for are above the source.
public func planLadder(
    of source: MediaDescription, options: LadderOptions, capabilities: Capabilities
) throws(VTXError) -> LadderPlan {
    try collectingMistakes(in: options) { (options) throws(VTXError) in
        try plan(source, options, capabilities)
    }
}

private func plan(
    _ source: MediaDescription, _ options: LadderOptions, _ capabilities: Capabilities
) throws(VTXError) -> LadderPlan {
    try options.preset.checkForPackages()
    var context = TrackContext(source: source, rules: .segments(options.segments), capabilities: capabilities)
    try requireMedia(source)
    var decisions =
        noteProgram(of: source) + ignoredEditRates(of: source) + ignoredCrops(of: source) + decodedTags(of: source)
    let stream = decisions.note(try chooseVideo(in: context, options: VideoTrackOptions(preset: options.preset)))
    let tracks = decisions.note(try chooseAudio(in: context, options: stereoOptions(options)))
    guard stream != nil || !tracks.isEmpty else {
        throw nothingLeft(of: context, output: options.output, wantsAudio: options.audioTracks != .none)
    }
    decisions += withoutEffect(
        video: options.needingVideo, audio: options.audioTracks == .none ? [] : options.needingAudio, on: source)
    context.cut = try planCut(of: source, over: (stream.map { [$0] } ?? []) + tracks.map(\.stream))
    let planner = LadderPlanner(context: context, options: options)
    var plan = try planner.planTracks(stream, tracks, noting: &decisions)
    if plan.video != nil {
        plan.subtitles = decisions.note(try planner.planSubtitles(captionsOf: stream))
        if options.wantsThumbnails { plan.thumbnails = planThumbnails(plan) }
    }
    plan.player = options.player
    plan.title = packageTitle(of: [source])
    decisions += try planner.planEncryption(&plan)
    plan.decisions = decisions
    return plan
}

extension LadderPlanner {
    /// Audio and video. What is decided about the source comes before what is decided about renditions.
    fileprivate func planTracks(
        _ stream: StreamDescription?, _ tracks: [NumberedStream], noting decisions: inout [Decision]
    ) throws(VTXError) -> LadderPlan {
        var video: LadderVideo?
        if let stream { video = try planVideo(stream) }
        decisions += video?.frames.decisions ?? []
        let stereo = decisions.note(try planStereo(tracks))
        decisions += planAttachments(in: context, hasVideo: stream != nil).decisions
        decisions += droppedData(of: source)
        decisions += tagsNotPackaged(of: [source])

        var plan = emptyPlan(grid: video?.grid)
        if let video { plan.video = video.frames.value.plan(decisions.note(video.rungs), of: source) }
        planChunks(&plan)
        plan.audio = stereo + decisions.note(try planSurround(tracks, beside: stereo))
        return plan
    }
}
