import Testing
import VTXModel

@testable import VTXPackaging

@Suite("WebVTT")
struct WebVTTTests {
    private func cue(_ start: Double, _ end: Double, _ text: String, _ settings: String = "") -> SubtitleCue {
        SubtitleCue(
            start: MediaTime(seconds: start), end: MediaTime(seconds: end), text: text, settings: settings)
    }

    private func boundaries(_ seconds: Double...) -> [MediaTime] { seconds.map(MediaTime.init(seconds:)) }

    @Test("Cues stand in every segment that they overlap, sorted")
    func segments() {
        let files = segmentedWebVTT(
            [
                cue(7, 8.5, "second", "line:0  align:start"), cue(5.5, 12.5, "long\nin two lines"),
                cue(0, 1, "first"),
                cue(6, 6.5, "edge"),
            ],
            boundaries: boundaries(0, 6, 12, 15), mpegTime: 900_000)
        #expect(
            files == [
                """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

                00:00:00.000 --> 00:00:01.000
                first

                00:00:05.500 --> 00:00:12.500
                long
                in two lines

                """,
                """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

                00:00:05.500 --> 00:00:12.500
                long
                in two lines

                00:00:06.000 --> 00:00:06.500
                edge

                00:00:07.000 --> 00:00:08.500 line:0 align:start
                second

                """,
                """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

                00:00:05.500 --> 00:00:12.500
                long
                in two lines

                """,
            ])
    }

    @Test("A segment without cues is a header; time stamps have 33 bits; hours have two digits at least")
    func empty() {
        let files = segmentedWebVTT(
            [cue(360_001, 360_002, "late")], boundaries: boundaries(0, 6, 400_000),
            mpegTime: (1 << 33) + 126_000)
        #expect(files[0] == "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:126000\n")
        #expect(files[1].hasSuffix("\n\n100:00:01.000 --> 100:00:02.000\nlate\n"))
        #expect(segmentedWebVTT([], boundaries: boundaries(0), mpegTime: 0).isEmpty)
    }

    @Test("Cues without length, text or place are left out")
    func leftOut() {
        let files = segmentedWebVTT(
            [
                cue(1, 1, "no length"), cue(2, 1, "backwards"), cue(1, 2, " \n\n"), cue(20, 21, "after"),
                cue(-3, -1, "before"),
            ],
            boundaries: boundaries(0, 6), mpegTime: 0)
        #expect(files == ["WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"])
    }

    @Test("A cue over the start is cut, one of a blink lasts a millisecond")
    func times() {
        let files = segmentedWebVTT(
            [cue(-1, 2, "over"), cue(3.0001, 3.0002, "blink")], boundaries: boundaries(0, 6), mpegTime: 0)
        #expect(files[0].contains("\n00:00:00.000 --> 00:00:02.000\nover\n"))
        #expect(files[0].contains("\n00:00:03.000 --> 00:00:03.001\nblink\n"))
    }

    @Test("Text cannot end its cue or begin another")
    func text() {
        let files = segmentedWebVTT(
            [cue(1, 2, "\r\na\r\n\r\n00:00 --> 00:01\u{0}\n \nb\n", "-->\nline:0")],
            boundaries: boundaries(0, 6),
            mpegTime: 0)
        #expect(files[0].hasSuffix("00:00:02.000 line:0\na\n00:00 --&gt; 00:01\nb\n"))
    }

    @Test("Thumbnails point into their sheets")
    func thumbnails() throws {
        let layout = SpriteLayout(
            columns: 2, rows: 2, tile: PixelSize(160, 90), interval: MediaTime(2, Rational(1)))
        let cues = layout.cues(duration: MediaTime(seconds: 9.5)) { "sprite-\($0).jpg" }
        #expect(
            try thumbnailsWebVTT(cues) == """
                WEBVTT

                00:00:00.000 --> 00:00:02.000
                sprite-0.jpg#xywh=0,0,160,90

                00:00:02.000 --> 00:00:04.000
                sprite-0.jpg#xywh=160,0,160,90

                00:00:04.000 --> 00:00:06.000
                sprite-0.jpg#xywh=0,90,160,90

                00:00:06.000 --> 00:00:08.000
                sprite-0.jpg#xywh=160,90,160,90

                00:00:08.000 --> 00:00:09.500
                sprite-1.jpg#xywh=0,0,160,90

                """)
        #expect(throws: VTXError.self) {
            try thumbnailsWebVTT(layout.cues(duration: .init(seconds: 1)) { _ in "a b" })
        }
    }
}
