// How the video track of a file is encoded or copied.

import VTXModel

/// Decides how `stream` becomes the video track of a target.
///
/// - Throws: `.usage` for what cannot be asked of this stream or target, `.badMedia` for a stream without frames,
///   `.unavailable` for a codec or filter that this libav does not have.
func planVideo(
    _ stream: StreamDescription, in context: TrackContext, options: VideoTrackOptions
) throws(VTXError) -> Decided<VideoTrackPlan> {
    var planner = VideoPlanner(context, options: options)
    if options.choice == .copy {
        var plan = try planner.planCopy(of: stream)
        plan.keepsSpatial = planner.planSpatial(stream)
        try planner.planCut(of: stream, in: &plan)
        return Decided(value: plan, decisions: planner.decisions)
    }
    let codec = try planner.choosingEncoder(for: planner.codec())
    let video = try planner.description(of: stream)
    let encode = try planner.planEncode(stream, video, codec: codec)
    let plan = VideoTrackPlan(
        stream: stream.index, label: context.rules.label(of: stream),
        tag: context.rules.tag(of: codec, options: encode.options), encode: encode,
        keepsSpatial: planner.planSpatial(stream, encode: encode))
    return Decided(value: plan, decisions: planner.decisions)
}

extension VideoPlanner {
    fileprivate mutating func planEncode(
        _ stream: StreamDescription, _ video: VideoDescription, codec: VideoCodec
    ) throws(VTXError) -> VideoEncodePlan {
        let fields = try planFields(video)
        let timing = try planTiming(stream, video, codec: codec, factor: fields?.factor ?? Rational(1))
        let shaped = try shape(video)
        let size = try planSize(shaped.video, codec: codec)
        noteShape(shaped.video, size)
        noteCaptions(of: video, codecs: [codec])
        let samples = try planSamples(shaped.video, height: size.canvas.height, codec: codec)
        let burnt = try planBurn()

        var chain = VideoFilterChain(
            shaped, deinterlace: fields?.filter, frameRate: timing.filter, size: size, samples: samples)
        chain.burn = burnt.filters
        try addNamedFilters(to: &chain)
        var encode = try planEncoder(
            EncoderInput(
                size: size.canvas, samples: samples, timing: timing,
                expected: video.frameShape), codec: codec)
        noteLossless(encode)
        encode.filters = chain.filters(refit: false)
        encode.refit = chain.filters(refit: true)
        encode.overlaySubtitle = burnt.overlay
        encode.overlayFile = burnt.overlayFile
        report(burnt.decisions)
        return encode
    }

    /// How fields become frames; `nil` if there are none.
    mutating func planFields(_ video: VideoDescription) throws(VTXError) -> Deinterlacing? {
        let found = deinterlacing(
            video, choice: options.deinterlace, removesPulldown: options.removesPulldown)
        guard let fields = found else { return nil }
        // What it does to frames that may never come is no reason to refuse the rest.
        if fields == .betweenFilm, !context.capabilities.filters.contains("bwdif") { return nil }
        for filter in ["bwdif", "fieldmatch", "decimate"] where fields.filter.contains(filter) {
            try context.require(filter: filter, to: "deinterlace")
        }
        decide(fields.decision)
        return fields
    }
}
