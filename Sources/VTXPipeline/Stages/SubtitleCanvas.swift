// Bitmap subtitles, drawn onto the video.

import LibAV
package import VTXModel

/// The bitmap subtitles of a file as an image for any moment, read by a second demuxer ahead of the video.
package final class SubtitleCanvas: @unchecked Sendable {
    // @unchecked: used by one stage.
    private let demuxer: Demuxer
    private let painter: SubtitlePainter
    private let stream: Int
    private let origin: MediaTime
    private var current: Frame
    private var currentEnd: MediaTime?
    private var isBlank = true
    private var upcoming: SubtitlePainter.Canvas?
    private var isAtEnd = false
    var size: PixelSize { painter.size }

    /// - Parameter origin: source time that is 0 in the output.
    package init(path: String, stream: Int, origin: MediaTime, videoSize: PixelSize) throws {
        demuxer = try Demuxer(opening: path)
        demuxer.keepOnly([stream])
        self.stream = stream
        self.origin = origin
        painter = try SubtitlePainter(for: demuxer.parameters(of: stream), videoSize: videoSize)
        current = try Frame(blank: painter.size)
        current.clearPicture()
    }

    /// What lies over the video at `time` (output time), which must not go back.
    func image(at time: MediaTime) throws -> Frame {
        while try loadUpcoming(), let next = upcoming.take() {
            if next.start - origin > time {
                upcoming = consume next
                break
            }
            currentEnd = next.end.map { $0 - origin }
            current = next.takeImage()
            isBlank = false
        }
        if !isBlank, let end = currentEnd, end <= time {
            current = try Frame(blank: painter.size)
            current.clearPicture()
            isBlank = true
            currentEnd = nil
        }
        return try current.copy()
    }

    private func loadUpcoming() throws -> Bool {
        while upcoming == nil, !isAtEnd {
            guard let packet = try demuxer.read() else {
                isAtEnd = true
                break
            }
            if packet.stream == stream { upcoming = try painter.paint(packet) }
        }
        return upcoming != nil
    }
}
