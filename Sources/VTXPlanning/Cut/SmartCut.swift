// How the ends of a smart cut are encoded: like the frames between them, which are copied.

import VTXModel

/// Quality of re-encoded ends, on the scale of libx264: hardly to be told from the source, and seconds at most.
private let endQuality = 14.0

extension VideoPlanner {
    /// Plans the parts of a cut that copies video; others are left as they are.
    ///
    /// - Throws: `.usage`, `.unavailable` if ends have to be encoded of video that no encoder continues.
    mutating func planCut(of stream: StreamDescription, in plan: inout VideoTrackPlan) throws(VTXError) {
        guard cut.mode != .exact else { return }
        guard plan.stampRate == nil, source.format != "avi" || cut.mode == .keyframe else {
            throw VTXError(
                .usage, "\(.cut, cut.mode.rawValue): the frames of '\(source.path)' have no timestamps to cut at",
                remedy: .leaveOut(.cut))
        }
        guard rules.hasTimestamps else {
            throw VTXError(
                .usage, "\(.cut, cut.mode.rawValue): \(rules.title) stores no timestamps",
                remedy: "write .mkv or .mp4, or leave out \(.cut) to encode it")
        }
        guard cut.mode == .smart else { return }
        if let crf = options.crf { try checkEndQuality(crf) }
        guard let points = options.cutPoints else { return }
        let hasHead = points.start != nil && (points.resume == nil || points.headFrames > 0)
        let hasTail = points.tailFrames > 0
        guard hasHead || hasTail else { return }
        try checkContinuation(of: stream, points)
        let encode = try planEnds(of: stream, points)
        // Nothing is copied if the keyframe to begin with comes behind the last frame that can be copied.
        let isBehind = points.resume.map { resume in points.end.map { $0 <= resume } ?? false } ?? true
        let isAllHead = points.start != nil && isBehind
        let isEmpty = isAllHead || points.resume.map { resume in points.copyEnd.map { $0 <= resume } ?? false } ?? false
        var smart = SmartCutPlan(
            encode: encode, decodeStart: points.start == nil ? nil : points.decodeStart, hasCopy: !isEmpty,
            reordering: points.reordering)
        if isEmpty {
            smart.encodedFrames = points.headFrames + (isAllHead ? 0 : points.tailFrames)
        } else {
            smart.copyStart = points.resume
            if hasTail { (smart.copyEnd, smart.tailKey) = (points.copyEnd, points.tailKey) }
            smart.encodedFrames = (hasHead ? points.headFrames : 0) + points.tailFrames
        }
        plan.smartCut = smart
    }

    private func checkEndQuality(_ crf: Double) throws(VTXError) {
        guard (1...51).contains(crf) else {
            throw VTXError(
                .usage, "\(.crf) \(decimalText(crf)) is out of range",
                cause: "0 is lossless, which is another profile than that of the copied frames",
                remedy: "the ends of a smart cut take 1 to 51")
        }
    }

    /// Whether libx264 can make frames that go together with those of the stream.
    private func checkContinuation(of stream: StreamDescription, _ points: CutPoints) throws(VTXError) {
        func refuse(_ reason: Message) -> VTXError {
            VTXError(
                .usage, "\(.cut, "smart"): the ends of '\(source.path)' cannot be re-encoded like the rest",
                cause: reason,
                remedy: "use \(.cut, "keyframe"), or leave out \(.cut) to encode all of it")
        }
        guard stream.codec == "h264" else {
            throw refuse(
                "smart cuts of \(stream.codecWords) have to begin and end at keyframes: only H.264 is re-encoded")
        }
        guard let coding = points.coding, !coding.profiles.isEmpty else {
            throw refuse("no frame at its beginning can be decoded, or it has no parameter sets")
        }
        if points.isUntimed { throw refuse("not all of its frames have timestamps") }
        if !coding.isFrameOnly { throw refuse("it is coded as interlaced, by fields or pairs of macroblocks") }
        if coding.profiles.count > 1 { throw refuse("its parameter sets have several profiles") }
        guard let profile = coding.profiles.first.flatMap({ profileName($0) }),
            possibleFormats(profile).contains(coding.pixelFormat)
        else {
            throw refuse("no encoder makes its profile (\(stream.profile ?? "unknown"), \(coding.pixelFormat))")
        }
        guard freeNumber(coding) != nil else { throw refuse("all numbers of parameter sets are taken") }
        if stream.video?.hdr?.format == .dolbyVision { throw refuse("it is Dolby Vision") }
        try requireX264()
    }

    private func requireX264() throws(VTXError) {
        guard capabilities.encoders.contains(VideoCodec.h264.encoder) else {
            throw VTXError(
                .unavailable, "this libav has no encoder '\(VideoCodec.h264.encoder)', which re-encodes the ends",
                remedy: .installFFmpeg)
        }
    }

    /// libx264's name of `profile_idc` (ITU-T H.264, Annex A); `nil` for those that it does not make.
    ///
    /// High 4:4:4 Predictive is not among them: libx264 before 151 got it wrong, and decoders tell by a note in the first
    /// frame of its stream, which an encoded one would replace (libavcodec: `x264_build`).
    private func profileName(_ number: Int) -> String? {
        switch number {
        case 66: "baseline"
        case 77: "main"
        case 100: "high"
        case 110: "high10"
        case 122: "high422"
        default: nil
        }
    }

    private func possibleFormats(_ profile: String) -> Set<String> {
        let usual: Set = ["yuv420p", "yuvj420p"]
        switch profile {
        case "high10": return usual.union(["yuv420p10le"])
        case "high422": return usual.union(["yuvj422p", "yuv422p", "yuv420p10le", "yuv422p10le"])
        default: return usual
        }
    }

    /// A number that no parameter set of the stream has: the highest, since encoders count from 0.
    private func freeNumber(_ coding: VideoCoding) -> Int? {
        (1...31).reversed().first { !coding.parameterSets.contains($0) }
    }

    private func planEnds(of stream: StreamDescription, _ points: CutPoints) throws(VTXError) -> VideoEncodePlan {
        guard let coding = points.coding, let number = freeNumber(coding),
            let profile = coding.profiles.first.flatMap(profileName), let video = stream.video
        else { throw VTXError(.internal, "ends of a cut without a description", remedy: .report()) }
        let rate = sourceRate(video).rate
        var encode = VideoEncodePlan(
            codec: .h264, encoder: VideoCodec.h264.encoder, size: coding.size, pixelFormat: coding.pixelFormat,
            frameRate: rate, isConstantRate: false, timeBase: stream.timeBase, color: coding.color,
            expected: FrameShape(size: coding.size, pixelFormat: coding.pixelFormat),
            rate: .constantQuality(crf: options.crf ?? endQuality))
        encode.pixelShape = coding.sampleAspectRatio ?? Rational(0)
        encode.keepsCaptions = true
        // Frames come in the order in which they are shown, but the decoder has to expect the order of the copied ones.
        encode.options = [
            "preset": "medium", "profile": profile, "bf": points.reordering == 0 || profile == "baseline" ? "0" : "2",
            "b-pyramid": points.reordering > 1 ? "normal" : "none",
            "x264-params": "sps-id=\(number)",
        ]
        if let level = coding.levels.max() { encode.options["level"] = levelText(level) }
        encode.encoderThreads = options.threads ?? 0
        encode.decoderThreads = max(1, min(8, options.cores / 4))
        return encode
    }

    /// `level_idc` as libx264 reads it.
    private func levelText(_ level: Int) -> String { level == 9 ? "1b" : "\(level / 10).\(level % 10)" }
}
