// Who encodes which chunk, and what passes prove to each other: the values behind the schedule.

import LibAV
import Testing
import VTXModel

@testable import VTXPipeline

@Suite("chunk claims")
struct ChunkClaimTests {
    @Test(
        "A pass begins at the longest run of free chunks, or in its middle behind another pass",
        arguments: [
            ([], 6, [0, 3, 2, 5]),  // the first of two runs of two: the pass at 0 is about to reach it
            ([0, 1], 6, [2, 4, 3, 5]),
            ([2], 6, [3, 0, 5]),
            ([], 1, [0, nil]),
            ([0, 1, 2], 3, [nil]),
        ] as [(Set<Int>, Int, [Int?])])
    func beginning(finished: Set<Int>, count: Int, expected: [Int?]) {
        var claims = ChunkClaims(maySeek: true)
        for (place, chunk) in expected.enumerated() {
            let pass = claims.begin(count: count, finished: finished)
            #expect(pass?.chunk == chunk, "\(place)")
        }
    }

    @Test("Without seeking, a pass continues over finished chunks as long as one is missing behind them")
    func straight() throws {
        var claims = ChunkClaims(maySeek: false)
        let first = claims.begin(count: 4, finished: [0, 2])
        let pass = try #require(first)
        #expect(pass == ChunkPass(number: 0, chunk: 1, seeks: false))
        let second = claims.begin(count: 4, finished: [0, 2])
        #expect(second == nil)
        for (chunk, finished, expected) in [
            (2, [0, 2], true), (3, [0, 1, 2], true), (3, [0, 1, 2, 3], false), (4, [0, 1, 2], false),
        ] as [(Int, Set<Int>, Bool)] {
            let continues = claims.enter(chunk, pass, finished: finished, count: 4)
            #expect(continues == expected, "\(chunk)")
        }
    }

    @Test("A chunk that loses a stream is free at once, or when the pass that encodes the others has ended")
    func drop() throws {
        for isWhole in [true, false] {
            var claims = ChunkClaims(maySeek: true)
            let first = claims.begin(count: 1, finished: [])
            let pass = try #require(first)
            claims.drop(0, isWhole: isWhole)
            let atOnce = claims.begin(count: 1, finished: [])
            #expect((atOnce != nil) == isWhole)
            guard !isWhole else { continue }
            #expect(claims.isOwner(pass, of: 0))
            claims.leave(pass)
            #expect(!claims.isOwner(pass, of: 0))
            let later = claims.begin(count: 1, finished: [])
            #expect(later?.number == 1)
        }
    }

    @Test("A boundary is proven by the same frame; after another one everything is in doubt until it is forgotten")
    func proofs() {
        var proofs = BoundaryProofs()
        let (one, other) = (FrameIdentity(time: 1, checksum: 1), FrameIdentity(time: 1, checksum: 2))
        var verdicts: [BoundaryProofs.Verdict] = []
        for (chunk, frame) in [(1, one), (1, one), (2, one), (2, other), (1, one)] {
            verdicts.append(proofs.check(chunk, frame))
        }
        #expect(verdicts == [.new, .same, .new, .doubtful, .doubtful])
        #expect(proofs.mismatch == 2)
        proofs.miss(0)
        #expect(proofs.mismatch == 2)
        proofs.forget(from: 2)
        verdicts = [proofs.check(1, one), proofs.check(2, other)]
        #expect(verdicts == [.same, .new])
    }

    @Test("History of a journal is that of the run that wrote it")
    func history() {
        let frame = FrameIdentity(time: 5, checksum: 6)
        let retry = ChunkRetry(fill: 300, isLast: false)
        let end = EndOfSource(frames: 60, video: MediaTime(6, Rational(1)))
        let records: [ChunkRecord] = [
            .boundary(chunk: 1, frame: frame), .boundary(chunk: 3, frame: frame),
            .retry(stream: "720p", chunk: 1, retry: retry), .retry(stream: "720p", chunk: 3, retry: retry), .end(end),
            .pass(number: 4, counts: DecoderCounts(packets: 7)), .pass(number: 4, counts: DecoderCounts(packets: 9)),
        ]
        var history = ChunkHistory(maySeek: true, records: records)
        #expect(history.end == end)
        #expect(history.claims.passes == 5)
        #expect(history.counts == [4: DecoderCounts(packets: 9)])
        #expect(history.retries["720p", 3] == retry)
        var verdict = history.proofs.check(3, frame)
        #expect(verdict == .same)
        history = ChunkHistory(maySeek: true, records: records + [.mismatch(chunk: 2)])
        #expect(history.end == nil)
        #expect(!history.claims.maySeek)
        #expect(history.retries["720p", 1] == retry)
        #expect(history.retries["720p", 3] == nil)
        verdict = history.proofs.check(3, frame)
        #expect(verdict == .new)
        #expect(history.counts == [4: DecoderCounts(packets: 9)])
    }
}
