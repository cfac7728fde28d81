// The decoder's buffer, and what chunks do to it.

import Testing
import VTXModel

@testable import VTXPipeline

@Suite("rate buffer")
struct RateBufferTests {
    /// A decoder's buffer, frame by frame: the least that it holds, which may be less than nothing, and what is left.
    private func play(_ sizes: [Int], _ buffer: RateBuffer, from start: Int64) -> (lowest: Int64, end: Int64) {
        var (fill, lowest) = (start, start)
        for size in sizes {
            fill -= Int64(size) * 8
            lowest = min(lowest, fill)
            fill = min(buffer.size, fill + Int64(buffer.rate))
        }
        return (lowest, fill)
    }

    @Test("What a chunk needs and leaves is what a decoder sees, however full its buffer is at first")
    func use() {
        var random = SystemRandomNumberGenerator()
        let buffer = RateBuffer(size: 10_000, rate: 500)
        var (short, full) = (0, 0)
        for _ in 0..<300 {
            let largest = Int.random(in: 20...200, using: &random)
            let sizes = (0..<20).map { _ in Int.random(in: 0...largest, using: &random) }
            var use = BufferUse()
            for size in sizes { use.add(bytes: size, ticks: 1, in: buffer) }
            for start in stride(from: 0, through: buffer.size, by: 500) {
                let (lowest, end) = play(sizes, buffer, from: start)
                guard play(sizes, buffer, from: buffer.size).lowest >= 0 else { continue }
                #expect((use.needed <= start) == (lowest >= 0), "\(sizes) from \(start)")
                if lowest < 0 { short += 1 }
                if end == buffer.size { full += 1 }
                if lowest >= 0 { #expect(use.fill(after: start) == end, "\(sizes) from \(start)") }
            }
        }
        #expect(short > 100 && full > 100)
    }

    @Test(
        "A chunk that takes what is not there is encoded again, twice at most",
        arguments: [
            (400, 400, nil, nil), (401, 400, nil, ChunkRetry(fill: 400, isLast: false)),
            (401, 400, ChunkRetry(fill: 300, isLast: false), ChunkRetry(fill: 400, isLast: true)),
            (399, 400, ChunkRetry(fill: 300, isLast: false), nil), (401, 400, ChunkRetry(fill: 300, isLast: true), nil),
        ] as [(Int64, Int64, ChunkRetry?, ChunkRetry?)])
    func retries(needed: Int64, fill: Int64, last: ChunkRetry?, expected: ChunkRetry?) {
        let buffer = RateBuffer(size: 1000, rate: 1)
        #expect(ChunkRetry(after: last, BufferUse(needed: needed), fill: fill, of: buffer) == expected)
    }

    @Test("Without a maximum bit rate nothing is needed")
    func nothing() {
        #expect(BufferUse().needed == 0)
        #expect(BufferUse().fill(after: 700) == 700)
    }

    @Test("A chunk's encoder has the whole rate and the whole buffer, and is told how full that is")
    func chunkPlan() throws {
        let size = PixelSize(1920, 1080)
        var encode = VideoEncodePlan(
            codec: .h264, encoder: "libx264", size: size, pixelFormat: "yuv420p", frameRate: Rational(24),
            isConstantRate: true, timeBase: Rational(1, 12_288),
            expected: FrameShape(size: size, pixelFormat: "yuv420p"),
            rate: .capped(crf: 21, maximum: 9_000_000, buffer: 12_000_000))
        encode.chunkOverlap = ChunkOverlap(before: 6, after: 12)
        let buffer = try #require(encode.rateBuffer)
        #expect(buffer.size == 12_000_000)
        #expect(abs(buffer.rate / encode.timeBase.value - 9_000_000) < 1)
        let first = encode.ofChunk(nil)
        #expect(first.options["x264-params"] == "vbv-init=1.0")
        #expect(first.chunkOverlap == ChunkOverlap(before: 6, after: 12))
        let second = encode.ofChunk(ChunkRetry(fill: 437, isLast: false))
        #expect(second.options["x264-params"] == "vbv-init=0.437")
        #expect(second.chunkOverlap == first.chunkOverlap)
        let third = encode.ofChunk(ChunkRetry(fill: 437, isLast: true))
        #expect(third.options["x264-params"] == "vbv-init=0.437")
        #expect(third.chunkOverlap == ChunkOverlap(before: 0, after: 12))
    }
}
