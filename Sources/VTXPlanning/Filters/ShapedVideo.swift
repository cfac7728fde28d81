// What of a source's frames is shown, and which way up, before it is scaled.

import VTXModel

/// A video after filters that cut it and turn it.
struct ShapedVideo {
    /// As the source describes it, with the size and the orientation of the part that is kept.
    var video: VideoDescription
    /// The part that is kept, in stored frames; `nil`: all.
    var crop: PixelArea?
    /// Size of stored frames.
    var stored: PixelSize

    /// Of a video that no filter changes.
    init(_ video: VideoDescription) {
        self.video = video
        stored = video.size
    }

    /// Cuts stored frames.
    var cropFilter: [String] {
        guard let crop else { return [] }
        return ["crop=w=\(crop.size.width):h=\(crop.size.height):x=\(crop.x):y=\(crop.y):exact=1"]
    }

    /// Cuts frames of any other size: the same part of them.
    var proportionalCrop: [String] {
        guard let crop else { return [] }
        return [
            "crop=w=iw*\(crop.size.width)/\(stored.width):h=ih*\(crop.size.height)/\(stored.height)"
                + ":x=iw*\(crop.x)/\(stored.width):y=ih*\(crop.y)/\(stored.height)"
        ]
    }
}

extension VideoPlanner {
    /// The part of a video that is kept, and how it is turned.
    ///
    /// - Throws: `.usage` for a part that does not lie within the frame or cannot be cut exactly.
    mutating func shape(_ video: VideoDescription) throws(VTXError) -> ShapedVideo {
        var shaped = ShapedVideo(video)
        if video.orientation != .upright { decide(.turned(video.orientation)) }
        if let area = try planCrop(of: video) {
            shaped.crop = area
            shaped.video.size = area.size
        }
        if options.filters.quarterTurns != 0 { decide(.rotated(degrees: options.filters.quarterTurns * 90)) }
        shaped.video.orientation = video.orientation.turned(clockwise: options.filters.quarterTurns)
        if let flip = options.filters.flip {
            decide(.flipped(flip))
            shaped.video.orientation = shaped.video.orientation.flipped(flip)
        }
        for filter in filterNames(of: turning(shaped.video.orientation))
        where shaped.video.orientation != video.orientation {
            try context.require(filter: filter, to: "turn the video")
        }
        return shaped
    }
}

/// libavfilter's names in a chain.
private func filterNames(of chain: [String]) -> [String] { chain.map { String($0.prefix { $0 != "=" }) } }
