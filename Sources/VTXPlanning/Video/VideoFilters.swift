// The libavfilter chain of one video track.
//
// Order: fields to frames, cropping, upright and as asked, frame rate, size and colour, pixel format, noise, banding,
// sharpness, text, borders, fades. Text comes after turning and scaling, so that it stands upright on square pixels and
// keeps its colours when HDR is mapped.

import VTXModel

/// From decoded frames to those that the encoder gets.
struct VideoFilterChain: Equatable {
    var deinterlace: String?
    /// Cuts frames of the expected size, and those of any other.
    var crop: [String] = []
    var refitCrop: [String] = []
    var orientation: Orientation
    var frameRate: String?
    /// Upright size before scaling.
    var source: PixelSize
    var sampleAspectRatio: Rational?
    /// The visible part, and the frame it is centred in.
    var fitted: PixelSize
    var canvas: PixelSize
    var color: ColorStep
    var sourceFormat: String
    var format: String
    /// Tags of the frames that come out.
    var written: ColorDescription
    /// Filters asked for by name, that keep size and format.
    var image: [String] = []
    var burn: [String] = []
    var closing: [String] = []

    private var hasSquarePixels: Bool {
        sampleAspectRatio.map { !$0.isPositive || $0 == Rational(1) } ?? true
    }

    /// - Parameter refit: for frames of any other shape: they are made to fit, with borders.
    func filters(refit: Bool) -> [String] {
        var chain: [String] = []
        if let deinterlace { chain.append(deinterlace) }
        chain += (refit ? refitCrop : crop) + turning(orientation)
        if let frameRate { chain.append(frameRate) }

        let size = "w=\(fitted.width):h=\(fitted.height)"
        var scales = refit
        if refit {
            chain.append("scale=w=iw*sar:h=ih:flags=bicubic")
            var scale =
                "scale=\(size):force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"
            switch color {
            case .asIs, .limit: scale += ":out_range=limited"
            case .fromRGB(let matrix): scale += ":out_color_matrix=\(matrix):out_range=limited"
            case .toneMap: break
            }
            chain.append(scale)
        }
        if case .toneMap(let input) = color {
            chain += toneMapping(input: input, size: refit ? nil : size)
            scales = true
        } else if !refit {
            var parts = fitted == source ? [] : [size]
            switch color {
            case .asIs, .toneMap: break
            case .limit: parts.append("in_range=full:out_range=limited")
            case .fromRGB(let matrix): parts.append("out_color_matrix=\(matrix):out_range=limited")
            }
            if !parts.isEmpty {
                chain.append("scale=\(parts.joined(separator: ":")):flags=bicubic")
                scales = true
            }
        }
        if refit || sourceFormat != format || color != .asIs { chain.append("format=\(format)") }
        chain += image + burn
        if refit || fitted != canvas {
            chain.append("pad=w=\(canvas.width):h=\(canvas.height):x=-1:y=-1")
        }
        chain += closing
        // libavfilter converts frames for filters that do not take their format.
        if !image.isEmpty || !closing.isEmpty { chain.append("format=\(format)") }
        // Scaling keeps the aspect ratio of the frame by changing that of the pixels, to the last rounding.
        if scales || !hasSquarePixels { chain.append("setsar=1") }
        return chain
    }

    private func toneMapping(input: String, size: String?) -> [String] {
        let scaling = size.map { "\($0):filter=bicubic:" } ?? ""
        return [
            "zscale=\(scaling)\(input):transfer=linear:npl=100",
            "format=gbrpf32le",
            "zscale=primaries=bt709",
            "tonemap=tonemap=hable:desat=0",
            "zscale=transfer=bt709:matrix=bt709:range=limited:chromal=left",
        ]
    }
}

extension VideoFilterChain {
    /// - Parameters:
    ///   - deinterlace: the filter that makes frames of fields.
    ///   - frameRate: the filter that makes the rate constant.
    init(
        _ shaped: ShapedVideo, deinterlace: String?, frameRate: String? = nil, size: PlacedSize, samples: SamplePlan
    ) {
        let video = shaped.video
        self.init(
            deinterlace: deinterlace, crop: shaped.cropFilter, refitCrop: shaped.proportionalCrop,
            orientation: video.orientation, frameRate: frameRate,
            source: video.orientation.exchangesSides ? video.size.transposed : video.size,
            sampleAspectRatio: video.sampleAspectRatio, fitted: size.fitted, canvas: size.canvas, color: samples.step,
            sourceFormat: video.pixelFormat, format: samples.format, written: samples.color)
    }
}

/// A filter option's value, escaped for the option list and once more for the graph around it.
func escapedForGraph(_ value: String) -> String {
    func escape(_ text: String, _ special: String) -> String {
        text.map { special.contains($0) || $0.isWhitespace ? "\\\($0)" : String($0) }.joined()
    }
    return escape(escape(value, "\\':"), "\\'[],;")
}
