// An image over the video, as libavfilter's text.

import VTXModel

extension FilterOptions {
    /// The images that lie over frames of a size.
    func overlays(over canvas: PixelSize) -> [NamedFilter] {
        guard let overlay else { return [] }
        return [NamedFilter(overlaying: overlay, over: canvas)]
    }
}

extension NamedFilter {
    /// The filters read the file themselves, once for each graph: every chunk has the same image.
    fileprivate init(overlaying image: OverlayImage, over canvas: PixelSize) {
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
            "null[under];movie=filename=\(escapedForGraph(image.path)),format=rgba"
            + ",scale=w=\(width):h=\(canvas.height):force_original_aspect_ratio=decrease:flags=bicubic\(opacity)[over]"
            + ";[under][over]overlay=x=\(x):y=\(y):format=auto"
        names = ["null", "movie", "scale", "overlay"] + (image.opacity < 1 ? ["colorchannelmixer"] : [])
        purpose = "overlay an image"
        decision = .overlaid(image)
    }
}
