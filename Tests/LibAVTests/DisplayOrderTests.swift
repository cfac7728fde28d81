// The order in which frames of elementary streams are shown.

import Testing

@testable import LibAV

@Suite("order of display")
struct DisplayOrderTests {
    /// The numbers of all frames; `nil` if they cannot be told.
    private func numbers(_ places: [DisplayOrder.Place]) -> [Int]? {
        var order = DisplayOrder()
        for place in places { guard order.add(place) else { return nil } }
        order.finish()
        return places.indices.compactMap { order.take($0) }
    }

    private func counts(_ counts: [Int], anew: Set<Int> = [0]) -> [Int]? {
        numbers(counts.enumerated().map { .count($1, isFirst: anew.contains($0)) })
    }

    @Test("Counts give the order, whatever their steps, from each IDR frame on anew")
    func pictureOrder() {
        #expect(counts([0, 2, 4, 6]) == [0, 1, 2, 3])
        #expect(counts([0, 8, 4, 2, 6]) == [0, 4, 2, 1, 3])
        #expect(counts([0, 3, 1, 2, 0, 2, 1], anew: [0, 4]) == [0, 3, 1, 2, 4, 6, 5])
        // Frames that are shown before the key frame that they follow in the file.
        #expect(counts([0, 8, 4, 16, 12, 10, 14]) == [0, 2, 1, 6, 4, 3, 5])
    }

    @Test("Long streams are numbered while they come")
    func long() {
        var order = DisplayOrder()
        var next = 0
        for group in 0..<1000 {
            for step in [3, 1, 2] {
                let isKnown = order.add(.count(2 * (group * 3 + step), isFirst: group == 0 && step == 3))
                #expect(isKnown)
            }
            while order.take(next) != nil { next += 1 }
            #expect(group * 3 - next < 20)
        }
    }

    @Test("A frame that comes after its place was given away is noticed")
    func lost() {
        #expect(counts(Array(0..<40).map { $0 * 2 + 2 } + [5]) == nil)
    }

    @Test("MPEG-2: frames that others refer to wait for the next of their kind")
    func references() {
        // I B B (of an open group), then P B B P.
        let places: [DisplayOrder.Place] = [
            .reference, .bidirectional, .bidirectional, .reference, .bidirectional, .bidirectional, .reference,
        ]
        #expect(numbers(places) == [2, 0, 1, 5, 3, 4, 6])
        #expect(numbers([.reference, .reference, .reference]) == [0, 1, 2])
    }
}
