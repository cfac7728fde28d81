// VP9 by libvpx.

extension VideoCodec {
    /// VP9 by libvpx.
    public static let vp9 = VideoCodec(VP9())
}

private struct VP9: VideoCodecTraits {
    let name = "vp9"
    let title = "VP9"
    let encoder = "libvpx-vp9"

    let containers: Set<Container> = [.mp4, .m4v, .webm, .mkv]
    let isFirstChoice: Set<Container> = [.webm]
    let segments: Set<SegmentType> = [.fmp4]

    let quality = QualityScale.crf(0...63)
    let typicalRate = TypicalRate(bitsPerPixel: 0.05, at: 32, halving: 10)
    let speeds: SpeedScale? = SpeedScale(option: "cpu-used", values: (0...8).map(String.init))
    let twoPass: TwoPassKind? = .memory

    let pixelFormats = ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"]
    let takesHDR = true

    let hasKeyFrameGrid = true

    func setKeyFrameGrid(_ interval: Int, in options: inout [String: String]) {
        options["keyint_min"] = String(interval)
    }

    func options(for video: EncodedVideo) -> [String: String] {
        let columns = video.size.width
        // Tiles of 320 columns at least, as a power of two.
        let tiles = columns >= 2560 ? "3" : columns >= 1280 ? "2" : columns >= 640 ? "1" : "0"
        return ["deadline": "good", "row-mt": "1", "tile-columns": tiles]
    }

    // libvpx's own choice is one.
    func threads(cores: Int) -> Int { min(cores, 16) }
}
