// FFV1 by libavcodec: lossless video for archives and for editing.

extension VideoCodec {
    /// FFV1 (RFC 9043), version 3, by libavcodec's encoder. Lossless.
    public static let ffv1 = VideoCodec(FFV1())
}

private struct FFV1: VideoCodecTraits {
    let name = "ffv1"
    let title = "FFV1"
    let encoder = "ffv1"

    let containers: Set<Container> = [.mkv]
    let quality = QualityScale.lossless
    // About half of the 12 bits per pixel of 8-bit 4:2:0.
    let typicalRate = TypicalRate(bitsPerPixel: 6)
    let takesHDR = true

    // What libavcodec 59 takes, without transparency.
    let pixelFormats = [
        "yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuv420p10le", "yuv422p10le", "yuv444p10le",
        "yuv420p12le", "yuv422p12le", "yuv444p12le", "yuv420p16le", "yuv422p16le", "yuv444p16le", "gray", "gray10le",
        "gray12le", "gray16le", "bgr0", "gbrp10le", "gbrp12le", "gbrp14le", "gbrp16le",
    ]

    /// The source's own format where the encoder takes it, else the one that holds its samples.
    func pixelFormat(for source: VideoDescription, isHDR: Bool, asked: [String: String]) -> String {
        if pixelFormats.contains(source.pixelFormat) { return source.pixelFormat }
        let sampling = ["4:2:2": "yuv422p", "4:4:4": "yuv444p", "rgb": "yuv444p"][source.sampling] ?? "yuv420p"
        return sampling + (source.bitDepth > 10 ? "16le" : source.bitDepth > 8 || isHDR ? "10le" : "")
    }

    /// Every frame is a key frame, as archives ask for it.
    func keyFrameInterval(frameRate: Rational) -> Int? { 1 }

    /// Version 3 divides frames into slices, each with a checksum: damage stays where it is, and is found.
    func options(for video: EncodedVideo) -> [String: String] {
        ["level": "3", "slices": video.size.area >= 1280 * 720 ? "16" : "4", "slicecrc": "1"]
    }
}
