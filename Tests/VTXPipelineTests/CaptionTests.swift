// Captions on their way from the frames that come in to the frames that go out.

import LibAV
import Testing
import VTXModel
import VTXSystem

@testable import VTXPipeline

@Suite("captions between frames")
struct CaptionBufferTests {
    private func frame(_ time: Int64, _ captions: [UInt8] = []) throws -> Frame {
        let frame = try Frame(blank: PixelSize(2, 2))
        frame.time = time
        try frame.setCaptions(captions)
        return frame
    }

    private func triplets(_ count: Int, _ value: UInt8) -> [UInt8] {
        (0..<count).flatMap { _ in [0xFC, 0x40 | value, 0x41] as [UInt8] }
    }

    @Test("Each is given once, at its time or after it")
    func times() throws {
        var buffer = CaptionBuffer()
        for time in 0..<3 as Range<Int64> { buffer.take(from: try frame(time), at: time) }
        let (first, second) = (triplets(1, 1), triplets(1, 2))
        buffer.take(from: try frame(10, first), at: 10)
        buffer.take(from: try frame(20, second), at: 20)
        let out = try frame(0)
        try buffer.give(to: out, until: 9)
        #expect(out.captions == [])
        try buffer.give(to: out, until: 15)
        #expect(out.captions == first)
        let next = try frame(1)
        try buffer.give(to: next, until: 25)
        #expect(next.captions == second && buffer.allLost == 0)
    }

    @Test("What frames have no room for waits, and is counted if that is too long")
    func room() throws {
        var buffer = CaptionBuffer()
        for number in 0..<30 as Range<UInt8> { buffer.take(from: try frame(0, triplets(31, number)), at: 0) }
        let out = try frame(0)
        try buffer.give(to: out)
        #expect(out.captions == triplets(31, 0) && buffer.lost == 31 * 14)
        try buffer.give(to: try frame(1))
        #expect(buffer.lost == 31 * 14 && buffer.allLost == 31 * 28)
    }

    @Test("Frames that a rung leaves out give theirs to the one before", arguments: [1, 2] as [Int64])
    func divided(divisor: Int64) throws {
        let channel = Channel<Frame>(capacity: 8)
        for number in 0..<5 as Range<Int64> {
            _ = try channel.send(try frame(number, triplets(1, UInt8(number))))
        }
        channel.close()
        var reader = DividedFrames(input: channel, divisor: divisor)
        var found: [[UInt8]] = []
        while let frame = try reader.next() { found.append(frame.captions) }
        let all = (0..<5 as Range<UInt8>).map { triplets(1, $0) }
        #expect(found == (divisor == 1 ? all : [all[0] + all[1], all[2] + all[3], all[4]]))
        #expect(reader.lostCaptions == 0)
    }

    @Test("What a rung at half the rate has no room for is counted")
    func lostInRung() throws {
        let input = Channel<Frame>(capacity: 64)
        for number in 0..<60 as Range<Int64> {
            _ = try input.send(try frame(number, triplets(31, UInt8(number % 64))))
        }
        input.close()
        let output = Channel<Frame>(capacity: 64)
        let counts = Guarded(DecoderCounts())
        let stage = ScaleStage(
            input: input, size: PixelSize(2, 2), pixelFormat: "rgba", divisor: 2, threads: 1, outputs: [output],
            chunkFrames: 60, samples: [], counts: counts)
        try stage.run()
        var carried = 0
        while let frame = try output.receive() { carried += frame.captions.count / 3 }
        #expect(carried == 30 * 31)
        // As many wait in the end, for half a second: of those nobody knows yet.
        #expect(counts.with { $0.lostCaptions } == 30 * 31 - 15 * 31)
    }
}
