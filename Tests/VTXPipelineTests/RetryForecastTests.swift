// Which chunks will be encoded again, foreseen from what they take from the decoder's buffer.

import Testing

@testable import VTXPipeline

@Suite("retry forecast")
struct RetryForecastTests {
    private let buffer = RateBuffer(size: 1000, rate: 1)

    /// A chunk of 100 frames that needs some bits and leaves the buffer some fuller.
    private func chunk(needed: Int64, gained: Int64) -> ChunkSummary {
        ChunkSummary(packets: 100, bytes: 1, use: BufferUse(needed: needed, gained: gained, most: 1000))
    }

    @Test("A chunk that needs more than the ones before leave is foreseen")
    func forecast() {
        let chunks = [
            0: chunk(needed: 900, gained: -700), 1: chunk(needed: 500, gained: 100), 2: chunk(needed: 300, gained: 0),
        ]
        #expect(RetryForecast(chunks, buffer: buffer) { _ in false }.frames == 100)
        #expect(RetryForecast(chunks, buffer: buffer) { $0 == 1 }.frames == 0)
    }

    @Test("The first chunk finds the buffer full, and is never encoded again")
    func first() {
        #expect(RetryForecast([0: chunk(needed: 5000, gained: 0)], buffer: buffer) { _ in false }.frames == 0)
    }

    @Test("Of what is to come, as large a part is expected as of what has come")
    func extrapolated() {
        let chunks = [0: chunk(needed: 900, gained: -700), 1: chunk(needed: 500, gained: 100)]
        let forecast = RetryForecast(chunks, buffer: buffer) { _ in false }
        #expect(forecast.total(dropped: 0, due: 1000) == 100 + 400)
        #expect(forecast.total(dropped: 0, due: nil) == 100)
        #expect(forecast.total(dropped: 0, due: 200) == 100)
    }
}
