// Colours of a clip: 256 of them, and frames that have no others.

import CLibAV
package import VTXModel

/// Filters that make a palette of the frames that go through them: one frame comes out at the end.
package let paletteFilters = ["palettegen=stats_mode=full"]

extension FilterGraph {
    /// Size and format of what `paletteFilters` make.
    static let palette = (size: PixelSize(16, 16), format: "bgra")

    /// Gives frames like `frame` the colours of a palette, with error diffusion where only what moves is drawn anew.
    ///
    /// - Parameter palette: its samples, as `Frame.imageBytes` has them.
    package convenience init(mapping frame: borrowing Frame, timeBase: Rational, to palette: [UInt8]) throws {
        let image = frame.pointer.pointee
        let base = timeBase.av
        let size = Self.palette.size
        let description =
            "buffer@in=video_size=\(image.width)x\(image.height):pix_fmt=\(image.format):time_base=\(base.num)/\(base.den)"
            + ":sar=1/1[in];buffer@over=video_size=\(size.width)x\(size.height):pix_fmt=\(Self.palette.format)"
            + ":time_base=\(base.num)/\(base.den):sar=1/1[colors];"
            + "[in][colors]paletteuse=dither=sierra2_4a:diff_mode=rectangle[out];[out]buffersink@out"
        try self.init(description, threads: 1)
        let colors = try Frame(image: palette, size: size, format: Self.palette.format)
        colors.time = 0
        try pushOverlay(colors)
        try endOverlay()
    }
}
