// The video renditions of a package: one stream of each file.

public import VTXModel

/// What players decode of a codec; all of it is 4:2:0.
private struct PlayedVideo {
    /// Bits per sample at most.
    var bits: Int
    /// By libav's names.
    var profiles: Set<String>
    /// The highest level.
    var level: Double
    /// All of that for people.
    var words: Message
    /// What is wrong with more: "which …".
    var complaint: Message
}

/// `nil` for codecs of which players decode all that is written.
private func played(of codec: VideoCodec) -> PlayedVideo? {
    switch codec {
    case .h264:
        // Of browsers and many devices.
        PlayedVideo(
            bits: 8, profiles: ["Baseline", "Constrained Baseline", "Main", "Extended", "High"], level: 5.2,
            words: "8-bit 4:2:0 H.264, up to the High profile and level 5.2", complaint: "browsers do not play")
    case .hevc:
        // Of Apple's devices (HLS Authoring Specification, 1.6b).
        PlayedVideo(
            bits: 10, profiles: ["Main", "Main 10"], level: 5.1,
            words: "HEVC of the Main and Main 10 profiles, up to level 5.1", complaint: "few devices play")
    default: nil
    }
}

extension PackagePlanner {
    mutating func planVideo() throws(VTXError) -> [PackageVideoPlan] {
        var tracks: [Track] = []
        for (index, source) in sources.enumerated() {
            let streams = moving(source.programStreams.filter(isVideo))
            guard let best = streams.max(by: { isWorse($0, $1) }) else { continue }
            if streams.count > 1 {
                decide(.chosenVideo(path: source.path, stream: best.index, of: streams.count))
            }
            tracks.append(Track(input: index, stream: best))
        }
        var plans: [(plan: PackageVideoPlan, area: Int, rate: Int64)] = []
        for track in tracks {
            guard let video = track.stream.video else { continue }
            try refuseEncrypted(track.stream, of: sources[track.input])
            let codec = try videoCodec(of: track)
            try refuseUnviewable(video, sources[track.input].path)
            try refuseRare(track.stream, video, codec, sources[track.input].path)
            let size = shownSize(video)
            var plan = PackageVideoPlan(
                name: "\(size.shortSide)p", input: track.input, stream: track.stream.index, codec: codec, size: size,
                color: video.color, tag: rules.tag(of: codec))
            // Dolby Vision says it of its base layer where that itself does not.
            if case .high(let transfer) = dynamicRange(video) { plan.color.transfer = transfer }
            plan.frameRate = constantRate(for: video)
            plans.append((plan, size.area, bitRate(of: track)))
            try judge(video, sources[track.input].path)
        }
        // H.264 first, which plays everywhere; then the largest.
        let order = TrackRules.segments(.fmp4).videoCodecs
        func rank(_ codec: VideoCodec) -> Int { order.firstIndex(of: codec) ?? order.count }
        let sorted = plans.enumerated().sorted { one, other in
            (rank(one.element.plan.codec), -one.element.area, -one.element.rate, one.offset)
                < (rank(other.element.plan.codec), -other.element.area, -other.element.rate, other.offset)
        }.map(\.element.plan)
        return named(sorted)
    }

    /// Renditions with separate folders: `1080p`, `1080p-2`, with the codec where there are several.
    private func named(_ plans: [PackageVideoPlan]) -> [PackageVideoPlan] {
        let hasSeveralCodecs = Set(plans.map(\.codec)).count > 1
        var counts: [String: Int] = [:]
        return plans.map { plan in
            var plan = plan
            if hasSeveralCodecs { plan.name += "-\(plan.codec.rawValue)" }
            let count = counts[plan.name, default: 0] + 1
            counts[plan.name] = count
            if count > 1 { plan.name += "-\(count)" }
            return plan
        }
    }

    private func isWorse(_ one: StreamDescription, _ other: StreamDescription) -> Bool {
        func value(_ stream: StreamDescription) -> (Int, Int, Int) {
            (stream.isDefault ? 1 : 0, stream.video?.displaySize.area ?? 0, -stream.index)
        }
        return value(one) < value(other)
    }

    private func bitRate(of track: Track) -> Int64 {
        track.stream.bitRate ?? sources[track.input].bitRate ?? 0
    }

    private func videoCodec(of track: Track) throws(VTXError) -> VideoCodec {
        let possible = rules.videoCodecs
        if let codec = VideoCodec(rawValue: track.stream.codec), possible.contains(codec) { return codec }
        let fits = TrackRules.segments(.fmp4).copyableVideo.contains(track.stream.codec)
        throw VTXError(
            .usage,
            "the video of \(sources[track.input].path) is \(track.stream.codecWords), which is not supported in \(rules.title)",
            cause: "possible: " + possible.map(\.rawValue).joined(separator: ", "),
            remedy: fits
                ? .set(.segmentType, to: "fmp4") : "encode it with \(command: .transcode) or \(command: .ladder)")
    }

    private func refuseUnviewable(_ video: VideoDescription, _ path: String) throws(VTXError) {
        guard dynamicRange(video) == .unusable else { return }
        throw VTXError(
            .unavailable,
            "the video of \(path) is \(dolbyVisionWords(video)), which plain decoders show in false colours",
            cause: "its base layer is neither HDR10 nor HLG nor SDR",
            remedy: "package a version with an HDR10, HLG or SDR base layer, such as profile 8")
    }

    /// Refuses video beyond what players decode of its codec.
    private func refuseRare(
        _ stream: StreamDescription, _ video: VideoDescription, _ codec: VideoCodec, _ path: String
    ) throws(VTXError) {
        guard let played = played(of: codec) else { return }
        var words: String?
        if video.bitDepth > played.bits || video.sampling != "4:2:0" {
            words = "\(video.bitDepth)-bit \(video.sampling) \(codec.title)"
        } else if let profile = stream.profile, !played.profiles.contains(profile) {
            words = "\(codec.title) of the \(profile) profile"
        } else if let level = stream.level.flatMap(Double.init), level > played.level {
            words = "\(codec.title) of level \(stream.level ?? "")"
        }
        guard let words else { return }
        throw VTXError(
            .usage, "the video of \(path) is \(words), which \(played.complaint)",
            cause: "packages have \(played.words)",
            remedy: "encode it with \(command: .transcode) or \(command: .ladder)")
    }

    /// In square pixels, upright, with even sides, as the initialization segment will say.
    private func shownSize(_ video: VideoDescription) -> PixelSize {
        var shown = video.size
        if let shape = video.sampleAspectRatio, shape.isPositive, shape != Rational(1) {
            shown.width = max(2, Int((Double(shown.width) * shape.value / 2).rounded()) * 2)
        }
        return video.orientation.exchangesSides ? shown.transposed : shown
    }

    /// Frames stay as they are; what players may not cope with is noted.
    private mutating func judge(_ video: VideoDescription, _ path: String) throws(VTXError) {
        if video.orientation != .upright, !rules.hasOrientation {
            throw VTXError(
                .usage, "\(path) is turned by a display matrix, which is not supported in \(rules.title)",
                remedy: "use \(.segmentType, "fmp4"), or turn it with \(command: .transcode)")
        }
        // Transport streams carry neither: the shape has to be in the frames, too.
        if video.hasCodedShape == false, !rules.hasOrientation {
            throw VTXError(
                .unavailable,
                "only the container of \(path) tells the shape of its pixels, which \(rules.title) cannot carry",
                remedy: "use \(.segmentType, "fmp4"), or make pixels square with \(command: .transcode)")
        }
        var faults: [PackageFault] = []
        if video.fieldOrder.isInterlaced { faults.append(.interlaced) }
        if video.orientation != .upright { faults.append(.rotated) }
        if video.size.width % 2 != 0 || video.size.height % 2 != 0 { faults.append(.oddSize) }
        if let vision = video.hdr, vision.format == .dolbyVision {
            if !rules.hasDolbyVision {
                decisions.append(.video(.uncarriedDolbyVision(target: rules.title)))
            } else if let profile = vision.dolbyVisionProfile,
                ![8, 9, 10].contains(profile) || ![1, 2, 4].contains(vision.dolbyVisionCompatibility)
            {
                faults.append(.unnamedDolbyVision(profile: profile))
            }
        }
        for fault in faults {
            decide(.keptFault(path: path, fault))
        }
        if let words = video.spatialWords { decisions.append(.video(.droppedSpatial(words, target: "the package"))) }
    }
}

/// The frame rates that a stream may have by its header, the likeliest first.
public func rateCandidates(_ video: VideoDescription) -> [Rational] {
    var rates: [Rational] = []
    let found = [constantRate(for: video), video.averageFrameRate, video.nominalFrameRate].compactMap { $0 }
    for rate in found where rate.isPositive && rate <= Rational(1000) && !rates.contains(rate) {
        rates.append(rate)
    }
    return rates
}
