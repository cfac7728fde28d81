// Text subtitles: converted, and cut to the output.

import LibAV
import VTXModel

/// Converts the cues of one text stream, cut to the output's timeline.
struct SubtitleStage: Sendable {
    let converter: SubtitleConverter
    let packets: Channel<Packet>
    let window: CueWindow

    func run() throws {
        while let packet = try packets.receive() {
            try converter.convert(packet) { try window.write($0) }
            if let time = packet.presentation,
                window.isOver(at: rescale(time, from: converter.sourceTimeBase, to: SubtitleConverter.timeBase))
            {
                packets.refuse()
            }
        }
        try window.finish()
    }
}

/// Copies the cues of one stream, cut to the output's timeline.
struct SubtitleCopyStage: Sendable {
    let packets: Channel<Packet>
    let window: CueWindow

    func run() throws {
        while let packet = try packets.receive() {
            let isOver = packet.presentation.map(window.isOver) ?? false
            if isOver { packets.refuse() } else { try window.write(packet) }
        }
        try window.finish()
    }
}
