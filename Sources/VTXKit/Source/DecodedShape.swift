// The size and pixel shape of video by its frames, where a header of the container says them too.

import LibAV
import VTXModel
import VTXPipeline

/// Formats without a header: size and shape are the frames' own.
private let formatsWithoutHeader: Set = ["mpegts", "mpeg", "h264", "hevc", "mpegvideo", "m4v"]

extension StreamDescription {
    /// Corrects the size by the stream itself, and finds out whether frames tell the shape of their pixels.
    ///
    /// The decoder has the say about the size. The shape of the image is the container's: `displayAspectRatio` stays.
    ///
    /// - Parameter demuxer: of `file`; it is not read.
    mutating func compareWithFrames(of file: MediaDescription, in demuxer: Demuxer) {
        guard var video else { return }
        defer { self.video = video }
        guard !formatsWithoutHeader.contains(file.format) else {
            video.hasCodedShape = true
            return
        }
        guard encryption == nil,
            let frame = demuxer.streamShape(of: index) ?? sampleFrame(path: file.path, stream: index)
        else { return }
        video.take(size: frame.size, shaped: demuxer.shapedSize(of: index) ?? video.size)
        let own = frame.sampleAspectRatio ?? Rational(1)
        let stored = video.sampleAspectRatio.flatMap { $0.isPositive ? $0 : nil } ?? Rational(1)
        video.hasCodedShape = own.isSameShape(as: stored)
    }
}

extension VideoDescription {
    /// Replaces the header's size. An image that the container does not show with square pixels keeps its shape, unless
    /// the header has whole blocks of 16 pixels, of which the stream cuts off some.
    ///
    /// - Parameter shaped: the size to which `sampleAspectRatio` belongs.
    fileprivate mutating func take(size frame: PixelSize, shaped: PixelSize) {
        guard frame.width > 0, frame.height > 0 else { return }
        func blocks(_ size: PixelSize) -> [Int] { [(size.width + 15) / 16, (size.height + 15) / 16] }
        if blocks(frame) != blocks(shaped), !hasSquarePixels, shaped.area > 0, let shape = sampleAspectRatio {
            let image = shape * Rational(Int64(shaped.width), Int64(shaped.height))
            sampleAspectRatio = image / Rational(Int64(frame.width), Int64(frame.height))
        }
        guard frame != size else { return }
        if codedSize.width < frame.width || codedSize.height < frame.height || codedSize == size { codedSize = frame }
        size = frame
    }
}
