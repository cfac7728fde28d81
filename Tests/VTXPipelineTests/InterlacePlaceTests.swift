// Samples of several places of a source, and what they say together.

import Testing
import VTXModel
import VTXPipeline

@Suite("Places that are sampled for interlacing")
struct InterlacePlaceTests {
    private static let film = InterlaceSample(
        frames: 24, flaggedInterlaced: 24, topFirst: 9, progressive: 14, pulldown: .fields)
    private static let video = InterlaceSample(frames: 24, flaggedInterlaced: 24, topFirst: 22, progressive: 1)
    private static let still = InterlaceSample(frames: 24, flaggedInterlaced: 24, undetermined: 23)
    private static let whole = InterlaceSample(frames: 24, progressive: 23)
    /// Film where the pattern is not to be seen.
    private static let vague = InterlaceSample(frames: 24, flaggedInterlaced: 24, topFirst: 9, undetermined: 15)
    private static let few = InterlaceSample(frames: 6, topFirst: 5)

    @Test(
        "Pulldown is believed where nothing else moves",
        arguments: [
            ([film], .fields), ([film, film], .fields), ([film, still, film], .fields), ([still, film, film], .fields),
            ([film, film, few], .fields), ([film, film, vague], .fields), ([film, film, video], nil),
            ([film, film, film, whole], nil),
            ([film, still], nil), ([video, video], nil), ([], nil),
        ] as [([InterlaceSample], Pulldown?)])
    func pulldown(places: [InterlaceSample], expected: Pulldown?) {
        #expect(InterlaceSample(of: places).pulldown == expected)
    }

    @Test("Where film and video follow each other, the video decides")
    func mixed() {
        let total = InterlaceSample(of: [Self.film, Self.film, Self.video, Self.film])
        #expect(total.frames == 24 && total.topFirst == 22)
        #expect(InterlaceSample(of: [Self.film, Self.film]).frames == 48)
    }
}
