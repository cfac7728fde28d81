// An image over the video, as libavfilter's text.

import VTXModel

extension FilterOptions {
    /// The images that lie over the frames of a chain.
    ///
    /// - Throws: `.usage` if these have a high dynamic range, in which the image's white would be the brightest of all.
    func overlays(over chain: VideoFilterChain) throws(VTXError) -> [NamedFilter] {
        guard let overlay else { return [] }
        guard !chain.written.isHDR else {
            throw VTXError(
                .usage, "\(.overlay) and \(.hdr, "keep") cannot be combined",
                cause: "images have no high dynamic range", remedy: "leave out one of them")
        }
        return [NamedFilter(overlaying: overlay, over: chain)]
    }
}

extension NamedFilter {
    /// The filters read the file themselves, once for each graph: every chunk has the same image.
    fileprivate init(overlaying image: OverlayImage, over chain: VideoFilterChain) {
        let canvas = chain.canvas
        let width = max(2, Int((Double(canvas.width) * image.share).rounded()))
        let margin = canvas.shortSide / 40
        let (right, bottom) = ("W-w-\(margin)", "H-h-\(margin)")
        let (x, y) =
            switch image.place {
            case .topLeft: ("\(margin)", "\(margin)")
            case .topRight: (right, "\(margin)")
            case .bottomLeft: ("\(margin)", bottom)
            case .bottomRight: (right, bottom)
            case .center: ("(W-w)/2", "(H-h)/2")
            }
        let opacity = image.opacity < 1 ? ",colorchannelmixer=aa=\(decimalText(image.opacity))" : ""
        // A graph of its own within the chain: the labels are those of this one.
        text =
            "null[under];movie=filename=\(escapedForGraph(Self.url(of: image))):f=png_pipe,format=rgba\(opacity)"
            + ",scale=w=\(width):h=\(canvas.height):force_original_aspect_ratio=decrease:flags=bicubic"
            + "\(Self.colors(of: chain))[over]"
            + ";[under][over]overlay=x=\(x):y=\(y):format=auto"
        names = ["null", "movie", "scale", "overlay"] + (image.opacity < 1 ? ["colorchannelmixer"] : [])
        purpose = "overlay an image"
        decision = .overlaid(image)
    }

    /// The file's name as libavformat takes it: what stands before a colon would name a protocol.
    private static func url(of image: OverlayImage) -> String {
        image.path.hasPrefix("/") ? image.path : "./\(image.path)"
    }

    /// Options and a filter that give the image the colours of the video; none where that is RGB too.
    private static func colors(of chain: VideoFilterChain) -> String {
        guard ["yuv", "nv12", "p010"].contains(where: chain.format.hasPrefix) else { return "" }
        let matrix =
            switch chain.written.matrix {
            case "bt709": "bt709"
            case "bt2020nc", "bt2020c": "bt2020"
            case "smpte170m", "bt470bg": "smpte170m"
            // What players take it for.
            default: chain.canvas.height >= 720 ? "bt709" : "smpte170m"
            }
        return ":out_color_matrix=\(matrix):out_range=limited,format=yuva444p"
    }
}
