// From the colours of video to those of image files.

import VTXModel

extension ImageFormat {
    /// Filters that turn frames for a video encoder into those for the image's encoder.
    ///
    /// Video says which matrix it has; JPEG (JFIF) and WebP always have that of BT.601, PNG and GIF have RGB.
    func conversion(from encode: VideoEncodePlan) -> [String] {
        let matrix = scalerMatrix(encode.color.matrix ?? (encode.size.height >= 720 ? "bt709" : "smpte170m"))
        let input = "in_color_matrix=\(matrix):in_range=limited"
        let exact = "flags=bicubic+accurate_rnd+full_chroma_int"
        switch self {
        case .png: return ["scale=\(input):\(exact)", "format=rgb24"]
        case .gif: return ["scale=\(input):\(exact)", "format=bgra"]
        case .jpeg, .webp:
            let isFull = self == .jpeg
            let output = "out_color_matrix=bt601:out_range=\(isFull ? "full" : "limited")"
            let format = "format=\(isFull ? "yuvj420p" : "yuv420p")"
            // The scaler passes frames on whose format stays the same, whatever their matrix.
            guard ["bt601", "smpte170m", "bt470"].contains(matrix) else {
                return ["scale=\(input):\(exact)", "format=gbrp", "scale=\(output):\(exact)", format]
            }
            return ["scale=\(input):\(output):\(exact)", format]
        }
    }
}

/// libswscale's name of a matrix, which differs from libavutil's.
func scalerMatrix(_ name: String) -> String {
    switch name {
    case "bt709", "fcc", "smpte170m", "smpte240m": name
    case "bt470bg": "bt470"
    case "bt2020nc", "bt2020c": "bt2020"
    default: "bt601"
    }
}
