// The order in which a ladder's sizes are scaled from each other.

import Testing
import VTXModel

@testable import VTXPipeline

@Suite("scaling")
struct ScalingTests {
    @Test(
        "Each size is scaled from the smallest that is half as large again",
        arguments: [
            ([1080, 720, 480, 360], [0, 0, 1, 1]), ([1080, 720, 540, 360], [0, 0, 0, 2]), ([1080, 960], [0, 0]),
            ([2160, 1440, 1080, 720, 480, 360, 240], [0, 0, 0, 2, 3, 3, 5]), ([240, 160], [0, 0]), ([720], [0]),
        ])
    func parents(rows: [Int], expected: [Int]) {
        let sizes = rows.map { PixelSize($0 * 16 / 9 / 2 * 2, $0) }
        #expect(sizes.indices.map { scalingParent(of: $0, among: sizes) } == expected)
    }
}
