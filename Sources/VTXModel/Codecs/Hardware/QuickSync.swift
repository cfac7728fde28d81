// Intel's encoders.

/// `h264_qsv`, `hevc_qsv` and `vp9_qsv`. Options as in libavcodec/qsvenc.h of FFmpeg 5.1.
struct QuickSync: HardwareTraits {
    let title = "Quick Sync"
    let codecs: Set<String> = ["h264", "hevc", "vp9"]
    let qualityOption = "global_quality"
    let speeds: SpeedScale? = SpeedScale(
        option: "preset", values: ["veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"])
    let needsUpload = false

    func pixelFormats(of codec: String) -> [String] { codec == "hevc" ? ["nv12", "p010le"] : ["nv12"] }

    func options(of codec: String) -> [String: String] {
        switch codec {
        case "h264": ["preset": "medium", "bf": "2", "a53cc": "0"]
        case "hevc": ["preset": "medium", "bf": "2"]
        default: ["preset": "medium"]
        }
    }

    func gridOptions(of codec: String) -> [String: String] {
        codec == "h264" ? ["adaptive_i": "0", "forced_idr": "1"] : ["forced_idr": "1"]
    }
}
