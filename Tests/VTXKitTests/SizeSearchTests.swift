// The search for the bit rate of a size, with encoders that are formulas.

import Foundation
import Testing
import VTXKit
import VTXModel

@Suite("size search")
struct SizeSearchTests {
    /// An encoder of ten seconds that makes `bytes` of a rate.
    struct Encoder: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: @Sendable (Double) -> Double
    }

    /// The sizes that come out, from the rate that would fit on.
    private func search(
        _ target: TargetSize, _ encoder: Encoder, overhead: Double = 20_000, highest: Double = 1e9
    ) -> SizeSearch {
        var search = SizeSearch(target, highest: highest)
        var rate: Double? = (Double(target.bytes) * 0.985 - 20_000) * 8 / 10
        while let next = rate {
            let payload = encoder.bytes(next)
            search.add(.init(rate: next, payload: payload, size: Int64(payload + overhead)))
            rate = search.next
        }
        return search
    }

    @Test(
        "Encoders that miss are corrected",
        arguments: [
            Encoder(testDescription: "exact") { $0 * 10 / 8 },
            Encoder(testDescription: "too much") { $0 * 10 / 8 * 1.3 },
            Encoder(testDescription: "far too much") { $0 * 10 / 8 * 3 },
            Encoder(testDescription: "too little") { $0 * 10 / 8 * 0.6 },
            Encoder(testDescription: "slowly") { 40 * pow($0, 0.7) },
            Encoder(testDescription: "fast") { $0 * $0 / 3e5 },
            Encoder(testDescription: "steps") { ($0 * 10 / 8 * 1.1 / 15_000).rounded(.down) * 15_000 },
        ])
    func corrected(encoder: Encoder) throws {
        for bytes: Int64 in [1_000_000, 8_000_000] {
            let found = search(TargetSize(bytes: bytes), encoder)
            let last = try #require(found.outcomes.last)
            #expect((0.97...1).contains(Double(last.size) / Double(bytes)), "\(found.outcomes)")
            #expect(found.outcomes.count <= SizeSearch.most)
        }
    }

    @Test("More of the container than was reckoned with is made up for")
    func overhead() throws {
        let exact = Encoder(testDescription: "exact") { $0 * 10 / 8 }
        let found = search(TargetSize(bytes: 1_000_000), exact, overhead: 300_000)
        #expect((0.97...1).contains(Double(try #require(found.outcomes.last).size) / 1e6) && found.outcomes.count == 2)
        #expect(search(TargetSize(bytes: 1_000_000), exact, overhead: 1_100_000).outcomes.count == 1)
    }

    @Test("Where the best quality is reached, or the highest rate, no more is tried")
    func saturated() {
        let best = Encoder(testDescription: "best") { min($0 * 10 / 8, 400_000) }
        #expect(search(TargetSize(bytes: 1_000_000), best).outcomes.count == 2)
        #expect(search(TargetSize(bytes: 1_000_000), best, highest: 700_000).outcomes.count <= 2)
    }

    @Test("A limit is met by anything below it")
    func limit() {
        let small = Encoder(testDescription: "small") { _ in 1000 }
        #expect(search(TargetSize(bytes: 1_000_000, isLimit: true), small).outcomes.count == 1)
        let large = Encoder(testDescription: "large") { $0 * 10 / 8 * 1.2 }
        let found = search(TargetSize(bytes: 1_000_000, isLimit: true), large)
        #expect(found.outcomes.count == 2 && found.outcomes.last.map { $0.size <= 1_000_000 } == true)
    }
}
