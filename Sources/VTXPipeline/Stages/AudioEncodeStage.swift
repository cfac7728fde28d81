// Encodes audio.

import LibAV
import VTXModel

/// Encodes audio.
struct AudioEncodeStage: Sendable {
    let encoder: Encoder
    let frames: Channel<Frame>
    let sink: PacketSink

    func run() throws {
        while let frame = try frames.receive() { try encoder.encode(frame, emit: sink.write) }
        try encoder.drain(emit: sink.write)
        sink.close()
    }
}
