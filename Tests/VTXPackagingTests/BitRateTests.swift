import Testing

@testable import VTXPackaging

@Suite("Bit rates")
struct BitRateTests {
    private func measure(_ segments: [(seconds: Double, kilobytes: Int64)], target: Int64) -> BitRates {
        BitRates(
            of: segments.map {
                .init(bytes: $0.kilobytes * 1000, microseconds: Int64(($0.seconds * 1e6).rounded()))
            },
            target: target)
    }

    @Test("Equal segments have one rate")
    func equal() {
        let rates = measure([(6, 750), (6, 750), (6, 750)], target: 6)
        #expect(rates == BitRates(peak: 1_000_000, average: 1_000_000))
    }

    @Test("One heavy segment makes the peak, and its neighbours do not dilute it")
    func heavy() {
        let rates = measure([(6, 750), (6, 1500), (6, 750)], target: 6)
        #expect(rates == BitRates(peak: 2_000_000, average: 1_333_334))
    }

    @Test("Short segments count in runs of half a target at least")
    func runs() {
        // Alone, the second would be 8 Mb/s; 3 seconds with a neighbour are 2 Mb/s at most.
        let rates = measure([(2, 125), (1, 1000), (2, 125), (6, 750)], target: 6)
        #expect(rates.peak == 3_000_000)
        #expect(rates.average == 1_454_546)
    }

    @Test("A single frame at the end does not count as a segment")
    func sliver() {
        // 33 ms with 27 kB are 6.5 Mb/s, but nothing plays for 33 ms alone.
        let rates = measure([(6, 900), (6, 900), (0.033367, 27)], target: 6)
        #expect(rates.peak == 1_229_165)
    }

    @Test("A clip shorter than half a target is one run, and its peak is its average")
    func shortClip() {
        let rates = measure([(2.5, 400)], target: 6)
        #expect(rates == BitRates(peak: 1_280_000, average: 1_280_000))
        let tail = measure([(6, 600), (5, 900)], target: 6)
        #expect(tail.peak >= tail.average)
    }

    @Test("Rates are rounded up, never down")
    func rounding() {
        #expect(BitRates(of: [.init(bytes: 1, microseconds: 3_000_000)], target: 3).peak == 3)
        #expect(BitRates(of: [.init(bytes: 3, microseconds: 3_000_000)], target: 3).peak == 8)
    }

    @Test("Sizes beyond 32 bits stay exact")
    func large() {
        let rates = BitRates(of: [.init(bytes: 5_000_000_000_000, microseconds: 6_000_000)], target: 6)
        #expect(rates.peak == 6_666_666_666_667)
    }

    @Test("A variant adds the most demanding member of each group, not all of them")
    func variant() {
        let video = BitRates(peak: 4_000_000, average: 2_500_000)
        let audio = [BitRates(peak: 140_000, average: 130_000), BitRates(peak: 400_000, average: 384_000)]
        let subtitles = [BitRates(peak: 900, average: 200), BitRates(peak: 500, average: 300)]
        #expect(BitRates.variant(video, audio: audio) == BitRates(peak: 4_400_000, average: 2_884_000))
        #expect(
            BitRates.variant(video, audio: audio, subtitles: subtitles)
                == BitRates(peak: 4_400_900, average: 2_884_300))
    }

    @Test("The peak of a variant is never less than its average")
    func invariant() {
        #expect(BitRates.variant(BitRates(peak: 900, average: 1000)) == BitRates(peak: 1000, average: 1000))
    }

    @Test("Nothing has no rate")
    func nothing() {
        #expect(BitRates(of: [], target: 6) == .zero)
    }
}
