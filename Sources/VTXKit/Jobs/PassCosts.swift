// What the passes of a job cost, compared with its encode.

import VTXModel

extension TranscodePlan {
    /// CPU time of measuring loudness over that of the encode. Without video it decodes as much as the encode does.
    var loudnessCost: Double { video?.encode == nil ? 0.5 : 0.03 }
}

extension VideoEncodePlan {
    /// CPU time of the first of two passes over that of the second.
    ///
    /// Measured with FFmpeg 5.1's encoders on 20 s of a trailer: libx264 has a faster first pass the slower the second is;
    /// libx265's takes as long as the second.
    var firstPassCost: Double {
        switch encoder {
        case "libx264": Self.firstPassesOfX264[options["preset"] ?? "medium"] ?? 0.5
        case "libvpx-vp9": 0.1
        case "libvpx": 0.33
        default: 1
        }
    }

    private static let firstPassesOfX264 = [
        "ultrafast": 1, "superfast": 1.1, "veryfast": 1.1, "faster": 0.7, "fast": 0.6, "medium": 0.47, "slow": 0.33,
        "slower": 0.23, "veryslow": 0.15, "placebo": 0.1,
    ]
}
