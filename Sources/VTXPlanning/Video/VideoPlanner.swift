// The planning of one video track.
//
// A transcode runs all of it. A ladder runs its steps: the source's frames are planned once (deinterlacing, shape,
// samples), their encoding once for each rung.

import VTXModel

/// What the planning of a video track knows, and what it has decided so far.
struct VideoPlanner {
    let context: TrackContext
    let options: VideoTrackOptions
    private(set) var decisions: [Decision] = []

    init(_ context: TrackContext, options: VideoTrackOptions) {
        self.context = context
        self.options = options
    }

    var source: MediaDescription { context.source }
    var rules: TrackRules { context.rules }
    var cut: Cut { context.cut }
    var capabilities: Capabilities { context.capabilities }

    mutating func decide(_ decision: VideoDecision) { decisions.append(.video(decision)) }
    mutating func decide(_ decision: FilterDecision) { decisions.append(.filter(decision)) }
    mutating func decide(_ decision: CaptionDecision) { decisions.append(.captions(decision)) }
    mutating func report(_ others: [Decision]) { decisions += others }
}

extension VideoPlanner {
    /// `h264, hevc or vp9`: the codecs for which `holds` is true.
    func names(_ holds: (any VideoCodecTraits) -> Bool) -> String {
        choice(VideoCodec.allCases.filter { holds($0.traits) }.map(\.rawValue))
    }

    /// The codec that was asked for, or the first one of the target.
    ///
    /// - Throws: `.usage` if the target does not support it, `.unavailable` if there is no encoder.
    func codec() throws(VTXError) -> VideoCodec {
        let possible = rules.videoCodecs
        let codec: VideoCodec
        if case .codec(let asked) = options.choice {
            guard possible.contains(asked) else {
                throw VTXError(
                    .usage, "\(rules.title) does not support \(asked.title)",
                    remedy: "use \(choice(possible.map(\.rawValue)))")
            }
            codec = asked
        } else {
            codec = possible[0]
        }
        try requireEncoder(of: codec, among: possible)
        return codec
    }

    private func requireEncoder(of codec: VideoCodec, among possible: [VideoCodec]) throws(VTXError) {
        guard !capabilities.encoders.contains(codec.encoder) else { return }
        let present = possible.filter { capabilities.encoders.contains($0.encoder) }.map(\.rawValue)
        let setting = rules.container == nil ? Setting.codecs : .video
        throw VTXError(
            .unavailable, "this libav has no encoder '\(codec.encoder)' for \(codec.rawValue)",
            remedy: present.isEmpty
                ? .installFFmpeg
                : "\(rules.formatName) also takes \(present.joined(separator: ", ")): choose one with \(setting)")
    }

    /// What the source says about a stream that is decoded.
    ///
    /// - Throws: `.unavailable` if there is no decoder, `.badMedia` if its size or frame rate is not possible.
    func description(of stream: StreamDescription) throws(VTXError) -> VideoDescription {
        guard stream.isDecodable, stream.codec != "none" else {
            throw VTXError(
                .unavailable,
                "this libav has no decoder for \(stream.codecWords), the video of '\(source.path)'",
                remedy: "an FFmpeg build with that decoder can read it; \(.video, "none") keeps the audio")
        }
        try refuseAnimatedWebP(stream)
        let video = try sized(stream)
        try checkRate(video, of: stream)
        return video
    }

    /// The video of a stream whose size is known: damage, or a start in the middle, may keep it from being told.
    @discardableResult
    func sized(_ stream: StreamDescription) throws(VTXError) -> VideoDescription {
        guard let video = stream.video, video.size.width > 0, video.size.height > 0 else {
            throw VTXError(
                .badMedia, "the video of '\(source.path)' (stream \(stream.index)) has no frame size",
                cause: "there is no frame at its beginning that can be decoded",
                remedy: "the file may be damaged; \(.video, "none") keeps the audio")
        }
        return video
    }

    /// Throws if the stream is an animation that libav cannot read, of which it does not even know the size.
    func refuseAnimatedWebP(_ stream: StreamDescription) throws(VTXError) {
        guard stream.codec == "webp", stream.video?.size.width ?? 0 == 0 else { return }
        throw VTXError(
            .unavailable, "the video of '\(source.path)' (stream \(stream.index)) is not supported",
            cause: "this libav does not read animated WebP", remedy: "convert it to GIF or APNG first")
    }

    /// A header may name any rate. An impossible one makes all timestamps that follow from it impossible too.
    private func checkRate(_ video: VideoDescription, of stream: StreamDescription) throws(VTXError) {
        guard let rate = video.averageFrameRate ?? video.nominalFrameRate, !believedRates.contains(rate) else { return }
        if source.format.hasPrefix("mov,"), source.duration == nil {
            throw VTXError(
                .badMedia, "the video of '\(source.path)' (stream \(stream.index)) has no frames",
                cause: "the file is empty but for its header: an initialization segment without its fragments",
                remedy: "join the header and the fragments to one file")
        }
        throw VTXError(
            .badMedia, "the video of '\(source.path)' (stream \(stream.index)) claims \(rate.value) frames a second",
            cause: "its header is wrong",
            remedy: "repair the header, or leave the video out with \(.video, "none")")
    }
}

extension VideoDescription {
    /// What the decoder's frames should be like.
    var frameShape: FrameShape {
        FrameShape(size: size, pixelFormat: pixelFormat, sampleAspectRatio: codedShape)
    }
}

/// Frame rates that are believed: from one frame a day to those of high-speed cameras.
private let believedRates = Rational(1, 86_400)...Rational(2000)
