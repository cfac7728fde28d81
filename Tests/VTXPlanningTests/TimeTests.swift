import Testing
import VTXModel
import VTXPlanning

@Suite("Cuts")
struct TimeTests {
    @Test(
        "The earliest stream that is used becomes time 0, plus what is skipped",
        arguments: [
            (nil, 1.4, nil, 10.1), (2.5, 3.9, 2.5, 7.6),
        ] as [(Double?, Double, Double?, Double)])
    func origin(start: Double?, origin: Double, skipped: Double?, expected: Double) throws {
        let made = try plan(media(picture(start: 1.5), audio(start: 1.4), duration: 10.1, start: 1.4)) {
            $0.start = start.map(seconds)
        }
        #expect(made.origin == seconds(origin))
        #expect(made.skipped == skipped.map(seconds))
        #expect(made.expectedDuration == seconds(expected))
    }

    @Test("A stream that is left out sets neither start nor length")
    func unused() throws {
        let made = try plan(media(picture(start: 1, duration: 5), audio(), text(2), duration: 16)) {
            $0.audioTracks = .none
        }
        #expect(made.origin == seconds(1))
        #expect(made.expectedDuration == seconds(5))
    }

    @Test(
        "End and duration limit the output",
        arguments: [
            (1, 4, nil, 3, 3), (1, nil, 4, 4, 4), (nil, 20, nil, 20, 10), (8, nil, 5, 5, 2),
        ] as [(Double?, Double?, Double?, Double, Double)])
    func limits(start: Double?, end: Double?, duration: Double?, limit: Double, expected: Double) throws {
        let made = try plan(media(picture(), audio())) {
            $0.start = start.map(seconds)
            $0.end = end.map(seconds)
            $0.duration = duration.map(seconds)
        }
        #expect(made.limit == seconds(limit))
        #expect(made.expectedDuration == seconds(expected))
    }

    @Test(
        "Cuts that leave nothing are refused",
        arguments: [
            (11, nil, nil), (10, nil, nil), (5, 5, nil), (5, 4, nil), (-1, nil, nil), (nil, 5, 5),
            (nil, nil, 0),
        ] as [(Double?, Double?, Double?)])
    func nothingLeft(start: Double?, end: Double?, duration: Double?) {
        let error = refusal(media(picture(), audio())) {
            $0.start = start.map(seconds)
            $0.end = end.map(seconds)
            $0.duration = duration.map(seconds)
        }
        #expect(error.kind == .usage)
    }

    @Test("A source without a known length is cut all the same")
    func unknownLength() throws {
        let made = try plan(media(picture(duration: nil), duration: nil)) {
            $0.start = seconds(3); $0.duration = seconds(2)
        }
        #expect(made.origin == seconds(3))
        #expect(made.expectedDuration == seconds(2))
    }

    @Test("Chapters move with the cut, and are dropped outside it")
    func chapters() throws {
        var source = media(picture())
        source.chapters = [
            Chapter(start: seconds(0), end: seconds(2), title: "A"),
            Chapter(start: seconds(2), end: seconds(6), title: "B"),
            Chapter(start: seconds(6), end: seconds(10), title: "C"),
        ]
        #expect(try plan(source).chapters == source.chapters)
        #expect(
            try plan(source) {
                $0.start = seconds(3); $0.end = seconds(7)
            }.chapters == [
                Chapter(start: seconds(0), end: seconds(3), title: "B"),
                Chapter(start: seconds(3), end: seconds(4), title: "C"),
            ])
        #expect(try plan(source, to: "out.avi").says("dropped the chapters"))
    }

    @Test("Chapters after the end are reported as dropped, and those that only say where they begin get an end")
    func lateChapters() throws {
        var source = media(picture())
        source.chapters = [
            Chapter(start: seconds(0), end: seconds(0), title: "A"),
            Chapter(start: seconds(4), end: seconds(4), title: "B"),
            Chapter(start: seconds(10), end: seconds(12)), Chapter(start: seconds(12), end: seconds(12)),
        ]
        let made = try plan(source)
        #expect(
            made.chapters == [
                Chapter(start: seconds(0), end: seconds(4), title: "A"),
                Chapter(start: seconds(4), end: seconds(10), title: "B"),
            ])
        #expect(made.says("dropped 2 chapters"))
        let cut = try plan(source) { $0.end = seconds(5) }
        #expect(cut.chapters.count == 2 && !cut.says("dropped"))
    }
}
