// The libavfilter chain of one video track.
//
// Order: fields to frames, upright, frame rate, size and colour, pixel format, text, borders. Text comes after
// turning and scaling, so that it stands upright on square pixels and keeps its colours when HDR is mapped.

import VTXModel

/// What happens to the sample values.
enum ColorStep: Equatable {
    case asIs
    /// Full range to limited; players ignore the flag that tells the difference.
    case limit
    /// RGB to YCbCr with this matrix, limited range.
    case fromRGB(matrix: String)
    /// Options of the first `zscale` that tell what comes in.
    case toneMap(input: String)
}

struct VideoFilterChain: Equatable {
    var deinterlace: String?
    var orientation: Orientation
    var frameRate: String?
    /// Upright size before scaling.
    var source: PixelSize
    var sampleAspectRatio: Rational?
    /// The picture, and what it lies on.
    var fitted: PixelSize
    var canvas: PixelSize
    var color: ColorStep
    var sourceFormat: String
    var format: String
    var burn: [String] = []

    private var hasSquarePixels: Bool {
        sampleAspectRatio.map { !$0.isPositive || $0 == Rational(1) } ?? true
    }

    /// - Parameter refit: for frames of any other shape: they are made to fit, with borders.
    func filters(refit: Bool) -> [String] {
        var chain: [String] = []
        if let deinterlace { chain.append(deinterlace) }
        chain += turning(orientation)
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
        chain += burn
        if refit || fitted != canvas {
            chain.append("pad=w=\(canvas.width):h=\(canvas.height):x=-1:y=-1")
        }
        // Scaling keeps the shape of the picture by changing that of the pixels, to the last rounding.
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

/// Turns the stored picture upright: mirrored left to right first, then turned clockwise.
func turning(_ orientation: Orientation) -> [String] {
    switch (orientation.quarterTurns, orientation.isMirrored) {
    case (0, false): []
    case (1, false): ["transpose=dir=clock"]
    case (2, false): ["hflip", "vflip"]
    case (3, false): ["transpose=dir=cclock"]
    case (0, true): ["hflip"]
    case (1, true): ["transpose=dir=clock_flip"]
    case (2, true): ["vflip"]
    default: ["transpose=dir=cclock_flip"]
    }
}

/// The picture and its canvas for a source shown at `display`.
func fitting(_ display: PixelSize, _ fit: VideoFit?) -> (fitted: PixelSize, canvas: PixelSize) {
    switch fit {
    case nil: return (display.even, display.even)
    case .height(let height):
        let size = display.scaled(toHeight: height)
        return (size, size)
    case .size(let size):
        let inside = largest(display, within: size)
        // A border of one pixel is a rounding error, not a border.
        let isWhole = size.width - inside.width <= 2 && size.height - inside.height <= 2
        return (isWhole ? size : inside, size)
    case .box(let box):
        let fits = display.even.width <= box.width && display.even.height <= box.height
        let size = fits ? display.even : largest(display, within: box)
        return (size, size)
    }
}

/// The largest size of the shape of `size` within `box`, both sides even.
private func largest(_ size: PixelSize, within box: PixelSize) -> PixelSize {
    let isWider = size.width * box.height > box.width * size.height
    let scaled = isWider ? size.scaled(toWidth: box.width) : size.scaled(toHeight: box.height)
    return PixelSize(
        max(2, min(scaled.width, box.width / 2 * 2)), max(2, min(scaled.height, box.height / 2 * 2)))
}

/// A filter option's value, escaped for the option list and once more for the graph around it.
func escapedForGraph(_ value: String) -> String {
    func escape(_ text: String, _ special: String) -> String {
        text.map { special.contains($0) || $0.isWhitespace ? "\\\($0)" : String($0) }.joined()
    }
    return escape(escape(value, "\\':"), "\\'[],;")
}
