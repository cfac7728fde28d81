// NVIDIA's encoders.

/// `h264_nvenc` and `hevc_nvenc`. Options as in libavcodec/nvenc_h264.c and nvenc_hevc.c of FFmpeg 5.1.
struct NVENC: HardwareTraits {
    let title = "NVENC"
    let codecs: Set<String> = ["h264", "hevc"]
    let qualityOption = "cq"
    let speeds: SpeedScale? = SpeedScale(option: "preset", values: (1...7).map { "p\($0)" })
    let needsUpload = false

    func pixelFormats(of codec: String) -> [String] {
        codec == "hevc" ? ["yuv420p", "nv12", "yuv444p", "p010le"] : ["yuv420p", "nv12", "yuv444p"]
    }

    // Captions are the pipeline's work, with every encoder in the same way.
    func options(of codec: String) -> [String: String] {
        ["preset": "p5", "tune": "hq", "rc": "vbr", "bf": "2", "a53cc": "0"]
    }

    func gridOptions(of codec: String) -> [String: String] {
        ["no-scenecut": "1", "strict_gop": "1", "forced-idr": "1"]
    }
}
