// One audio rendition: encoded in one go, and cut into segments.

import LibAV
import VTXModel
import VTXSystem

/// Encodes a track of audio and cuts it.
struct AudioRenditionStage: Sendable {
    let encoder: Encoder
    let frames: Channel<Frame>
    let makeSegmenter: @Sendable () throws -> Segmenter
    let progress: Guarded<RenditionProgress>

    func run() throws {
        let segmenter = try makeSegmenter()
        func write(_ packet: consuming Packet) throws {
            if packet.duration <= 0 { packet.duration = Int64(encoder.frameSize) }
            progress.with { $0.add(packet, base: encoder.timeBase) }
            try segmenter.write(packet)
        }
        while let frame = try frames.receive() { try encoder.encode(frame, emit: write) }
        try encoder.drain(emit: write)
        try segmenter.finish()
    }
}
