// Subtitles: converted from text to text, or drawn onto the picture.

import LibAV
package import VTXModel

/// Converts the cues of one text stream, cut to the output's timeline.
struct SubtitleStage: Sendable {
    let converter: SubtitleConverter
    let packets: Channel<Packet>
    let isCutAtStart: Bool
    let limit: MediaTime?
    let sink: PacketSink

    func run() throws {
        let end = limit.map { rescale($0.ticks, from: $0.base, to: SubtitleConverter.timeBase) }
        while let packet = try packets.receive() {
            try converter.convert(packet) { cue in
                guard let start = cue.presentation else { return }
                let from = max(0, start)
                let until = min(start + cue.duration, end ?? .max)
                guard until > from else { return }
                cue.presentation = from
                cue.decoding = from
                cue.duration = until - from
                try sink.write(cue)
            }
            if let end, let time = packet.presentation,
                rescale(time, from: converter.sourceTimeBase, to: SubtitleConverter.timeBase) >= end
            {
                packets.refuse()
            }
        }
        sink.close()
    }
}

/// The bitmap subtitles of a file as a picture for any moment, read ahead of the source with an own reader.
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

    /// What lies over the source at `time` (output time); times must not go back.
    func picture(at time: MediaTime) throws -> Frame {
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
