// Which video stream is used, and how it is encoded or copied.

import VTXModel

extension Planner {
    // MARK: Choosing

    /// The one video stream of the output; `nil` for none. Cover art is never it.
    mutating func chooseVideo() throws(VTXError) -> StreamDescription? {
        let all = streams(.video)
        if let index = options.videoStream, !all.contains(where: { $0.index == index }) {
            throw VTXError(
                .usage, "stream \(index) of '\(source.path)' is no video",
                remedy: all.isEmpty
                    ? "it has no video"
                    : "its video is in stream \(all.map { String($0.index) }.joined(separator: ", "))")
        }
        if options.video == .none {
            try refuse(
                askedOfVideo, because: "the video is left out",
                remedy: "leave out the option, or keep the video")
            return nil
        }
        if container.isAudioOnly {
            if case .codec = options.video { throw audioOnly() }
            if options.video == .copy { throw audioOnly() }
            try refuse(
                askedOfVideo, because: "\(formatName) holds audio only",
                remedy: "choose a container for video, such as .mp4")
            for stream in all {
                decide("video", "dropped stream #\(stream.index)", because: "\(formatName) holds audio only")
            }
            return nil
        }
        guard !all.isEmpty else { return nil }

        let chosen: StreamDescription
        if let index = options.videoStream {
            chosen = all.first { $0.index == index }!
        } else {
            chosen = all.dropFirst().reduce(all[0]) { isBetter($1, than: $0) ? $1 : $0 }
        }
        for other in all where other.index != chosen.index {
            decide(
                "video", "dropped stream #\(other.index)",
                because: options.videoStream == nil
                    ? "one video is written, and #\(chosen.index) has the larger picture or comes first"
                    : "stream #\(chosen.index) was asked for")
        }
        return chosen
    }

    private func isBetter(_ a: StreamDescription, than b: StreamDescription) -> Bool {
        let (areaA, areaB) = (a.video?.size.area ?? 0, b.video?.size.area ?? 0)
        return areaA != areaB ? areaA > areaB : a.isDefault && !b.isDefault
    }

    private func audioOnly() -> VTXError {
        VTXError(
            .usage, "\(formatName) holds no video", remedy: "choose a container for video, such as .mp4")
    }

    /// Options that only an encoder of video can follow.
    private var askedOfVideo: [(setting: Setting, isSet: Bool)] {
        [
            (.crf, options.crf != nil), (.bitRate, options.bitRate != nil),
            (.maximumBitRate, options.maximumBitRate != nil), (.twoPass, options.twoPass),
            (.speed, options.speed != nil), (.size, options.fit != nil),
            (.frameRate, options.frameRate != nil), (.keyFrameInterval, options.gopDuration != nil),
            (.pixelFormat, options.pixelFormat != nil),
            (.deinterlacing, options.deinterlace == .frame || options.deinterlace == .field),
            (.burnSubtitle, options.burn != nil), (.encoderOption, !options.encoderOptions.isEmpty),
        ]
    }

    private func videoCodec() throws(VTXError) -> VideoCodec {
        let possible = container.videoCodecs
        let codec: VideoCodec
        if case .codec(let asked) = options.video {
            guard possible.contains(asked) else {
                throw VTXError(
                    .usage, "\(container.title) does not support \(asked.title)",
                    remedy: "use \(choice(possible.map(\.rawValue)))")
            }
            codec = asked
        } else {
            codec = possible[0]
        }
        guard capabilities.encoders.contains(codec.encoder) else {
            let present = possible.filter { capabilities.encoders.contains($0.encoder) }.map(\.rawValue)
            throw VTXError(
                .unavailable, "this libav has no encoder '\(codec.encoder)' for \(codec.rawValue)",
                remedy: present.isEmpty
                    ? "install an FFmpeg build that has it"
                    : "\(formatName) also takes \(present.joined(separator: ", ")): choose one with --video")
        }
        return codec
    }

    // MARK: Planning

    mutating func planVideo(
        _ stream: StreamDescription, times: Times
    ) throws(VTXError) -> VideoTrackPlan {
        if options.video == .copy { return try planVideoCopy(stream, times: times) }
        let codec = try videoCodec()
        guard stream.isDecodable, stream.codec != "none" else {
            throw VTXError(
                .unavailable,
                "this libav has no decoder for \(stream.codec), the video of '\(source.path)'",
                remedy: "an FFmpeg build with that decoder can read it; \(.video) none keeps the audio")
        }
        guard let video = stream.video, video.size.width > 0, video.size.height > 0 else {
            throw VTXError(
                .badMedia, "the video of '\(source.path)' (stream \(stream.index)) has no picture size",
                remedy: "the file may be damaged")
        }
        try checkRate(video, of: stream)
        let encode = try planEncode(stream, video, codec: codec, times: times)
        return VideoTrackPlan(
            stream: stream.index, label: label(stream),
            tag: container.isISO ? codec.traits.isoTag(options: encode.options) : nil, encode: encode)
    }

    /// A header may name any rate. Where it cannot be, neither can the times that follow from it.
    private func checkRate(_ video: VideoDescription, of stream: StreamDescription) throws(VTXError) {
        guard let rate = video.averageFrameRate ?? video.nominalFrameRate, !believedRates.contains(rate) else { return }
        throw VTXError(
            .badMedia, "the video of '\(source.path)' (stream \(stream.index)) claims \(rate.value) frames a second",
            cause: "its header is wrong", remedy: "mend the header, or leave the picture out with \(.video) none")
    }

    private func planVideoCopy(_ stream: StreamDescription, times: Times) throws(VTXError) -> VideoTrackPlan {
        try refuse(
            askedOfVideo, because: "copied video cannot be changed",
            remedy: "leave out \(.video) copy, or the option")
        guard !times.isCut else {
            throw VTXError(
                .usage, "copied video cannot be cut exactly to the frame",
                remedy: "leave out \(.video) copy to encode it, or \(.start), \(.end) and \(.duration)")
        }
        guard container.traits.copyableVideo.contains(stream.codec) else {
            throw VTXError(
                .usage, "\(formatName) does not hold \(stream.codec), the video of '\(source.path)'",
                remedy: container.traits.copyableVideo.list.isEmpty
                    ? "encode it, or write .mkv"
                    : "it takes \(container.traits.copyableVideo.list.joined(separator: ", ")); encode it, or write .mkv"
            )
        }
        if container == .avi, stream.codec == "h264", !hasStartCodes {
            throw VTXError(
                .usage, "H.264 of '\(source.path)' cannot be copied into .avi",
                remedy: "AVI needs start codes, which this source has not: encode it, or write .mkv")
        }
        if let video = stream.video, video.orientation != .upright, !container.isISO {
            throw VTXError(
                .usage, "\(formatName) cannot say that copied video has to be turned",
                remedy: "encode it, or write .mp4")
        }
        return VideoTrackPlan(
            stream: stream.index, label: label(stream),
            tag: container.isISO ? VideoCodec(rawValue: stream.codec)?.traits.isoTag(options: [:]) : nil)
    }

    /// Whether H.264 comes as a byte stream (ISO/IEC 14496-10, annex B) rather than with lengths.
    private var hasStartCodes: Bool { ["avi", "mpegts", "mpeg", "h264"].contains(source.format) }

    private mutating func planEncode(
        _ stream: StreamDescription, _ video: VideoDescription, codec: VideoCodec, times: Times
    ) throws(VTXError) -> VideoEncodePlan {
        // Fields and time.
        let fields = deinterlacing(video, choice: options.deinterlace)
        if let fields {
            try require(filter: "bwdif", to: "deinterlace")
            decide(
                "video", fields.makesTwoFrames ? "deinterlaced, a frame for each field" : "deinterlaced",
                because: fields.reason)
        }
        let timing = try planTiming(
            stream, video, codec: codec, fieldsToFrames: fields?.makesTwoFrames ?? false, times: times)

        // Shape and size.
        let (fitted, canvas) = try planSize(video, codec: codec)
        noteShape(video, fitted: fitted, canvas: canvas)

        // Colour.
        let range = dynamicRange(video)
        if range == .unusable {
            throw VTXError(
                .unavailable,
                "the video of '\(source.path)' is Dolby Vision profile 5, which plain decoders show in false colours",
                remedy: "\(.video) copy keeps it as it is")
        }
        let keepsHDR = range != .standard && options.hdr == .keep
        if range == .standard, options.hdr == .keep {
            decide("video", "kept as it is", because: "--hdr keep was asked for, but the source is not HDR")
        }
        let format = try planPixelFormat(
            video, codec: codec, keepsHDR: keepsHDR, isToneMapped: range.isToneMapped(options.hdr))
        var (step, color) = try planColor(
            video, range: range, height: canvas.height, codec: codec, format: format)
        let keepsChroma =
            video.sampling == "4:2:0" && format.hasPrefix("yuv420p") && video.orientation == .upright
        if !range.isToneMapped(options.hdr), !keepsChroma { color.chromaLocation = nil }

        var chain = VideoFilterChain(
            deinterlace: fields?.filter, orientation: video.orientation, frameRate: timing.filter,
            source: video.orientation.exchangesSides ? video.size.transposed : video.size,
            sampleAspectRatio: video.sampleAspectRatio, fitted: fitted, canvas: canvas, color: step,
            sourceFormat: video.pixelFormat, format: format)
        let burnt = try planBurn(times: times)
        chain.burn = burnt.filters

        var encode = VideoEncodePlan(
            codec: codec, encoder: codec.encoder, size: canvas, pixelFormat: format,
            frameRate: timing.rate, isConstantRate: timing.isConstant, timeBase: timing.timeBase,
            color: color, expected: FrameShape(size: video.size, pixelFormat: video.pixelFormat),
            filters: chain.filters(refit: false), refit: chain.filters(refit: true),
            overlaySubtitle: burnt.overlay, rate: try planRate(codec))
        if keepsHDR {
            encode.mastering = video.hdr?.mastering
            encode.contentLight = video.hdr?.contentLight
        }
        encode.passes = options.twoPass ? 2 : 1
        encode.keyFrameInterval = codec.traits.keyFrameInterval(frameRate: timing.rate)
        try planEncoderOptions(&encode)
        if let gop = options.gopDuration { try planGOP(gop, of: &encode) }
        planThreads(&encode)
        return encode
    }

    // MARK: Size

    private func planSize(
        _ video: VideoDescription, codec: VideoCodec
    ) throws(VTXError) -> (fitted: PixelSize, canvas: PixelSize) {
        let limits = 2...16_384
        switch options.fit {
        case nil: break
        case .height(let height):
            guard limits.contains(height) else {
                throw VTXError(.usage, "\(.height) \(height) is out of range", remedy: "it goes from 2 to 16384")
            }
            guard height % 2 == 0 else {
                throw VTXError(
                    .usage, "\(.height) \(height) is odd",
                    remedy: "video needs even sides: \(height - 1) or \(height + 1)")
            }
        case .size(let size), .box(let size):
            guard limits.contains(size.width), limits.contains(size.height) else {
                throw VTXError(.usage, "the size \(size) is out of range", remedy: "sides go from 2 to 16384")
            }
            if case .size = options.fit, size.even != size {
                throw VTXError(
                    .usage, "\(.size) \(size) has an odd side",
                    remedy: "video needs even sides, such as \(size.even)")
            }
        }
        let result = fitting(video.displaySize, options.fit)
        let least = codec.traits.smallestSide
        guard result.canvas.shortSide >= least else {
            throw VTXError(
                .usage,
                "\(codec.encoder) needs pictures of \(least)x\(least) at least, and this is \(result.canvas)",
                remedy: "choose another codec, or a larger \(.height)")
        }
        return result
    }

    private mutating func noteShape(_ video: VideoDescription, fitted: PixelSize, canvas: PixelSize) {
        if video.orientation != .upright {
            let turns = [
                "", "turned 90 degrees clockwise", "turned 180 degrees", "turned 90 degrees counterclockwise",
            ]
            let parts = [
                video.orientation.isMirrored ? "mirrored" : "", turns[video.orientation.quarterTurns],
            ]
            decide(
                "video", parts.filter { !$0.isEmpty }.joined(separator: " and "),
                because: "the file says the stored picture is shown so")
        }
        if video.hasOddMatrix {
            decide("video", "shown as stored", because: "the display matrix is no quarter turn")
        }
        let display = video.displaySize
        if let shape = video.sampleAspectRatio, shape.isPositive, shape != Rational(1) {
            decide(
                "video", "scaled to square pixels, \(fitted)",
                because: "pixels are \(ratioText(shape)) in the source")
        } else if options.fit == nil, display.even != display {
            decide("video", "scaled from \(display) to \(fitted)", because: "video needs even sides")
        }
        if case .height(let height) = options.fit, height > display.height {
            decide(
                "video", "enlarged to \(fitted)",
                because: "--height \(height) is more than the source's \(display.height)")
        }
        if case .size = options.fit, fitted.area > display.area {
            decide(
                "video", "enlarged to \(fitted)",
                because: "the size asked for is more than the source's \(display)")
        }
        if fitted != canvas {
            decide(
                "video", "set on black, \(fitted) within \(canvas)", because: "the picture has another shape")
        }
        if case .box(let box) = options.fit, fitted == display.even, box != display {
            decide("video", "kept at \(fitted)", because: "it is within \(box), and is not enlarged")
        }
    }

    // MARK: Colour

    private mutating func planPixelFormat(
        _ video: VideoDescription, codec: VideoCodec, keepsHDR: Bool, isToneMapped: Bool
    ) throws(VTXError) -> String {
        let possible = codec.traits.pixelFormats
        if keepsHDR {
            guard codec.traits.takesHDR else {
                throw VTXError(
                    .usage, "\(codec.title) is not written in HDR",
                    remedy: "use \(names(\.takesHDR)), or leave out \(.hdr) keep to map it to BT.709")
            }
        }
        if let asked = options.pixelFormat {
            guard possible.contains(asked) else {
                throw VTXError(
                    .usage, "\(codec.encoder) does not take the pixel format '\(asked)'",
                    remedy: "possible are \(possible.joined(separator: ", "))")
            }
            if keepsHDR, !asked.contains("10le"), !asked.contains("12le") {
                throw VTXError(
                    .usage, "HDR needs 10 bits, and '\(asked)' has 8",
                    remedy: "leave out \(.pixelFormat), or take yuv420p10le")
            }
            return asked
        }
        let format = codec.traits.pixelFormat(for: video, isHDR: keepsHDR, asked: options.encoderOptions)
        let lost = lost(of: video, in: format, isToneMapped: isToneMapped || keepsHDR)
        if !lost.isEmpty {
            decide(
                "video", "converted to \(format)",
                because: "the source has \(lost.joined(separator: " and ")), which few players show")
        }
        if video.hasAlpha {
            decide("video", "dropped transparency", because: "\(codec.title) is written without it")
        }
        return format
    }

    /// What of the source's samples `format` has no room for.
    private func lost(of video: VideoDescription, in format: String, isToneMapped: Bool) -> [String] {
        var lost: [String] = []
        if video.bitDepth > bitDepth(ofFormat: format), !isToneMapped { lost.append("\(video.bitDepth) bits") }
        let kept: [String] =
            if format.contains("444") || isRGB(format) {
                [video.sampling]
            } else if format.contains("422") {
                ["4:2:0", "4:2:2", "4:1:1", "4:1:0", "gray"]
            } else {
                ["4:2:0", "gray"]
            }
        if format != video.pixelFormat, !kept.contains(video.sampling) { lost.append(video.sampling) }
        return lost
    }

    private mutating func planColor(
        _ video: VideoDescription, range: DynamicRange, height: Int, codec: VideoCodec, format: String
    ) throws(VTXError) -> (ColorStep, ColorDescription) {
        var color = video.color
        if case .high(let transfer) = range {
            if video.hdr?.format == .dolbyVision {
                decide(
                    "video", "dropped Dolby Vision metadata",
                    because: "it only fits the pictures it was made for")
            }
            if options.hdr == .toneMap {
                try require(filter: "zscale", to: "map HDR to BT.709")
                try require(filter: "tonemap", to: "map HDR to BT.709")
                decide(
                    "video", "tone-mapped to BT.709",
                    because:
                        "the source is HDR (\(transfer == "smpte2084" ? "PQ" : "HLG")), which most screens show washed out"
                )
                return (
                    .toneMap(input: toneMapInput(video.color, transfer: transfer)),
                    ColorDescription(
                        range: "tv", primaries: "bt709", transfer: "bt709", matrix: "bt709",
                        chromaLocation: "left")
                )
            }
            color.transfer = transfer
        }
        // Samples of a lossless codec stay what they are, if it has a place for them.
        if codec.traits.quality == .lossless, format == video.pixelFormat { return (.asIs, color) }
        if video.sampling == "rgb" || color.matrix == "gbr" {
            color.range = "tv"
            color.matrix = height >= 720 ? "bt709" : "smpte170m"
            if color.primaries == nil || color.transfer == nil {
                decide("video", "tagged as BT.709", because: "the source is RGB and names no colour space")
                color.primaries = color.primaries ?? "bt709"
                color.transfer = color.transfer ?? "bt709"
            }
            return (.fromRGB(matrix: color.matrix!), color)
        }
        let isGray = video.sampling == "gray" && color.range != "tv"
        if color.range == "pc" || video.pixelFormat.hasPrefix("yuvj") || isGray {
            decide(
                "video", "converted to limited range",
                because: "the source has full range, which players tend to ignore")
            color.range = "tv"
            return (.limit, color)
        }
        return (.asIs, color)
    }
}

/// Bits per component of a pixel format that encoders take, by its name: `yuv420p10le` has 10.
func bitDepth(ofFormat name: String) -> Int {
    [9, 10, 12, 14, 16].first { name.hasSuffix("p\($0)le") || name == "gray\($0)le" } ?? 8
}

/// Whether a pixel format that encoders take is made of red, green and blue.
func isRGB(_ format: String) -> Bool { format.hasPrefix("gbr") || format.hasPrefix("bgr") }

func ratioText(_ ratio: Rational) -> String { "\(ratio.numerator):\(ratio.denominator)" }

/// Frame rates that are believed: from a still picture for a day to those of high-speed cameras.
private let believedRates = Rational(1, 86_400)...Rational(2000)
