// Which part of the frames is kept.
//
// Parts are cut from stored frames, before they are turned, so that chroma samples stay where they are.

import VTXModel

extension VideoPlanner {
    /// The part of stored frames that is kept; `nil`: all.
    mutating func planCrop(of video: VideoDescription) throws(VTXError) -> PixelArea? {
        guard let choice = options.filters.crop else { return nil }
        try context.require(filter: "crop", to: "crop")
        let upright = video.orientation.exchangesSides ? video.size.transposed : video.size
        switch choice {
        case .area(let area):
            try check(area, within: upright, video)
            guard area.size != upright else {
                decide(.nothingToCrop(area))
                return nil
            }
            decide(.cropped(area, from: upright, sampled: nil))
            return area.turnedBack(video.orientation, in: video.size)
        case .automatic:
            guard !hasBitmapToBurn else {
                decide(.keptBarsForSubtitle)
                return nil
            }
            let sample = video.bars ?? BarSample(frames: 0)
            guard let image = sample.image?.aligned(to: chromaGrid(of: video), within: video.size),
                image.size != video.size
            else {
                decide(.notCropped(sampled: sample.frames, isDark: sample.isDark))
                return nil
            }
            decide(
                .cropped(image.turned(video.orientation, in: video.size), from: upright, sampled: sample.frames))
            return image
        }
    }

    private func check(_ area: PixelArea, within frame: PixelSize, _ video: VideoDescription) throws(VTXError) {
        guard area.fits(frame) else {
            throw VTXError(
                .usage, "\(.crop) \(area) reaches beyond the video, which is \(frame)",
                remedy: "width plus x is at most \(frame.width), height plus y at most \(frame.height)")
        }
        let stored = chromaGrid(of: video)
        let grid = video.orientation.exchangesSides ? stored.transposed : stored
        guard area.size.even == area.size, area.x % grid.width == 0, area.y % grid.height == 0 else {
            let near = PixelArea(
                x: area.x / grid.width * grid.width, y: area.y / grid.height * grid.height,
                size: PixelSize(max(2, area.size.width / 2 * 2), max(2, area.size.height / 2 * 2)))
            throw VTXError(
                .usage, "\(.crop) \(area) does not fall on whole samples of the video, which is \(video.sampling)",
                remedy:
                    "video needs even sides, and here x is a multiple of \(grid.width) and y of \(grid.height): \(.crop, near.description)"
            )
        }
    }

    /// Whether a bitmap subtitle is drawn onto whole frames.
    private var hasBitmapToBurn: Bool {
        if let file = options.burn?.file { return file.streams.contains { bitmapCodecs.contains($0.codec) } }
        guard let number = options.burn?.track else { return false }
        return source.numberedTracks(.subtitle).contains {
            $0.number == number && bitmapCodecs.contains($0.stream.codec)
        }
    }
}

/// Columns and rows of stored frames that share a chroma sample.
private func chromaGrid(of video: VideoDescription) -> PixelSize {
    switch video.sampling {
    case "4:2:0": PixelSize(2, 2)
    case "4:2:2": PixelSize(2, 1)
    case "4:4:0": PixelSize(1, 2)
    case "4:1:1": PixelSize(4, 1)
    case "4:1:0": PixelSize(4, 4)
    default: PixelSize(1, 1)
    }
}

extension PixelArea {
    /// The smallest area around this one that begins on the grid and has even sides, where the frame has room for them.
    fileprivate func aligned(to grid: PixelSize, within frame: PixelSize) -> PixelArea {
        func side(_ start: Int, _ length: Int, _ step: Int, _ frame: Int) -> (start: Int, length: Int) {
            let first = start / step * step
            let last = min(frame, start + length)
            return (first, min(frame - first, (last - first + 1) / 2 * 2))
        }
        let across = side(x, size.width, grid.width, frame.width)
        let down = side(y, size.height, grid.height, frame.height)
        return PixelArea(x: across.start, y: down.start, size: PixelSize(across.length, down.length))
    }
}
