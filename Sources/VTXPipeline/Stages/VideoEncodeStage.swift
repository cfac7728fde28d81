// Encodes video with one encoder from beginning to end.

import LibAV
import VTXModel
import VTXSystem

/// Encodes video.
final class VideoEncodeStage: @unchecked Sendable {
    // @unchecked: runs on one thread.
    private let encoder: Encoder
    private let frames: Channel<Frame>
    private let sink: PacketSink
    private var durations: FrameDurations
    private let captions: CaptionWriter
    private let progress: Guarded<MuxProgress>

    init(
        encoder: Encoder, nominalRate: Rational, frames: Channel<Frame>, sink: PacketSink,
        progress: Guarded<MuxProgress>
    ) {
        self.progress = progress
        self.encoder = encoder
        self.frames = frames
        self.sink = sink
        captions = CaptionWriter(encoder.parameters)
        durations = FrameDurations(nominalRate: nominalRate, base: encoder.timeBase)
    }

    func run() throws {
        while let frame = try frames.receive() {
            durations.note(frame)
            let time = frame.time.map { MediaTime($0, encoder.timeBase) }
            try encoder.encode(frame, emit: write)
            progress.with { $0.received = time ?? $0.received }
        }
        try encoder.drain(emit: write)
        sink.close()
    }

    private func write(_ packet: consuming Packet) throws {
        durations.set(on: packet)
        try sink.write(try captions.write(packet))
    }
}
