// AV1 by SVT-AV1.

extension VideoCodec {
    /// AV1 by SVT-AV1 (libsvtav1).
    public static let av1 = VideoCodec(AV1())
}

private struct AV1: VideoCodecTraits {
    let name = "av1"
    let title = "AV1"
    let encoder = "libsvtav1"

    let containers: Set<Container> = [.mp4, .m4v, .webm, .mkv]
    let segments: Set<SegmentType> = [.fmp4]
    let ladderRate: Double? = 0.5

    let quality = QualityScale.crf(0...63, isWhole: true)
    let typicalRate = TypicalRate(bitsPerPixel: 0.04, at: 32, halving: 10)
    let speeds: SpeedScale? = SpeedScale(option: "preset", values: (0...13).map(String.init))
    let parameterList: String? = "svtav1-params"

    let pixelFormats = ["yuv420p", "yuv420p10le"]
    let takesHDR = true
    let smallestSize = PixelSize(64, 64)

    let hasKeyFrameGrid = true

    func setKeyFrameGrid(_ interval: Int, in options: inout [String: String]) {
        options.addParameters("scd=0:irefresh-type=2", to: "svtav1-params")
    }

    func options(for video: EncodedVideo) -> [String: String] {
        var parameters: [String] = []
        // SVT-AV1 reads plain decimals.
        let mastering = video.mastering?.text { value, _ in String((value * 100_000).rounded() / 100_000) }
        if let mastering { parameters.append("mastering-display=\(mastering)") }
        if let light = video.contentLight { parameters.append("content-light=\(light.maximum),\(light.frameAverage)") }
        return parameters.isEmpty ? [:] : ["svtav1-params": parameters.joined(separator: ":")]
    }

    func keepToOneThread(_ options: inout [String: String]) { options.addParameters("lp=1", to: "svtav1-params") }
}
