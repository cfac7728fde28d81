// Text subtitles: converted, and cut to the output.

import LibAV
import VTXModel
import VTXSystem

/// Converts the cues of one text stream, cut to the output's timeline.
struct SubtitleStage: Sendable {
    let converter: SubtitleConverter
    let packets: Channel<Packet>
    /// Whether the output has one sample at a time, so that cues must not overlap.
    let isSequential: Bool
    let limit: MediaTime?
    let sink: PacketSink
    let outcome: Guarded<SubtitleOutcome>

    func run() throws {
        let end = limit.map { rescale($0.ticks, from: $0.base, to: SubtitleConverter.timeBase) }
        var layers = CueLayers()
        var outside = 0
        var isWhole = true
        func take(_ cue: TextCue) throws {
            var cue = cue
            cue.start = max(0, cue.start)
            cue.end = min(cue.end, end ?? .max)
            if cue.end <= cue.start {
                outside += 1
            } else if isSequential {
                for part in layers.add(cue) { try write(part) }
            } else {
                try write(cue)
            }
        }
        while let packet = try packets.receive() {
            if let cue = converter.decode(packet) { try take(cue) }
            if let end, let time = packet.presentation,
                rescale(time, from: converter.sourceTimeBase, to: SubtitleConverter.timeBase) >= end
            {
                packets.refuse()
                isWhole = false
            }
        }
        if let cue = converter.finish() { try take(cue) }
        for part in layers.finish() { try write(part) }
        outcome.with {
            $0.counts = converter.counts
            $0.cues.outside = outside
            if !isWhole { $0.declared = nil }
        }
        sink.close()
    }

    private func write(_ cue: TextCue) throws {
        if let packet = try converter.encode(cue) { try sink.write(packet) }
    }
}
