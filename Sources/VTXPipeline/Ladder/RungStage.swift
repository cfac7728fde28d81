// The video of one rung, chunk by chunk.

import LibAV
import VTXModel
import VTXSystem

/// Encodes a rung, each chunk with a new encoder.
struct RungStage: Sendable {
    let name: String
    let plan: VideoEncodePlan
    let needsGlobalHeader: Bool
    let frames: Channel<Frame>
    /// Ticks of the encoder's time base per frame of the grid.
    let ticksPerFrame: Int64
    let divisor: Int
    let store: ChunkStore
    let schedule: ChunkSchedule
    let pass: ChunkPass
    /// Called when a chunk is whole.
    let finished: @Sendable (_ parameters: CodecParameters) throws -> Void
    let progress: Guarded<RenditionProgress>

    func run() throws {
        let length = ticksPerFrame * Int64(divisor)
        let layout = schedule.layout
        var writer: PacketFile.Writer?
        var captions = CaptionWriter.none
        var isAgain = false
        let encoder = ChunkedEncoder(
            overlap: plan.chunkOverlap, length: length,
            client: .init(
                begin: { chunk in
                    // What an earlier run has done is not done again.
                    guard schedule.isOwner(pass, of: chunk), !store.has(name, chunk) else { return nil }
                    writer = try store.writer(name, chunk, buffer: plan.rateBuffer)
                    let retry = chunk == 0 ? nil : schedule.retry(of: name, chunk)
                    isAgain = retry != nil
                    let plan = chunk == 0 ? plan : plan.ofChunk(retry)
                    let encoder = try Encoder(video: plan, needsGlobalHeader: needsGlobalHeader)
                    captions = CaptionWriter(encoder.parameters)
                    return .init(encoder: encoder, overlap: plan.chunkOverlap)
                },
                write: { packet in
                    packet.duration = length
                    let encoded = packet.size
                    let packet = try captions.write(packet)
                    let size = Int64(packet.size)
                    progress.with {
                        $0.add(frames: 1, bytes: size, rate: plan.frameRate)
                        if isAgain { $0.redone += 1 }
                    }
                    try writer?.write(packet, encoded: encoded)
                },
                isWhole: { chunk, frames in
                    frames == layout.due(chunk, every: divisor, source: schedule.source)
                },
                finish: { chunk, _, encoder in
                    guard let encoder, let done = writer.take() else { return }
                    try store.finish(name, chunk, done)
                    try finished(encoder.parameters)
                }))
        var pending = 0
        while let frame = try frames.receive() {
            let number = frame.time ?? 0
            frame.time = number * ticksPerFrame
            frame.duration = length
            frame.clearFrameType()
            try encoder.encode(frame, chunk: layout.chunk(of: number))
            let change = encoder.pending - pending
            pending += change
            progress.with { $0.pending += change }
        }
        progress.with { $0.pending -= pending }
        try encoder.finish()
    }
}
