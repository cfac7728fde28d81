// Text subtitles: converted, and cut to the output.

import LibAV
import VTXModel

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
