import Testing
import VTXModel

@Suite("Pictures")
struct PixelSizeTests {
    @Test(
        "Both sides become even, two at least",
        arguments: [
            (PixelSize(161, 121), PixelSize(162, 122)),
            (PixelSize(1920, 1080), PixelSize(1920, 1080)),
            (PixelSize(720, 405), PixelSize(720, 406)),
            (PixelSize(1, 1), PixelSize(2, 2)),
        ])
    func even(size: PixelSize, expected: PixelSize) {
        #expect(size.even == expected)
    }

    @Test(
        "Scaling keeps the shape and makes both sides even",
        arguments: [
            (PixelSize(1920, 1080), 720, PixelSize(1280, 720)),
            (PixelSize(1080, 1920), 720, PixelSize(406, 720)),  // 405 goes up to even
            (PixelSize(853, 480), 240, PixelSize(426, 240)),
        ])
    func scaling(size: PixelSize, height: Int, expected: PixelSize) {
        #expect(size.scaled(toHeight: height) == expected)
    }

    @Test(
        "A display matrix is one of eight orientations",
        arguments: [
            ([1, 0, 0, 1], Orientation.upright),
            ([0, 1, -1, 0], Orientation(quarterTurns: 1)),
            ([-1, 0, 0, -1], Orientation(quarterTurns: 2)),
            ([0, -1, 1, 0], Orientation(quarterTurns: 3)),
            ([-1, 0, 0, 1], Orientation(isMirrored: true)),
            ([0, -1, -1, 0], Orientation(quarterTurns: 1, isMirrored: true)),
            ([1, 0, 0, -1], Orientation(quarterTurns: 2, isMirrored: true)),
            ([0, 1, 1, 0], Orientation(quarterTurns: 3, isMirrored: true)),
        ])
    func matrices(unit: [Int32], expected: Orientation) {
        let m = unit.map { $0 * 65_536 }
        #expect(Orientation(matrix: m[0], m[1], m[2], m[3]) == expected)
    }

    @Test(
        "A matrix that is no quarter turn is none of them",
        arguments: [
            [46_341, 46_341, -46_341, 46_341], [0, 0, 0, 0], [65_536, 0, 0, 32_768],
        ] as [[Int32]])
    func oddMatrices(m: [Int32]) {
        #expect(Orientation(matrix: m[0], m[1], m[2], m[3]) == nil)
    }

    @Test(
        "Wide pixels widen the shown picture, and turning exchanges its sides",
        arguments: [
            (PixelSize(1440, 1080), Rational(4, 3), Orientation.upright, PixelSize(1920, 1080)),
            (PixelSize(720, 480), Rational(10, 11), Orientation.upright, PixelSize(655, 480)),
            (PixelSize(1920, 1080), nil, Orientation(quarterTurns: 1), PixelSize(1080, 1920)),
            (PixelSize(1920, 1080), Rational(0), Orientation.upright, PixelSize(1920, 1080)),
        ] as [(PixelSize, Rational?, Orientation, PixelSize)])
    func displaySize(size: PixelSize, shape: Rational?, orientation: Orientation, expected: PixelSize) {
        let video = VideoDescription(codedSize: size, sampleAspectRatio: shape, orientation: orientation)
        #expect(video.displaySize == expected)
    }
}
