// Chunks: how a source is divided, who encodes what, what stays on disk.

import Foundation
import LibAV
import Testing
import VTXModel

@testable import VTXPipeline

/// A store in a folder of its own.
private final class Place {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("vtx-chunks-\(UUID().uuidString)").path
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func store(_ streams: [String] = ["720p"]) throws -> ChunkStore {
        try ChunkStore(directory: path, streams: streams)
    }

    var files: [String] { ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted() }
}

extension ChunkStore {
    /// A chunk of some packets.
    fileprivate func put(_ stream: String, _ chunk: Int, _ sizes: [Int] = [3]) throws {
        let writer = try writer(stream, chunk)
        for (index, size) in sizes.enumerated() {
            let packet = try Packet([UInt8](repeating: UInt8(index), count: size), isKey: index == 0)
            packet.presentation = Int64(index)
            packet.decoding = index == 1 ? nil : Int64(index) - 2
            packet.duration = 1
            try writer.write(packet)
        }
        try finish(stream, chunk, writer)
    }
}

private func schedule(_ store: ChunkStore, expected: Int64? = 60, maySeek: Bool = true) -> ChunkSchedule {
    ChunkSchedule(store: store, layout: ChunkLayout(frames: 10), expected: expected, maySeek: maySeek)
}

private func frame(_ number: Int64) -> FrameIdentity { FrameIdentity(time: number, checksum: UInt32(number)) }

@Suite("chunks")
struct ChunkTests {
    @Test(
        "Frames of a rung in a chunk",
        arguments: [
            (0, 1, nil, 10), (3, 1, nil, 10), (0, 2, nil, 5), (0, 1, 7, 7), (0, 2, 7, 4), (1, 1, 7, 0), (1, 1, 10, 0),
            (1, 3, nil, 3), (1, 7, nil, 1), (1, 30, nil, 0), (2, 1, 21, 1), (2, 2, 21, 1),
        ] as [(Int, Int, Int64?, Int)])
    func due(chunk: Int, step: Int, source: Int64?, expected: Int) {
        #expect(ChunkLayout(frames: 10).due(chunk, every: step, source: source) == expected)
    }

    // MARK: The store

    @Test("Packets come back as they went in")
    func packets() throws {
        let place = Place()
        let store = try place.store()
        try store.put("720p", 4, [3, 0, 70_000])
        var seen: [[Int64?]] = []
        try store.read("720p", 4) { packet in
            seen.append([
                packet.presentation, packet.decoding, packet.duration, packet.isKey ? 1 : 0, Int64(packet.size),
                packet.withBytes { $0.last.map { Int64($0) } },
            ])
        }
        #expect(seen == [[0, -2, 1, 1, 3, 0], [1, nil, 1, 0, 0, nil], [2, 0, 1, 0, 70_000, 2]])
        #expect(store.has("720p", 4))
        #expect(store.bytes == 70_003)
        #expect(try place.store().summaries(of: "720p") == [ChunkSummary(packets: 3, bytes: 70_003)])
    }

    @Test("What a chunk does to the decoder's buffer stays known")
    func bufferUse() throws {
        let place = Place()
        let store = try place.store()
        let writer = try store.writer("720p", 1, buffer: RateBuffer(size: 1000, rate: 100))
        for size in [100, 20, 0] {
            let packet = try Packet([UInt8](repeating: 1, count: size))
            packet.duration = 2
            try writer.write(packet)
        }
        try store.finish("720p", 1, writer)
        // 800 bits, 160 bits and none are taken; 200 come after each.
        let use = BufferUse(needed: 800, gained: -360, most: 640)
        #expect(store.summary("720p", 1)?.use == use)
        #expect(try place.store().summary("720p", 1)?.use == use)
    }

    @Test("What is damaged or was not finished is forgotten", arguments: ["cut", "longer", "changed", "unfinished"])
    func damage(kind: String) throws {
        let place = Place()
        try place.store().put("720p", 0, [100, 100])
        let path = place.path + "/720p/00000.packets"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        switch kind {
        case "cut": bytes.removeLast(20)
        case "changed": bytes[100] ^= 1
        case "unfinished": bytes.removeLast(48)
        default: bytes.replaceSubrange(8..<16, with: repeatElement(0x7F, count: 8))
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        let store = try place.store()
        #expect(!store.has("720p", 0))
        #expect(place.files == ["720p", "journal"])
    }

    @Test("A chunk that is given up leaves no file")
    func givenUp() throws {
        let place = Place()
        let store = try place.store()
        do { try store.writer("720p", 0).write(try Packet([1, 2, 3])) }
        #expect(place.files == ["720p", "journal"])
    }

    @Test("A chunk is finished when every stream has it")
    func finished() throws {
        let place = Place()
        let store = try place.store(["720p", "360p"])
        try store.put("720p", 0)
        #expect(store.finished == [])
        try store.put("360p", 0)
        #expect(store.finished == [0])
    }

    // MARK: The schedule

    @Test("Passes begin far from each other, and stop where another has been")
    func passes() throws {
        let place = Place()
        let schedule = schedule(try place.store())
        let first = try #require(schedule.begin())
        #expect(first.chunk == 0)
        #expect(!first.seeks)
        let second = try #require(schedule.begin())
        #expect(second.chunk == 3)
        #expect(second.seeks)
        #expect(try schedule.enter(0, first, showing: frame(0)))
        #expect(try schedule.enter(1, first, showing: frame(10)))
        #expect(try schedule.enter(3, second, showing: frame(30)))
        #expect(try schedule.enter(2, first, showing: frame(20)))
        #expect(try !schedule.enter(3, first, showing: frame(30)))
        #expect(try schedule.enter(4, second, showing: frame(40)))
        #expect(schedule.begin()?.chunk == 5)
        #expect(schedule.begin() == nil)
        #expect(try !schedule.startOverAfterMismatch())
    }

    @Test("Passes that show another frame at the same place are found out, and all behind it is done again, straight")
    func mismatch() throws {
        let place = Place()
        let store = try place.store()
        let schedule = schedule(store)
        let first = try #require(schedule.begin())
        let second = try #require(schedule.begin())
        _ = try schedule.enter(3, second, showing: frame(31))
        for chunk in [0, 3, 4] { try store.put("720p", chunk) }
        _ = try schedule.enter(0, first, showing: frame(0))
        #expect(!schedule.isInDoubt)
        #expect(try !schedule.enter(3, first, showing: frame(30)))
        #expect(schedule.isInDoubt)
        #expect(schedule.begin() == nil)
        #expect(try schedule.startOverAfterMismatch())
        #expect(store.finished == [0])
        let straight = try #require(schedule.begin())
        #expect(straight.chunk == 1)
        #expect(!straight.seeks)
        #expect(schedule.begin() == nil)
        // Nor does a later run seek.
        let later = ChunkSchedule(
            store: try place.store(), layout: ChunkLayout(frames: 10), expected: 60, maySeek: true)
        #expect(later.begin()?.seeks == false)
    }

    @Test("A source that cannot be entered midway is read by one pass, over what is done")
    func straight() throws {
        let place = Place()
        let store = try place.store()
        for chunk in [0, 2] { try store.put("720p", chunk) }
        let schedule = schedule(store, maySeek: false)
        let pass = try #require(schedule.begin())
        #expect(pass.chunk == 1)
        #expect(!pass.seeks)
        #expect(schedule.begin() == nil)
        #expect(try schedule.enter(2, pass, showing: frame(20)))
        #expect(try schedule.enter(3, pass, showing: frame(30)))
    }

    @Test("A stream of a chunk that is dropped is encoded again, by a pass of its own, in a later run too")
    func dropped() throws {
        let place = Place()
        let store = try place.store(["720p", "360p"])
        var run = schedule(store, expected: 20)
        let pass = try #require(run.begin())
        for chunk in 0..<2 {
            #expect(try run.enter(chunk, pass, showing: frame(Int64(chunk) * 10)))
            for stream in ["720p", "360p"] { try store.put(stream, chunk) }
        }
        try run.end(frames: 20, video: MediaTime(2, Rational(1)), isCertain: true)
        try run.drop("360p", 1, ChunkRetry(fill: 300, isLast: false))
        #expect(store.has("720p", 1) && !store.has("360p", 1))
        #expect(!place.files.contains("360p/00001.packets"))
        #expect(run.retry(of: "720p", 1) == nil)
        for _ in 0..<2 {
            #expect(run.retry(of: "360p", 1) == ChunkRetry(fill: 300, isLast: false))
            let again = try #require(run.begin())
            #expect(again.chunk == 1)
            #expect(run.isOwner(again, of: 1))
            #expect(run.begin() == nil)
            run = schedule(try place.store(["720p", "360p"]), expected: 20)
        }
    }

    @Test("A chunk whose other streams are being encoded is not handed out twice", arguments: [true, false])
    func droppedEarly(isLeft: Bool) throws {
        let place = Place()
        let store = try place.store(["720p", "360p"])
        let run = schedule(store, expected: 20)
        _ = try #require(run.begin())
        let second = try #require(run.begin())
        #expect(second.chunk == 1)
        #expect(try run.enter(1, second, showing: frame(10)))
        try store.put("360p", 1)
        if isLeft { run.leave(second) }
        try run.drop("360p", 1, ChunkRetry(fill: 300, isLast: false))
        if !isLeft {
            #expect(run.begin() == nil)
            run.leave(second)
        }
        #expect(run.begin()?.chunk == 1)
        #expect(run.begin() == nil)
    }

    @Test("What is known of chunks behind a mismatch is forgotten")
    func forgottenRetries() throws {
        let place = Place()
        let store = try place.store()
        let run = schedule(store)
        let first = try #require(run.begin())
        for chunk in [1, 3] { try run.drop("720p", chunk, ChunkRetry(fill: 500, isLast: true)) }
        _ = try run.enter(2, first, showing: frame(20))
        _ = try run.enter(2, first, showing: frame(21))
        #expect(try run.startOverAfterMismatch())
        for run in [run, schedule(try place.store())] {
            #expect(run.retry(of: "720p", 1) == ChunkRetry(fill: 500, isLast: true))
            #expect(run.retry(of: "720p", 3) == nil)
        }
    }

    @Test("A later run knows chunk boundaries, end and damage of an earlier one, and what is left to do")
    func journal() throws {
        let place = Place()
        let store = try place.store()
        var run = schedule(store)
        let pass = try #require(run.begin())
        for chunk in 0..<3 {
            #expect(try run.enter(chunk, pass, showing: frame(Int64(chunk) * 10)))
            try store.put("720p", chunk)
        }
        try run.note(DecoderCounts(packets: 30, frames: 28, failures: 2), of: pass)
        try run.end(frames: 45, video: MediaTime(44, Rational(1, 10)), isCertain: true)
        run = schedule(try place.store())
        #expect(run.source == 45)
        #expect(run.videoEnd == MediaTime(44, Rational(1, 10)))
        #expect(run.counts.failures == 2)
        let next = try #require(run.begin())
        #expect(next.chunk == 3)
        #expect(next.number == 1)
        #expect(run.begin()?.chunk == 4)
        #expect(run.begin() == nil)
        #expect(try !run.enter(2, next, showing: frame(21)))
        #expect(run.isInDoubt)
    }

    @Test("A source longer than its header says is encoded to its end, by a later run too")
    func longer() throws {
        let place = Place()
        let store = try place.store()
        let run = schedule(store, expected: 15)
        let pass = try #require(run.begin())
        #expect(run.begin()?.chunk == 1)
        #expect(run.begin() == nil)
        _ = pass
        for chunk in 0..<3 { try store.put("720p", chunk) }
        let later = schedule(try place.store(), expected: 15)
        #expect(later.begin()?.chunk == 3)
        #expect(later.begin() == nil)
    }

    @Test("A torn last line of the journal is no record")
    func tornLine() throws {
        let place = Place()
        try place.store().journal.add(.boundary(chunk: 1, frame: frame(10)))
        let journal = place.path + "/journal"
        let handle = try #require(FileHandle(forWritingAtPath: journal))
        handle.seekToEndOfFile()
        handle.write(Data(#"{"boundary":{"chu"#.utf8))
        try handle.close()
        let store = try place.store()
        #expect(store.journal.records == [.boundary(chunk: 1, frame: frame(10))])
        let end = ChunkRecord.end(EndOfSource(frames: 20, video: MediaTime(20, Rational(1))))
        try store.journal.add(end)
        #expect(try place.store().journal.records == [.boundary(chunk: 1, frame: frame(10)), end])
    }

    @Test("Chunks and journal of the format before are discarded, not misread")
    func formerFormat() throws {
        let place = Place()
        try place.store().put("720p", 0)
        let path = place.path + "/720p/00000.packets"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.replaceSubrange(0..<8, with: Data("vtxpkts2".utf8))
        try bytes.write(to: URL(fileURLWithPath: path))
        try Data("seam 0 0 0\nend 20 20 1 1\npass 3 1 1 0 0 0 0\n".utf8)
            .write(to: URL(fileURLWithPath: place.path + "/journal"))
        let run = schedule(try place.store())
        #expect(place.files == ["720p", "journal"])
        #expect(run.source == nil)
        #expect(run.counts == DecoderCounts())
        #expect(run.begin() == ChunkPass(number: 0, chunk: 0, seeks: false))
    }
}
