// From what the source is and what was asked for to what will be done.
//
// Pure: the same source, options and capabilities always give the same plan or the same error.

public import VTXModel

/// Decides everything about a transcode.
///
/// - Throws: `.usage` for what cannot be asked of this source or container, all of it at once; `.badMedia` for a source
///   with nothing to play, `.unavailable` for a codec or filter that this libav does not have.
public func planTranscode(
    of source: MediaDescription, options: TranscodeOptions, capabilities: Capabilities
) throws(VTXError) -> TranscodePlan {
    try collectingMistakes(in: options) { (options) throws(VTXError) in
        try plan(source, asked: options, capabilities)
    }
}

private func plan(
    _ source: MediaDescription, asked: TranscodeOptions, _ capabilities: Capabilities
) throws(VTXError) -> TranscodePlan {
    let asked = try asked.copyingForCut()
    let container = try outputContainer(asked)
    var options = try asked.choosingCodecs(for: container)
    try options.checkStream()
    try options.checkTargetSize()
    var context = TrackContext(source: source, rules: .container(container), capabilities: capabilities)
    var decisions =
        noteProgram(of: source) + ignoredEditRates(of: source) + ignoredCrops(of: source) + decodedTags(of: source)
    let tracks = try chooseTracks(in: context, options: options, noting: &decisions)
    decisions += withoutEffect(
        video: asked.video == .none ? [] : asked.videoTrack.needingVideo,
        audio: asked.audioTrack.isWanted ? asked.audioTrack.needingAudio : [], on: source)
    try checkSpeedUp(options)
    context.cut = try planCut(of: source, over: tracks.all, options: options.cut)
    let cutPlan = try context.cut.follow(options, over: tracks.all, hasVideo: tracks.video != nil)
    if context.cut.isSpedUp { decisions.append(.filter(.spedUp(context.cut.speed))) }

    var plan = TranscodePlan(
        input: source.path, output: options.output, container: container, origin: context.cut.origin,
        skipped: context.cut.skipped, limit: context.cut.limit, expectedDuration: context.cut.expected)
    if context.cut.isSpedUp { plan.speedUp = context.cut.speed }
    options = decisions.note(
        options.choosingShape(
            for: tracks.video?.video, duration: plan.expectedDuration, asked: asked))
    if let stream = tracks.video {
        plan.video = decisions.note(try planVideo(stream, in: context, options: options.videoTrack))
    }
    plan.cut = cutPlan.map { $0.divided(by: plan.video?.smartCut, of: options.cutPoints) }
    if let smart = plan.cut { decisions += smart.decisions(of: plan.video?.smartCut) }
    decisions += try planChunks(of: &plan, options: options)
    plan.audio = decisions.note(try planAudio(tracks.audio, in: context, options: options.audioTrack))
    decisions += plan.cut.map { $0.audioDecisions(plan.audio) } ?? []
    plan.subtitles = decisions.note(try planText(in: context, options: options.textTrack))
    plan.subtitles += decisions.note(try context.planCaptionTrack(of: tracks.video, choice: options.captions))
    decisions += try options.tags.label(&plan)
    plan.attachments = decisions.note(
        planAttachments(in: context, hasVideo: tracks.video != nil, options: options.tags))
    plan.cover = decisions.note(planCover(in: context, options: options.tags))
    plan.chapters = decisions.note(planChapters(in: context, options: options.tags))
    plan.metadata = decisions.note(
        planTags(
            of: source, for: container, isEncoded: plan.audio.contains { $0.encode != nil },
            isLevelled: options.loudness != nil, options: options.tags,
            hasTitles: (tracks.all + source.tracks(.subtitle)).contains { $0.title != nil }))
    decisions += asked.replacing(in: plan, of: tracks.video?.video)
    plan.muxerOptions = muxerOptions(for: plan, of: source)
    decisions += try planSize(of: &plan, options: options)
    decisions += droppedData(of: source)
    decisions += planStream(of: &plan)
    plan.decisions = decisions
    return plan
}

/// The streams that become audio and video.
private struct ChosenTracks {
    var video: StreamDescription?
    var audio: [NumberedStream]

    var all: [StreamDescription] { (video.map { [$0] } ?? []) + audio.map(\.stream) }
}

private func chooseTracks(
    in context: TrackContext, options: TranscodeOptions, noting decisions: inout [Decision]
) throws(VTXError) -> ChosenTracks {
    try requireMedia(context.source)
    let video = decisions.note(try chooseVideo(in: context, options: options.videoTrack))
    let audio = decisions.note(try chooseAudio(in: context, options: options.audioTrack))
    guard video != nil || !audio.isEmpty else {
        throw nothingLeft(of: context, output: options.output, wantsAudio: options.audioTrack.isWanted)
    }
    return ChosenTracks(video: video, audio: audio)
}

private func muxerOptions(for plan: TranscodePlan, of source: MediaDescription) -> [String: String] {
    guard plan.container.isISO else { return [:] }
    var options = plan.isStreamed ? fragmentOptions : ["movflags": "+faststart"]
    // libavformat 59 calls FLAC in MP4 experimental; the mapping has been final since 2018.
    let hasFLAC = plan.audio.contains { track in
        track.encode.map { $0.codec == .flac }
            ?? source.streams.contains { $0.index == track.stream && $0.codec == "flac" }
    }
    // The boxes of Dolby Vision are not ISO's own, so that libav has to be asked for them.
    let keepsDolbyVision = plan.video.map { track in
        track.encode == nil && source.streams[track.stream].video?.hdr?.format == .dolbyVision
    }
    if keepsDolbyVision ?? false || plan.video?.keepsSpatial == true { options["strict"] = "unofficial" }
    if hasFLAC { options["strict"] = "experimental" }
    return options
}
