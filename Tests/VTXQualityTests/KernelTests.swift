// The vectorised sums against plain loops over the same formulas.

import Testing
import VTXModel

@testable import VTXQuality

@Suite("quality kernels", .timeLimit(.minutes(60)))
struct KernelTests {
    /// A frame whose samples follow from a seed.
    final class Picture {
        let width: Int
        let height: Int
        let depth: Int
        let stride: Int
        private let bytes: UnsafeMutableRawPointer

        init(_ width: Int, _ height: Int, depth: Int = 8, padding: Int = 0, seed: UInt64, noise: Int = 0) {
            (self.width, self.height, self.depth) = (width, height, depth)
            let size = depth > 8 ? 2 : 1
            stride = width * size + padding * size
            bytes = .allocate(byteCount: stride * height, alignment: 16)
            bytes.initializeMemory(as: UInt8.self, repeating: 0xA5, count: stride * height)
            var state = seed &* 2 &+ 1
            for y in 0..<height {
                for x in 0..<width {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let noisy = Int(state >> 40) % (noise * 2 + 1) - noise
                    let value = ((x * 3 + y * 5 + (x * y) / 7 + Int(seed) * 11) % 200 + 20) << (depth - 8)
                    set(x, y, min((1 << depth) - 1, max(0, value + noisy)))
                }
            }
        }

        deinit { bytes.deallocate() }

        func set(_ x: Int, _ y: Int, _ value: Int) {
            if depth > 8 {
                bytes.storeBytes(of: UInt16(value), toByteOffset: y * stride + x * 2, as: UInt16.self)
            } else {
                bytes.storeBytes(of: UInt8(value), toByteOffset: y * stride + x, as: UInt8.self)
            }
        }

        subscript(_ x: Int, _ y: Int) -> Int {
            depth > 8
                ? Int(bytes.load(fromByteOffset: y * stride + x * 2, as: UInt16.self))
                : Int(bytes.load(fromByteOffset: y * stride + x, as: UInt8.self))
        }

        var plane: SamplePlane { SamplePlane(base: bytes, stride: stride, width: width, height: height) }
        var image: SampleImage { SampleImage(planes: [plane], depth: depth) }
        var format: SampleFormat { SampleFormat(width: width, height: height, depth: depth) }
    }

    /// The activity of a block as the formula has it, up to 2048 × 1152 samples.
    private func activity(
        _ frames: [Picture], _ columns: Range<Int>, _ rows: Range<Int>, isSecond: Bool
    ) -> Double {
        let (now, before, second) = (frames[0], frames[1], frames[2])
        var (space, count, time) = (0, 0, 0)
        for y in rows {
            for x in columns {
                time +=
                    isSecond ? abs(now[x, y] - 2 * before[x, y] + second[x, y]) : abs(now[x, y] - before[x, y])
                guard x > 0, y > 0, x < now.width - 1, y < now.height - 1 else { continue }
                count += 1
                let cross = now[x - 1, y] + now[x + 1, y] + now[x, y - 1] + now[x, y + 1]
                let diagonal =
                    now[x - 1, y - 1] + now[x + 1, y - 1] + now[x - 1, y + 1] + now[x + 1, y + 1]
                space += abs(12 * now[x, y] - 2 * cross - diagonal)
            }
        }
        return Double(space) / Double(max(1, count)) + 2 * Double(time) / Double(columns.count * rows.count)
    }

    @Test("Weights are those of the formula", arguments: [8, 10], [24.0, 60.0])
    func weights(depth: Int, rate: Double) throws {
        // Larger than the frames in which weights limit each other.
        let frames = (0..<3).map { Picture(960, 330, depth: depth, padding: 13, seed: UInt64($0), noise: 9) }
        let found = BlockWeigher(frames[0].format, frameRate: rate)
            .weights(of: frames[0].image, after: frames[1].image, frames[2].image)
        let relative = 960.0 * 330 / (3840 * 2160)
        #expect(found.side == 4 * Int(32 * relative.squareRoot() + 0.5))
        let least = Double(1 << (depth - 6))
        let usual = (16 * Double(1 << (2 * depth - 9)) / relative.squareRoot()).squareRoot()
        for (index, weight) in found.values.enumerated() {
            let (x, y) = (index % found.columns * found.side, index / found.columns * found.side)
            let due =
                usual
                / max(
                    least,
                    activity(
                        frames, x..<min(960, x + found.side), y..<min(330, y + found.side), isSecond: rate > 32))
            // Small frames: a weight is never more than that.
            #expect(weight <= due * (1 + 1e-12), "\(index)")
        }
        #expect(found.values.count == found.columns * ((330 + found.side - 1) / found.side))
    }

    @Test("Errors are summed without what lies between rows", arguments: [8, 10])
    func errors(depth: Int) throws {
        let one = Picture(1300, 37, depth: depth, padding: 7, seed: 1)
        let other = Picture(1300, 37, depth: depth, padding: 29, seed: 1, noise: 12)
        var due: UInt64 = 0
        for y in 0..<37 { for x in 0..<1300 { due += UInt64((one[x, y] - other[x, y]) * (one[x, y] - other[x, y])) } }
        let found = try #require(planeErrors(one.image, other.image, weights: nil).first)
        #expect(found.sum == due && found.weighted == Double(due) && found.samples == 1300 * 37)
    }

    @Test("A difference of one everywhere is 48.13 dB, and none is infinite")
    func psnr() throws {
        let one = Picture(64, 48, seed: 3)
        let other = Picture(64, 48, padding: 5, seed: 3)
        let meter = FrameMeter([.psnr, .ssim, .xpsnr])
        let same = meter.measure(one.image, other.image, weights: nil)
        #expect(same.first { $0.metric == .psnr }?.value == .infinity)
        #expect(same.first { $0.metric == .ssim }?.value == 1)
        for y in 0..<48 { for x in 0..<64 { other.set(x, y, one[x, y] + 1) } }
        let off = try #require(meter.measure(one.image, other.image, weights: nil).first { $0.metric == .psnr })
        #expect(abs(off.value - 48.1308) < 0.0001)
    }

    @Test("SSIM is the mean over windows of 8 x 8, four apart", arguments: [8, 10])
    func ssim(depth: Int) throws {
        let one = Picture(50, 34, depth: depth, seed: 5)
        let other = Picture(50, 34, depth: depth, padding: 3, seed: 5, noise: 30)
        let peak = Double((1 << depth) - 1)
        let (first, second) = (0.0001 * peak * peak * 64, 0.0009 * peak * peak * 64 * 63)
        var values: [Double] = []
        for y in stride(from: 0, through: 32 - 8, by: 4) {
            for x in stride(from: 0, through: 48 - 8, by: 4) {
                var (a, b, squares, products) = (0.0, 0.0, 0.0, 0.0)
                for row in y..<y + 8 {
                    for column in x..<x + 8 {
                        let (p, q) = (Double(one[column, row]), Double(other[column, row]))
                        (a, b, squares, products) = (a + p, b + q, squares + p * p + q * q, products + p * q)
                    }
                }
                let covariance = products * 64 - a * b
                let variances = squares * 64 - a * a - b * b
                values.append(
                    (2 * a * b + first) * (2 * covariance + second) / ((a * a + b * b + first) * (variances + second)))
            }
        }
        let found = try #require(SSIMMeter().similarity(one.image, other.image)[0])
        #expect(abs(found - values.reduce(0, +) / Double(values.count)) < 1e-6)
    }

    @Test("Frames too small for blocks or windows are measured all the same", arguments: [1, 3, 7, 9])
    func tiny(side: Int) {
        let one = Picture(side, side, seed: 1)
        let other = Picture(side, side, seed: 1, noise: 4)
        let weights = BlockWeigher(one.format, frameRate: 25).weights(of: one.image, after: one.image, one.image)
        let found = FrameMeter([.xpsnr, .psnr, .ssim]).measure(one.image, other.image, weights: weights)
        #expect(found.contains { $0.metric == .xpsnr } && found.contains { $0.metric == .ssim } == (side >= 8))
    }

    @Test("Large frames of odd sizes are read within their bounds", arguments: [24.0, 60.0])
    func large(rate: Double) {
        let frames = (0..<3).map { Picture(2051, 1155, seed: UInt64($0)) }
        let weights = BlockWeigher(frames[0].format, frameRate: rate)
            .weights(of: frames[0].image, after: frames[1].image, frames[2].image)
        #expect(weights.values.allSatisfy { $0.isFinite && $0 > 0 })
    }
}

@Suite("quality pools", .timeLimit(.minutes(60)))
struct PoolTests {
    private func quality(_ value: Double) -> FrameQuality {
        FrameQuality(metric: .ssim, planes: [value], value: value, terms: [value, value])
    }

    @Test("The fifth percentile is what 95 % of the frames reach, the minimum has its place")
    func percentile() {
        var pool = QualityPool(.ssim, format: SampleFormat(width: 8, height: 8, depth: 8), samples: [64])
        for frame in 0..<100 {
            pool.add(quality(1 - Double(frame) / 1000), frame: frame, time: MediaTime(Int64(frame), Rational(1, 25)))
        }
        let score = pool.score
        #expect(score.percentile5 == 0.905 && score.minimum == 0.901 && score.minimumFrame == 99)
        #expect(score.minimumTime == MediaTime(99, Rational(1, 25)) && score.identicalFrames == 1)
        #expect(abs((score.mean ?? 0) - 0.9505) < 1e-9)
    }

    @Test("Chroma without differences does not count")
    func gray() {
        #expect(weighted([30, .infinity, .infinity]) == 30)
        #expect(weighted([30, 38, 38]) == 32)
        #expect(weighted([.infinity, 38, 38]) == .infinity)
    }

    @Test("A shift is found where something moves, and only there", arguments: [-2, -1, 0, 1, 2])
    func shift(_ due: Int) {
        func image(_ number: Int) -> [Int16] {
            (0..<64).map { Int16(($0 * 7 + number * 37 + number * number * 5) % 251) }
        }
        var moving = ShiftSearch()
        var still = ShiftSearch()
        for number in 0..<40 {
            moving.add(image(number + 10), image(number + 10 - due))
            still.add(image(0), image(0))
        }
        #expect(moving.shift == (due == 0 ? nil : due))
        #expect(still.shift == nil)
    }
}
