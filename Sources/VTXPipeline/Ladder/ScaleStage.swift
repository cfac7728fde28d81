// The cascade of sizes: each rung is scaled from a larger one.

import LibAV
import VTXModel
import VTXSystem

/// Scales the frames of the size above, for its own encoders and for the size below.
struct ScaleStage: Sendable {
    let input: Channel<Frame>
    let size: PixelSize
    let pixelFormat: String
    /// Only frames whose number is a multiple of it go further.
    let divisor: Int
    let threads: Int
    let outputs: [Channel<Frame>]
    /// Frames in a chunk.
    let chunkFrames: Int64
    /// Takes the frames whose number is a multiple of its interval, and the first one of each chunk.
    let samples: [(every: Int, channel: Channel<Frame>)]
    /// Takes captions that found no place.
    let counts: Guarded<DecoderCounts>

    func run() throws {
        var graph: FilterGraph?
        let wanted = FrameShape(size: size, pixelFormat: pixelFormat)
        var reader = DividedFrames(input: input, divisor: Int64(divisor))
        while let frame = try reader.next() {
            let number = frame.time ?? 0
            if frame.shape == wanted {
                try deliver(frame, number: number)
                continue
            }
            if graph == nil {
                graph = try FilterGraph(
                    video: frame, timeBase: Rational(1, 1_000_000), frameRate: nil,
                    chain: [
                        "scale=w=\(size.width):h=\(size.height):flags=bicubic+accurate_rnd",
                        "format=\(pixelFormat)",
                    ],
                    threads: threads)
            }
            try graph?.push(frame) { try deliver($0, number: number) }
        }
        counts.with { $0.lostCaptions += reader.lostCaptions }
        for output in outputs { output.close() }
        for sample in samples { sample.channel.close() }
    }

    private func deliver(_ frame: consuming Frame, number: Int64) throws {
        let beginsChunk = number % chunkFrames == 0
        for sample in samples where beginsChunk || number % Int64(sample.every) == 0 {
            // Samplers refuse nothing.
            _ = try sample.channel.send(try frame.copy())
        }
        try outputs.send(frame)
    }
}
