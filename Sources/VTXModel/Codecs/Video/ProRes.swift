// ProRes by libavcodec's prores_ks: what editors of video exchange.

extension VideoCodec {
    /// Apple ProRes by libavcodec's encoder prores_ks, in its profiles from proxy to 4444 XQ.
    public static let prores = VideoCodec(ProRes())
}

private struct ProRes: VideoCodecTraits {
    let name = "prores"
    let title = "ProRes"
    let encoder = "prores_ks"

    let containers: Set<Container> = [.mov, .mkv]
    let quality = QualityScale.profile
    // ProRes 422: 147 Mb/s at 1920x1080 and 29.97 frames a second (Apple ProRes white paper).
    let typicalRate = TypicalRate(bitsPerPixel: 2.4)

    /// One for each profile: players and editors look at nothing else.
    func isoTag(options: [String: String]) -> String? {
        switch options["profile"] {
        case "proxy", "0": "apco"
        case "lt", "1": "apcs"
        case "standard", "2": "apcn"
        case "hq", "3": "apch"
        case "4444", "4": "ap4h"
        case "4444xq", "5": "ap4x"
        default: nil
        }
    }

    let pixelFormats = ["yuv422p10le", "yuv444p10le"]
    let takesHDR = true

    /// 4:4:4 for the profiles that have it, and for sources of it unless another profile is asked for.
    func pixelFormat(for source: VideoDescription, isHDR: Bool, asked: [String: String]) -> String {
        let isFull = asked["profile"].map(isFullProfile) ?? ["4:4:4", "rgb"].contains(source.sampling)
        return isFull ? "yuv444p10le" : "yuv422p10le"
    }

    // The vendor that Apple's own encoder writes; some editors look for it.
    func options(for video: EncodedVideo) -> [String: String] { ["vendor": "apl0"] }

    /// The profile of a preset is one of 4:2:2.
    func complete(_ options: inout [String: String], for video: EncodedVideo) {
        guard video.pixelFormat == "yuv444p10le", video.asked["profile"] == nil else { return }
        options["profile"] = "4444"
    }

    private func isFullProfile(_ name: String) -> Bool { ["4444", "4444xq", "4", "5"].contains(name) }
}
