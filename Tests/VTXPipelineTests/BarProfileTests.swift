// Black bars are found where they are, and nowhere else.

import Testing
import VTXModel

@testable import VTXPipeline

@Suite("black bars")
struct BarProfileTests {
    private static let size = PixelSize(192, 128)

    /// A sample of frames whose pixels are made by place and number.
    private func sample(_ count: Int = 12, _ pixel: (_ x: Int, _ y: Int, _ frame: Int) -> Int) -> BarSample {
        var profile = BarProfile(size: Self.size)
        for frame in 0..<count {
            var pixels: [UInt8] = []
            for y in 0..<Self.size.height {
                for x in 0..<Self.size.width { pixels.append(UInt8(max(0, min(255, pixel(x, y, frame))))) }
            }
            profile.add(pixels)
        }
        return profile.sample
    }

    /// Repeatable noise from −`most` to `most`.
    private func noise(_ x: Int, _ y: Int, _ frame: Int, _ most: Int) -> Int {
        var value = UInt64(x &* 7919 &+ y &* 104_729 &+ frame &* 1_299_709 &+ 12_345)
        value ^= value >> 13
        value = value &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
        return Int(value % UInt64(2 * most + 1)) - most
    }

    /// Some image that moves.
    private func scene(_ x: Int, _ y: Int, _ frame: Int) -> Int { 90 + (x * 3 + y * 5 + frame * 17) % 90 }

    @Test(
        "Bars of all kinds are found to the pixel",
        arguments: ["192:88:0:20", "144:128:24:0", "120:80:36:24", "192:116:0:6", "192:98:0:30", "191:128:1:0"])
    func bars(area: String) throws {
        let image = try #require(PixelArea(area))
        for most in [0, 6] {
            let found = sample { x, y, frame in
                let isInside =
                    (image.x..<image.x + image.size.width).contains(x)
                    && (image.y..<image.y + image.size.height).contains(y)
                return (isInside ? scene(x, y, frame) : 0) + (most == 0 ? 0 : noise(x, y, frame, most))
            }
            #expect(found == BarSample(frames: 12, image: image), "noise \(most)")
        }
    }

    @Test("Compression smears the image into a bar, and the edge stays")
    func smear() {
        let found = sample { x, y, frame in
            guard (21..<107).contains(y) else { return (16..<112).contains(y) ? 12 + noise(x, y, frame, 8) : 0 }
            return scene(x, y, frame)
        }
        #expect(found.image == PixelArea(x: 0, y: 21, size: PixelSize(192, 86)))
    }

    @Test("One bright frame proves the bars of many dark ones")
    func mostlyDark() {
        let found = sample { x, y, frame in
            (20..<108).contains(y) ? frame == 7 ? scene(x, y, frame) : 2 : 0
        }
        #expect(found.image == PixelArea(x: 0, y: 20, size: PixelSize(192, 88)))
        #expect(!found.isDark)
    }

    @Test("Dark frames prove nothing")
    func dark() {
        #expect(sample { _, y, _ in (20..<108).contains(y) ? 3 : 0 } == BarSample(frames: 12, isDark: true))
        #expect(sample { _, _, _ in 0 } == BarSample(frames: 12, isDark: true))
    }

    @Test("A night sky is not a bar: it ends gradually, or along a skyline")
    func night() {
        // Black at the top, and lighter towards the horizon.
        #expect(sample { x, y, frame in max(0, y - 30) * 2 + (y > 100 ? scene(x, y, frame) : 0) }.image == nil)
        #expect(sample { x, y, frame in max(0, y - 60) / 4 + noise(x, y, frame, 2) }.image == nil)
        // Houses of different heights before a black sky.
        #expect(sample { x, y, frame in y > 40 + (x / 24) * 17 % 40 ? scene(x, y, frame) : 0 }.image == nil)
        // A straight roof before it, and nothing beside.
        #expect(
            sample { x, y, frame in y > 60 && (40..<150).contains(x) || y > 90 ? scene(x, y, frame) : 0 }.image == nil)
        // Lamps.
        #expect(sample { x, y, _ in x / 8 % 7 == 3 && y / 8 % 5 == 2 ? 220 : 0 }.image == nil)
    }

    @Test("What stands in a bar keeps it")
    func caption() {
        let found = sample { x, y, frame in
            if frame == 5, (112..<120).contains(y), (60..<130).contains(x), (x / 4 + y / 4) % 2 == 0 { return 235 }
            return (20..<108).contains(y) ? scene(x, y, frame) : 0
        }
        #expect(found.image == PixelArea(x: 0, y: 20, size: PixelSize(192, 108)))
    }

    @Test("Video without bars is left alone, also if its border is dark")
    func none() {
        #expect(sample { scene($0, $1, $2) } == BarSample(frames: 12))
        #expect(
            sample { x, y, frame in scene(x, y, frame) * min(60, y + 4, 132 - y, x + 4, 196 - x) / 60 }.image == nil)
    }
}
