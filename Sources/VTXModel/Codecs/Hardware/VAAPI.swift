// Encoders behind the Video Acceleration API.

/// `h264_vaapi`, `hevc_vaapi` and `vp9_vaapi`. Options as in libavcodec/vaapi_encode.c of FFmpeg 5.1, which chooses the
/// rate control from what is set; every I frame is an IDR frame.
struct VAAPI: HardwareTraits {
    let title = "VA-API"
    let codecs: Set<String> = ["h264", "hevc", "vp9"]
    let qualityOption = "global_quality"
    let speeds: SpeedScale? = nil
    let needsUpload = true

    func pixelFormats(of codec: String) -> [String] { codec == "hevc" ? ["nv12", "p010le"] : ["nv12"] }

    func options(of codec: String) -> [String: String] { codec == "vp9" ? [:] : ["bf": "2"] }

    func gridOptions(of codec: String) -> [String: String] { ["idr_interval": "0"] }
}
