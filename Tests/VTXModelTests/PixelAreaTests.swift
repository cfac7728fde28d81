import Testing
import VTXModel

@Suite("Parts of frames")
struct PixelAreaTests {
    @Test(
        "A part moves with a frame that is turned",
        arguments: [
            (Orientation.upright, "60:20:10:5"), (Orientation(quarterTurns: 1), "20:60:65:10"),
            (Orientation(quarterTurns: 2), "60:20:50:65"), (Orientation(quarterTurns: 3), "20:60:5:50"),
            (Orientation(isMirrored: true), "60:20:50:5"),
            (Orientation(quarterTurns: 1, isMirrored: true), "20:60:65:50"),
        ])
    func turning(orientation: Orientation, expected: String) throws {
        let frame = PixelSize(120, 90)
        let area = try #require(PixelArea("60:20:10:5"))
        let turned = area.turned(orientation, in: frame)
        #expect(turned.description == expected)
        #expect(turned.turnedBack(orientation, in: frame) == area)
    }

    @Test(
        "What is not four numbers, or is empty, is no part", arguments: ["", "1:2:3", "1:2:3:x", "0:2:0:0", "2:2:-1:0"])
    func nonsense(text: String) {
        #expect(PixelArea(text) == nil)
    }
}
