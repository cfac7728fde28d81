// HEVC by libx265.

extension VideoCodec {
    /// HEVC (ITU-T H.265) by libx265.
    public static let hevc = VideoCodec(HEVC())
}

private struct HEVC: VideoCodecTraits {
    let name = "hevc"
    let title = "HEVC"
    let encoder = "libx265"

    let containers: Set<Container> = [.mp4, .m4v, .mov, .mkv, .ts]
    let segments: Set<SegmentType> = [.fmp4]
    // Apple's players open `hvc1` and not `hev1`.
    func isoTag(options: [String: String]) -> String? { "hvc1" }
    let ladderRate: Double? = 0.6
    let hasSampleEncryption = true

    let quality = QualityScale.crf(0...51)
    let typicalRate = TypicalRate(bitsPerPixel: 0.055, at: 23)
    let speeds: SpeedScale? = .x26x
    let twoPass: TwoPassKind? = .parameters(option: "x265-params")
    let parameterList: String? = "x265-params"
    let hasRateBuffer = true

    let pixelFormats = [
        "yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv420p12le",
    ]
    let takesHDR = true
    // Measured with libx265 3.5 and Valgrind: it writes beyond its buffers where frames are narrower than 56 pixels.
    let smallestSize = PixelSize(64, 16)
    // libavcodec 59 does not pass them to x265.
    let captions: CaptionSupport? = .afterwards
    // libavcodec 59 does not say it for x265, which keeps to two (pyramids of B-frames).
    let reordering: Int? = 2

    let hasKeyFrameGrid = true
    let needsChunkOverlap = true

    func setKeyFrameGrid(_ interval: Int, in options: inout [String: String]) {
        options.addParameters("keyint=\(interval):min-keyint=\(interval):scenecut=0:open-gop=0", to: "x265-params")
    }

    func divideIntoChunks(_ options: inout [String: String]) {
        // Both, or a key frame that is asked for lets later ones refer to what is before it.
        options["forced-idr"] = "1"
        if options["x265-params"]?.contains("open-gop=0") != true {
            options.addParameters("open-gop=0", to: "x265-params")
        }
        // What x265 writes about its options would differ from chunk to chunk.
        options.addParameters("info=0", to: "x265-params")
    }

    func options(for video: EncodedVideo) -> [String: String] {
        var parameters = ["log-level=error"]
        if video.color.isPQ { parameters.append("hdr10=1") }
        // x265 counts chromaticities in 0.00002 and luminance in 0.0001 cd/m².
        let mastering = video.mastering?.text { value, isLuminance in
            String(Int64((value * (isLuminance ? 10_000 : 50_000)).rounded()))
        }
        if let mastering { parameters.append("master-display=\(mastering)") }
        if let light = video.contentLight { parameters.append("max-cll=\(light.maximum),\(light.frameAverage)") }
        return ["x265-params": parameters.joined(separator: ":")]
    }

    func keepToOneThread(_ options: inout [String: String]) {
        options.addParameters("frame-threads=1:wpp=0", to: "x265-params")
    }
}

extension MasteringDisplay {
    /// `G(x,y)B(x,y)R(x,y)WP(x,y)L(most,least)`, as encoders read it; `nil` if chromaticities are missing.
    ///
    /// - Parameter number: the text of a value in its unit, and whether that is luminance.
    func text(_ number: (_ value: Double, _ isLuminance: Bool) -> String) -> String? {
        guard chromaticities.count == 8 else { return nil }
        let xy = chromaticities.map { number($0.value, false) }
        let maximum = number(maximumLuminance.value, true)
        let minimum = number(minimumLuminance.value, true)
        return
            "G(\(xy[2]),\(xy[3]))B(\(xy[4]),\(xy[5]))R(\(xy[0]),\(xy[1]))WP(\(xy[6]),\(xy[7]))L(\(maximum),\(minimum))"
    }
}
