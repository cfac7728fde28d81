// MPEG-4 Part 2 by libavcodec's own encoder: what old players read, in AVI above all.

extension VideoCodec {
    /// MPEG-4 Part 2 (Xvid, DivX) by libavcodec's encoder.
    public static let mpeg4 = VideoCodec(MPEG4())
}

private struct MPEG4: VideoCodecTraits {
    let name = "mpeg4"
    let title = "MPEG-4"
    let encoder = "mpeg4"

    let containers: Set<Container> = [.mp4, .m4v, .mov, .mkv, .avi]
    let isFirstChoice: Set<Container> = [.avi]

    let quality = QualityScale.quantizer(2...31)
    let typicalRate = TypicalRate(bitsPerPixel: 0.15, at: 4)
    let pixelFormats = ["yuv420p"]
    // The header counts time in at most 65,535 parts of a second.
    let clock = CodecClock.frames(mostTicks: 65_535)

    /// libavcodec's default is 12 frames, which wastes bits; ten seconds still seek well.
    func keyFrameInterval(frameRate: Rational) -> Int? { min(300, Int((frameRate.value * 10).rounded())) }

    func threads(cores: Int) -> Int { min(cores, 4) }
}
