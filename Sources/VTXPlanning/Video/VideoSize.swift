// The size of the output, and the decisions about it.

import VTXModel

/// Lengths of a side that can be asked for.
private let sides = 2...16_384

/// The size of the visible part, and of the frame it is centred in.
struct PlacedSize: Equatable {
    var fitted: PixelSize
    var canvas: PixelSize
}

extension VideoPlanner {
    /// The size that `options.fit` asks for.
    ///
    /// - Throws: `.usage` if a side is out of range, odd, or too small for the encoder.
    func planSize(_ video: VideoDescription, codec: VideoCodec) throws(VTXError) -> PlacedSize {
        try checkFit()
        let result = fitting(video, options.fit)
        try checkSmallest(result.canvas, codec)
        return result
    }

    /// - Throws: `.usage` if frames of that size are too small for the encoder.
    func checkSmallest(_ size: PixelSize, _ codec: VideoCodec) throws(VTXError) {
        guard !codec.traits.takes(size) else { return }
        throw VTXError(
            .usage, "\(codec.encoder) needs frames of \(codec.traits.smallestSize) at least, and this is \(size)",
            remedy: "choose another codec, or a larger \(.height)")
    }

    private func checkSide(_ side: Int, of setting: Setting) throws(VTXError) {
        guard sides.contains(side) else {
            throw VTXError(.usage, "\(setting) \(side) is out of range", remedy: "it goes from 2 to 16384")
        }
        guard side % 2 == 0 else {
            throw VTXError(
                .usage, "\(setting) \(side) is odd", remedy: "video needs even sides: \(side - 1) or \(side + 1)")
        }
    }

    private func checkFit() throws(VTXError) {
        switch options.fit {
        case nil: break
        case .height(let side): try checkSide(side, of: .height)
        case .shortSide(let side): try checkSide(side, of: .resolution)
        case .size(let size), .box(let size):
            guard sides.contains(size.width), sides.contains(size.height) else {
                throw VTXError(.usage, "the size \(size) is out of range", remedy: "sides go from 2 to 16384")
            }
            if case .size = options.fit, size.even != size {
                throw VTXError(
                    .usage, "\(.size) \(size) has an odd side",
                    remedy: "video needs even sides, such as \(size.even)")
            }
        }
    }

    /// Notes how the source's shape changes.
    mutating func noteShape(_ video: VideoDescription, _ size: PlacedSize) {
        if video.hasOddMatrix { decide(.shownAsStored) }
        let display = video.displaySize
        let (fitted, canvas) = (size.fitted, size.canvas)
        if let shape = video.sampleAspectRatio, !video.hasSquarePixels {
            decide(.squarePixels(fitted, aspect: shape))
        } else if options.fit == nil, display.even != display {
            decide(.evenSides(from: display, to: fitted))
        }
        if case .height(let height) = options.fit, height > display.height {
            decide(.enlarged(to: fitted, source: display, height: height))
        }
        if case .size = options.fit, fitted.area > display.area {
            decide(.enlarged(to: fitted, source: display, height: nil))
        }
        if fitted != canvas { decide(.padded(fitted, within: canvas)) }
        if case .box(let box) = options.fit, fitted == video.evenDisplaySize, box != display {
            decide(.keptSize(fitted, within: box))
        }
        if case .shortSide(let side) = options.fit, display.shortSide < side {
            decide(.keptShortSide(fitted, under: side))
        }
    }
}

/// The visible part of a source and its frame.
func fitting(_ video: VideoDescription, _ fit: VideoFit?) -> PlacedSize {
    let (display, even) = (video.displaySize, video.evenDisplaySize)
    switch fit {
    case nil: return PlacedSize(fitted: even, canvas: even)
    case .height(let height):
        let size = display.scaled(toHeight: height)
        return PlacedSize(fitted: size, canvas: size)
    case .shortSide(let side):
        let size = display.shortSide <= side ? even : display.scaled(toShortSide: side)
        return PlacedSize(fitted: size, canvas: size)
    case .size(let size):
        let inside = largest(display, within: size)
        // A border of one pixel is a rounding error, not a border.
        let isWhole = size.width - inside.width <= 2 && size.height - inside.height <= 2
        return PlacedSize(fitted: isWhole ? size : inside, canvas: size)
    case .box(let box):
        let fits = even.width <= box.width && even.height <= box.height
        let size = fits ? even : largest(display, within: box)
        return PlacedSize(fitted: size, canvas: size)
    }
}

/// The largest size of the shape of `size` within `box`, both sides even.
private func largest(_ size: PixelSize, within box: PixelSize) -> PixelSize {
    let isWider = size.width * box.height > box.width * size.height
    let scaled = isWider ? size.scaled(toWidth: box.width) : size.scaled(toHeight: box.height)
    return PixelSize(
        max(2, min(scaled.width, box.width / 2 * 2)), max(2, min(scaled.height, box.height / 2 * 2)))
}
