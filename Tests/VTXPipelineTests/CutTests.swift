// Where frames can be separated, and which keyframes a cut begins with.

import Testing

@testable import VTXPipeline

@Suite("Cuts")
struct CutTests {
    /// Ten groups of ten frames, each with B-frames between frames that others need: times in decoding order.
    private static let groups = (0..<10).flatMap { group in
        [0, 3, 1, 2, 6, 4, 5, 9, 7, 8].map { Int64(group * 10 + $0) }
    }

    @Test(
        "Copying ends where everything decoded before is shown before",
        arguments: [
            // The moment, the first frame that is not copied, frames encoded, where a cut without encoding ends.
            (35, 34, 1, 37), (34, 34, 0, 34), (40, 40, 0, 40), (41, 41, 0, 41), (42, 41, 1, 44), (100, 100, 0, nil),
            (99, 97, 2, nil), (200, 200, 0, nil),
        ] as [(Int64, Int64, Int, Int64?)])
    func boundaries(moment: Int64, before: Int64, between: Int, behind: Int64?) {
        var found = CutBoundaries(at: moment)
        for time in Self.groups where !found.isSettled { found.add(time, startsAnew: time % 10 == 0) }
        if !found.isSettled { found.finish() }
        #expect(found.before == before && found.between == between && found.behind == behind)
        #expect(found.reordering == 1)
        // Decoding begins with the keyframe of the group.
        if before < 100 { #expect(found.anchorBefore == before / 10 * 10) }
    }

    @Test("Frames that are shown before the keyframe that they follow belong to the rest")
    func openGroups() {
        var found = CutBoundaries(at: 9)
        for time: Int64 in [0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11] { found.add(time, startsAnew: time == 0) }
        found.finish()
        #expect(found.before == 7 && found.between == 2 && found.anchorBefore == 0 && found.behind == 10)
    }

    private func start(
        at asked: Int64, _ times: [Int64], keys: Set<Int64>, idr: Set<Int64>? = nil, isSmart: Bool = true,
        limit: Int64? = nil
    ) -> CutStart {
        var found = CutStart(
            asked: asked, rounding: 0, longestDelay: 5, isSmart: isSmart, keyFramesLead: true, limit: limit)
        for time in times
        where !found.take(time, isKey: keys.contains(time), startsAnew: (idr ?? keys).contains(time)) { break }
        found.finish()
        return found
    }

    @Test("Frames before the next keyframe are encoded")
    func head() {
        let keys = Set((0..<10).map { Int64($0 * 10) })
        let found = start(at: 34, Self.groups, keys: keys)
        #expect(found.key == 30 && found.anchor == 30 && found.resume == 40 && found.frames == 6)
        let aligned = start(at: 40, Self.groups, keys: keys)
        #expect(aligned.key == 40 && aligned.resume == 40 && aligned.frames == 0)
        let late = start(at: 93, Self.groups, keys: keys)
        #expect(late.resume == nil && late.frames == 7)
        #expect(start(at: 34, Self.groups, keys: keys, isSmart: false).key == 30)
        #expect(start(at: 40, Self.groups, keys: keys, isSmart: false).key == 40)
    }

    @Test("Copying begins with a recovery point only where nothing before it is asked for")
    func recoveryPoints() {
        // The keyframe at 13 is followed by frames that are shown before it.
        let times: [Int64] = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 13, 10, 11, 12, 16, 14, 15, 20, 17, 18, 19, 30, 33, 31, 32]
        let found = start(at: 11, times, keys: [0, 13, 30], idr: [0, 30])
        #expect(found.key == 0 && found.anchor == 0 && found.resume == 30 && found.frames == 10)
        let aligned = start(at: 13, times, keys: [0, 13, 30], idr: [0, 30])
        #expect(aligned.key == 13 && aligned.resume == 13 && aligned.frames == 0)
    }
}
