// H.264 by libx264.

extension VideoCodec {
    /// H.264 (ITU-T H.264, AVC) by libx264.
    public static let h264 = VideoCodec(H264())
}

private struct H264: VideoCodecTraits {
    let name = "h264"
    let title = "H.264"
    let encoder = "libx264"

    let containers: Set<Container> = [.mp4, .m4v, .mov, .mkv, .avi, .ts]
    let isFirstChoice: Set<Container> = [.mp4, .m4v, .mov, .mkv, .ts]
    let segments: Set<SegmentType> = [.fmp4, .ts]
    let ladderRate: Double? = 1
    let hasSampleEncryption = true

    let quality = QualityScale.crf(0...51)
    /// The scale of 10 bits begins below 0, where nothing is lost.
    func losslessProfile(pixelFormat: String) -> (option: String, title: String)? {
        pixelFormat.contains("10") ? nil : ("high444", "High 4:4:4 Predictive")
    }

    let typicalRate = TypicalRate(bitsPerPixel: 0.08, at: 21)
    let speeds: SpeedScale? = .x26x
    let twoPass: TwoPassKind? = .file(option: "stats")
    let parameterList: String? = "x264-params"
    let hasRateBuffer = true

    // 10 bits are left to `--pixel-format`: few devices play them.
    let pixelFormats = ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"]

    let captions: CaptionSupport? = .encoder

    let hasKeyFrameGrid = true
    let needsChunkOverlap = true

    func setKeyFrameGrid(_ interval: Int, in options: inout [String: String]) {
        options["sc_threshold"] = "0"
        options["keyint_min"] = String(interval)
    }

    func options(for video: EncodedVideo) -> [String: String] {
        video.pixelFormat == "yuv420p" ? ["profile": "high"] : [:]
    }

    /// Keeps libx264 from AVX-512 code that reads memory it has not written.
    ///
    /// With macroblock trees and a number of macroblock columns that is no multiple of 8 (854 columns of pixels, but
    /// not 1920, 1280 or 640), the bytes depend on what the memory held before: seen with libx264 164, `ffmpeg` and
    /// all, under `MALLOC_PERTURB_`. The trees that are the same on every processor are free of it, and cost no time
    /// that can be measured.
    func makeRepeatable(_ options: inout [String: String], width: Int) {
        guard (width + 15) / 16 % 8 != 0 else { return }
        if options["x264-params"]?.contains("cpu-independent") == true { return }
        options.addParameters("cpu-independent=1", to: "x264-params")
    }
}

extension SpeedScale {
    /// The presets that libx264 and libx265 share, fastest first.
    static let x26x = SpeedScale(
        option: "preset",
        values: [
            "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
        ])
}
