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
            ([], [], 6, [0, 3, 5, nil]),
            ([0, 1], [], 6, [2, 4, 3, 5]),  // 4 is not about to be reached by the pass at 2; then 3 follows it
            ([2], [], 6, [3, 0, nil]),
            ([], [], 1, [0, nil]),
            ([0, 1, 2], [], 3, [nil]),
        ] as [(Set<Int>, [Int], Int, [Int?])])
    func beginning(finished: Set<Int>, _: [Int], count: Int, expected: [Int?]) {
        var claims = ChunkClaims(maySeek: true)
        for (place, chunk) in expected.enumerated() {
            let pass = claims.begin(count: count, finished: finished)
            #expect(pass?.chunk == chunk, "\(place)")
        }
    }

    @Test("Without seeking, a pass continues over finished chunks as long as one is missing behind them")
    func straight() throws {
        var claims = ChunkClaims(maySeek: false)
        let pass = try #require(claims.begin(count: 4, finished: [0, 2]))
        #expect(pass == ChunkPass(number: 0, chunk: 1, seeks: false))
        #expect(claims.begin(count: 4, finished: [0, 2]) == nil)
        #expect(claims.enter(2, pass, finished: [0, 2], count: 4))
        #expect(claims.enter(3, pass, finished: [0, 1, 2], count: 4))
        #expect(!claims.enter(3, pass, finished: [0, 1, 2, 3], count: 4))
        #expect(!claims.enter(4, pass, finished: [0, 1, 2], count: 4))
    }

    @Test("A chunk that loses a stream is free at once, or when the pass that encodes the others has ended")
    func drop() throws {
        for isWhole in [true, false] {
            var claims = ChunkClaims(maySeek: true)
            let pass = try #require(claims.begin(count: 1, finished: []))
            claims.drop(0, isWhole: isWhole)
            #expect((claims.begin(count: 1, finished: []) == nil) == !isWhole)
            guard !isWhole else { continue }
            #expect(claims.isOwner(pass, of: 0))
            claims.leave(pass)
            #expect(!claims.isOwner(pass, of: 0))
            #expect(claims.begin(count: 1, finished: [])?.number == 1)
        }
    }

    @Test("A boundary is proven by the same frame; after another one everything is in doubt until it is forgotten")
    func proofs() {
        var proofs = BoundaryProofs()
        let (one, other) = (FrameIdentity(time: 1, checksum: 1), FrameIdentity(time: 1, checksum: 2))
        #expect(proofs.check(1, one) == .new)
        #expect(proofs.check(1, one) == .same)
        #expect(proofs.check(2, one) == .new)
        #expect(proofs.check(2, other) == .doubtful)
        #expect(proofs.mismatch == 2)
        #expect(proofs.check(1, one) == .doubtful)
        proofs.miss(0)
        #expect(proofs.mismatch == 2)
        proofs.forget(from: 2)
        #expect(proofs.check(1, one) == .same)
        #expect(proofs.check(2, other) == .new)
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
        #expect(history.proofs.check(3, frame) == .same)
        history = ChunkHistory(maySeek: true, records: records + [.mismatch(chunk: 2)])
        #expect(history.end == nil)
        #expect(!history.claims.maySeek)
        #expect(history.retries["720p", 1] == retry)
        #expect(history.retries["720p", 3] == nil)
        #expect(history.proofs.check(3, frame) == .new)
        #expect(history.counts == [4: DecoderCounts(packets: 9)])
    }
}
