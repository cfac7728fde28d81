// What stages do when those behind them need nothing more.

import LibAV
import Testing
import VTXModel

@testable import VTXPipeline
import VTXSystem

@Suite("stages")
struct StageTests {
    /// A pass that had its last chunk read the rest of the source.
    @Test("A filter stage passes a refusal on", arguments: [[], ["scale=8:8"]])
    func refusal(filters: [String]) throws {
        let size = PixelSize(16, 16)
        func frame(_ time: Int64) throws -> Frame {
            let frame = try Frame(
                image: [UInt8](repeating: 0, count: size.area * 3 / 2), size: size, format: "yuv420p")
            frame.time = time
            return frame
        }
        let plan = VideoEncodePlan(
            codec: .h264, encoder: "libx264", size: size, pixelFormat: "yuv420p", frameRate: Rational(25),
            isConstantRate: false, timeBase: Rational(1, 25),
            expected: FrameShape(size: size, pixelFormat: "yuv420p"), filters: filters, rate: .constantQuality(crf: 23))
        let (input, output) = (Channel<Frame>(capacity: 8), Channel<Frame>(capacity: 8))
        let stage = VideoFilterStage(
            plan: plan, base: Rational(1, 25), input: input, output: output, canvas: nil,
            counts: Guarded(DecoderCounts()))
        for time in Int64(0)..<4 { #expect(try input.send(try frame(time))) }
        input.close()
        output.refuse()
        try stage.run()
        #expect(try !input.send(try frame(4)))
    }
}
