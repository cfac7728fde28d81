// The video of one side of a comparison.

import VTXModel

/// The video of a source that is compared.
struct ComparedVideo {
    var stream: Int
    var video: VideoDescription
    var rate: Rational? { video.nominalFrameRate ?? video.averageFrameRate }
}

extension VideoDescription {
    /// `SDR`, or the kind of HDR.
    var transferTitle: String { color.isPQ ? "HDR (PQ)" : color.isHLG ? "HDR (HLG)" : "SDR" }

    /// Whether black is 0.
    var isFullRange: Bool {
        pixelFormat.hasPrefix("yuvj") || (color.range == "pc" && sampling != "rgb")
    }

    /// The format in which frames are compared with those of the reference: planes of 8 or 10 bits.
    func comparedFormat(depth: Int) -> String {
        let base =
            switch sampling {
            case "4:2:0", "4:1:0": "yuv420p"
            case "4:2:2", "4:1:1": "yuv422p"
            case "gray": "gray"
            default: "yuv444p"
            }
        return depth > 8 ? base + "10le" : base
    }
}
