// Several mono tracks decoded and joined to one: a thread decodes each, another hands it to the joiner.
//
//     decode ─▶ join ─┐
//     decode ─▶ join ─┴▶ filter …

import LibAV
import VTXModel
import VTXSystem

/// What is set up to join the streams of a track.
struct AudioJoin {
    /// What a stream beside the first needs.
    struct Part {
        var stream: Int
        var packets: Channel<Packet>
        var counts: Guarded<DecoderCounts>
        var reached: Guarded<MediaTime?>
    }

    /// The joined audio.
    let frames: Channel<Frame>
    let parts: [Part]
    private(set) var stages: [(name: String, body: @Sendable () throws -> Void)] = []

    /// - Parameter first: the frames of the track's own stream.
    init?(
        _ track: AudioTrackPlan, first: Channel<Frame>, source: Demuxer, group: StageGroup, isCutAtStart: Bool,
        limit: MediaTime?
    ) throws {
        guard let others = track.joined, let layout = track.joinedLayout else { return nil }
        var parameters = [try source.parameters(of: track.stream)]
        var inputs = [first]
        var parts: [Part] = []
        for stream in others {
            let own = try source.parameters(of: stream)
            let part = Part(
                stream: stream, packets: group.channel(capacity: 64), counts: Guarded(DecoderCounts()),
                reached: Guarded(nil))
            let decoded: Channel<Frame> = group.channel(capacity: 16)
            let decode = AudioDecodeStage(
                decoder: try Decoder(for: own), packets: part.packets, frames: decoded, isCutAtStart: isCutAtStart,
                limit: limit, reached: part.reached, counts: part.counts)
            stages.append(("decode a\(stream)", { try decode.run() }))
            parameters.append(own)
            inputs.append(decoded)
            parts.append(part)
        }
        self.parts = parts
        let output: Channel<Frame> = group.channel(capacity: 16, producers: inputs.count)
        frames = output
        let joiner = Guarded(try AudioJoiner(tracks: parameters, layout: layout))
        for (index, input) in inputs.enumerated() {
            stages.append(
                (
                    "join a\(index)",
                    {
                        while let frame = try input.receive() {
                            var next: Frame? = consume frame
                            var isWanted = true
                            try joiner.with { joiner in
                                guard let frame = next.take() else { return }
                                try joiner.push(frame, of: index) { if try !output.send($0) { isWanted = false } }
                            }
                            if !isWanted { input.refuse() }
                        }
                        try joiner.with { try $0.finish(index) { _ = try output.send($0) } }
                        output.close()
                    }
                ))
        }
    }
}
