// What becomes of the samples: their format, colour space and range.

import VTXModel

/// What happens to the sample values.
enum ColorStep: Equatable {
    case asIs
    /// Full range to limited; players ignore the flag that tells the difference.
    case limit
    /// RGB to YCbCr with this matrix, limited range.
    case fromRGB(matrix: String)
    /// Options of the first `zscale` that tell what comes in.
    case toneMap(input: String)
}

/// The samples that the encoder gets.
struct SamplePlan: Equatable {
    /// libav's name of the pixel format.
    var format: String
    var step: ColorStep
    /// Tags to write.
    var color: ColorDescription
    var mastering: MasteringDisplay?
    var contentLight: ContentLight?
}

extension VideoPlanner {
    /// - Parameter height: of the output; it decides which matrix RGB gets.
    /// - Throws: `.usage` for a pixel format that the encoder does not take, or HDR that it does not write;
    ///   `.unavailable` for a missing filter, or for frames that only a Dolby Vision decoder can show.
    mutating func planSamples(
        _ video: VideoDescription, height: Int, codec: VideoCodec
    ) throws(VTXError) -> SamplePlan {
        let range = dynamicRange(video)
        if range == .unusable {
            throw VTXError(
                .unavailable,
                "the video of '\(source.path)' is \(dolbyVisionWords(video)), which plain decoders show in false colours",
                remedy: "\(.video, "copy") keeps it as it is")
        }
        let keepsHDR = range != .standard && options.hdr == .keep
        let isToneMapped = range.isToneMapped(options.hdr)
        if range == .standard, options.hdr == .keep { decide(.nothingToKeep) }
        let format = try planPixelFormat(video, codec: codec, keepsHDR: keepsHDR, isToneMapped: isToneMapped)
        var (step, color) = try planColor(video, range: range, height: height, codec: codec, format: format)
        let keepsChroma =
            video.sampling == "4:2:0" && is420(format) && video.orientation == .upright
        if !isToneMapped, !keepsChroma { color.chromaLocation = nil }
        return SamplePlan(
            format: format, step: step, color: color, mastering: keepsHDR ? video.hdr?.mastering : nil,
            contentLight: keepsHDR ? video.hdr?.contentLight : nil)
    }

    // MARK: Format

    private mutating func planPixelFormat(
        _ video: VideoDescription, codec: VideoCodec, keepsHDR: Bool, isToneMapped: Bool
    ) throws(VTXError) -> String {
        if keepsHDR, !codec.traits.takesHDR {
            throw VTXError(
                .usage, "\(codec.title) is not written in HDR",
                remedy: "use \(names(\.takesHDR)), or leave out \(.hdr, "keep") to map it to BT.709")
        }
        if let asked = options.pixelFormat {
            try check(asked, codec: codec, keepsHDR: keepsHDR)
            return asked
        }
        let format = codec.traits.pixelFormat(for: video, isHDR: keepsHDR, asked: options.encoderOptions)
        let lost = lost(of: video, in: format, isToneMapped: isToneMapped || keepsHDR)
        if !lost.isEmpty { decide(.converted(to: format, losing: lost)) }
        if video.hasAlpha { decide(.droppedAlpha(codec)) }
        return format
    }

    private func check(_ asked: String, codec: VideoCodec, keepsHDR: Bool) throws(VTXError) {
        let possible = codec.traits.pixelFormats
        guard possible.contains(asked) else {
            throw VTXError(
                .usage, "\(codec.encoder) does not take the pixel format '\(asked)'",
                remedy: "possible are \(possible.joined(separator: ", "))")
        }
        if keepsHDR, !asked.contains("10le"), !asked.contains("12le") {
            let deep = possible.first { bitDepth(ofFormat: $0) > 8 } ?? possible[0]
            throw VTXError(
                .usage, "HDR needs 10 bits, and '\(asked)' has 8",
                remedy: "leave out \(.pixelFormat), or use \(.pixelFormat, deep)")
        }
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

    // MARK: Colour

    private mutating func planColor(
        _ video: VideoDescription, range: DynamicRange, height: Int, codec: VideoCodec, format: String
    ) throws(VTXError) -> (ColorStep, ColorDescription) {
        var color = video.color
        if case .high(let transfer) = range {
            if video.hdr?.format == .dolbyVision { decide(.droppedDolbyVision) }
            if options.hdr == .toneMap { return try planToneMapping(video, transfer: transfer) }
            color.transfer = transfer
        }
        // Samples of a lossless codec stay what they are, if it has a place for them.
        if codec.traits.quality == .lossless, format == video.pixelFormat { return (.asIs, color) }
        if video.sampling == "rgb" || color.matrix == "gbr" { return planFromRGB(color, height: height) }
        let isGray = video.sampling == "gray" && color.range != "tv"
        if color.range == "pc" || video.pixelFormat.hasPrefix("yuvj") || isGray {
            decide(.limitedRange)
            color.range = "tv"
            return (.limit, color)
        }
        return (.asIs, color)
    }

    private mutating func planToneMapping(
        _ video: VideoDescription, transfer: String
    ) throws(VTXError) -> (ColorStep, ColorDescription) {
        try context.require(filter: "zscale", to: "map HDR to BT.709")
        try context.require(filter: "tonemap", to: "map HDR to BT.709")
        decide(.toneMapped(pq: transfer == "smpte2084"))
        return (
            .toneMap(input: toneMapInput(video.color, transfer: transfer)),
            ColorDescription(
                range: "tv", primaries: "bt709", transfer: "bt709", matrix: "bt709", chromaLocation: "left")
        )
    }

    private mutating func planFromRGB(_ source: ColorDescription, height: Int) -> (ColorStep, ColorDescription) {
        let matrix = height >= 720 ? "bt709" : "smpte170m"
        var color = source
        color.range = "tv"
        color.matrix = matrix
        if color.primaries == nil || color.transfer == nil {
            let named = [source.primaries, source.transfer, source.matrix].compactMap { $0 }.filter { $0 != "gbr" }
            // The spaces whose primaries and transfer have the same name.
            let space = named.first { ["smpte170m", "smpte240m"].contains($0) } ?? "bt709"
            decide(.assumedColorSpace(space, isPartlyNamed: !named.isEmpty))
            color.primaries = color.primaries ?? space
            color.transfer = color.transfer ?? space
        }
        return (.fromRGB(matrix: matrix), color)
    }
}

/// Whether a pixel format that encoders take has a quarter of the chroma samples.
private func is420(_ format: String) -> Bool { format.hasPrefix("yuv420p") || ["nv12", "p010le"].contains(format) }

/// Bits per component of a pixel format that encoders take, by its name: `yuv420p10le` has 10.
func bitDepth(ofFormat name: String) -> Int {
    name == "p010le" ? 10 : [9, 10, 12, 14, 16].first { name.hasSuffix("p\($0)le") || name == "gray\($0)le" } ?? 8
}

/// Whether a pixel format that encoders take is made of red, green and blue.
func isRGB(_ format: String) -> Bool { format.hasPrefix("gbr") || format.hasPrefix("bgr") }
