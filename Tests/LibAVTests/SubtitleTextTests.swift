// Subtitles as text: files made ready for libav's readers, dialogue as WebVTT, cues that overlap.

import Testing
import VTXModel

@testable import LibAV

@Suite("subtitle text")
struct SubtitleTextTests {
    @Test("Of WebVTT only the cues are left, with their identifiers and settings")
    func blocks() {
        let prepared = SubtitleText(
            """
            WEBVTT - a title
            Kind: captions

            NOTE a comment
            over two lines

            STYLE
            ::cue { color: lime }

            REGION
            id:fred

            first
            00:00.200 --> 00:01.000 line:10% align:start
            <v Bob>Tom &amp; Ann</v>

            NOTE 00:01.000 --> 00:02.000 is not a cue

            00:01,200-->00:02,000
            comma
            00:00:03.000 --> 00:00:04.000
            no empty line before

            00:61:xx --> 00:02.000
            broken

            """)
        #expect(
            prepared.text == """
                WEBVTT

                first
                00:00:00.200 --> 00:00:01.000 line:10% align:start
                <v Bob>Tom &amp; Ann</v>

                00:00:01.200 --> 00:00:02.000
                comma

                00:00:03.000 --> 00:00:04.000
                no empty line before

                """)
        #expect(prepared.cues == 4)
        #expect(prepared.hasStyles)
    }

    @Test(
        "Times that no clock shows are no times",
        arguments: ["-", "9223372036854775807", "--5:00", "00:-5", "0:0:1.-5"])
    func absurd(time: String) {
        let start =
            time == "-" ? String(repeating: "-", count: 300_000) + "5:00" : time.contains(":") ? time : "00:" + time
        #expect(CueTiming(Substring(start + " --> 00:00:02,000")) == nil)
    }

    @Test("SubRip and ASS stay as they are, and their cues are counted")
    func others() {
        let srt = "1\n00:00:00,200 --> 00:00:01,000 X1:10 X2:20\na --> b\n\n2\n0:0:3,5 --> 0:0:3,9\nb\n"
        #expect(SubtitleText(srt).text == srt)
        #expect(SubtitleText(srt).cues == 2)
        #expect(SubtitleText("[Script Info]\n[Events]\nDialogue: 0,0\nComment: 0\nDialogue: 1\n").cues == 2)
        #expect(SubtitleText("hello\n").cues == nil)
    }

    @Test(
        "SubRip without numbers, hours or milliseconds, or before zero, becomes what libav reads",
        arguments: [
            ("00:00:01,000 --> 00:00:02,000\na\n", "1\n00:00:01,000 --> 00:00:02,000\na\n"),
            ("www.example.org\n\n1\n0:0:1,5 --> 0:0:2,5\na\n", "1\n0:0:1,5 --> 0:0:2,5\na\n"),
            ("1\n00:00:01 --> 00:00:02\na\n", "1\n00:00:01,000 --> 00:00:02,000\na\n"),
            ("1\n00:01,500 --> 00:02,500 X1:5\na\n", "1\n00:00:01,500 --> 00:00:02,500 X1:5\na\n"),
            ("1\n00:00:01.500-->00:00:02.500\na\n", "1\n00:00:01,500 --> 00:00:02,500\na\n"),
            ("1\n-00:00:01,000 --> 00:00:01,000\na\n", "1\n00:00:00,000 --> 00:00:01,000\na\n"),
            (
                "1\n00:00:01,000 --> 00:00:02,000\nfrom\n1:00 --> 2:00\n",
                "1\n00:00:01,000 --> 00:00:02,000\nfrom\n1:00 --> 2:00\n"
            ),
        ])
    func subRip(text: String, expected: String) {
        #expect(SubtitleText(text).text == expected)
    }

    private func line(_ text: String) -> String { "0,0,Default,,0,0,0,," + text }

    @Test(
        "Dialogue becomes WebVTT: escaped, with tags that are nested, without drawings",
        arguments: [
            ("AT&T: 3 < 5 > 2", "AT&amp;T: 3 &lt; 5 &gt; 2"), ("a --> b", "a --&gt; b"),
            ("{\\i1}it{\\i0} {\\b1}bold", "<i>it</i> <b>bold</b>"),
            ("{\\b1}a{\\i1}b{\\b0}c", "<b>a<i>b</i></b><i>c</i>"),
            ("{\\an8}top", "top"), ("one\\Ntwo\\N\\Nthree\\N", "one\ntwo\nthree"), ("a\\hb", "a&nbsp;b"),
            ("{not a style}", "{not a style}"), ("\\{there}", "{there}"), ("{\\b700}x{\\be1}y", "<b>xy</b>"),
            ("{\\p1}m 0 0 l 100 0{\\p0}", ""), ("{\\p1}m 0 0 l 50 50{\\p0}sign", "sign"),
            ("{\\i1}a{\\r}b", "<i>a</i>b"),
        ])
    func webVTT(dialogue: String, expected: String) {
        #expect(DialogueText(rect: line(dialogue), hasComments: false).webVTT(styles: [:]) == expected)
    }

    @Test("Comments of ASS are no text, and its styles count")
    func ass() {
        let header = """
            [V4+ Styles]
            Format: Name, Fontname, Bold, Italic
            Style: Default,Arial,0,-1
            Style: Plain,Arial,0,0
            """
        let text = DialogueText(rect: line("{a note}it{\\i0} not"), hasComments: true)
        #expect(text.webVTT(styles: dialogueStyles(header)) == "<i>it</i> not")
        #expect(text.plain == "it{\\i0} not")
        #expect(DialogueText(rect: line("{\\p1}m 0 0{\\p0}"), hasComments: true).isEmpty)
    }

    private func cue(_ start: Int64, _ end: Int64, _ text: String) -> TextCue {
        TextCue(start: start, end: end, lines: [line(text)])
    }

    @Test("Cues that overlap are cut where another begins or ends, and nothing moves")
    func layers() {
        var layers = CueLayers()
        let parts =
            layers.add(cue(500, 3500, "A")) + layers.add(cue(1000, 1800, "B")) + layers.add(cue(2000, 2800, "C"))
            + layers.add(cue(4000, 5000, "D")) + layers.finish()
        #expect(parts.map(\.start) == [500, 1000, 1800, 2000, 2800, 4000])
        #expect(parts.map(\.end) == [1000, 1800, 2000, 2800, 3500, 5000])
        #expect(
            parts.map { $0.lines.map { String($0.dropFirst(line("").count)) } } == [
                ["A"], ["A{\\r}\\NB"], ["A"], ["A{\\r}\\NC"], ["A"], ["D"],
            ])
    }

    @Test("Cues that only touch, or begin together, lose nothing")
    func touching() {
        var layers = CueLayers()
        let parts =
            layers.add(cue(0, 10, "A")) + layers.add(cue(10, 20, "B")) + layers.add(cue(10, 30, "C")) + layers.finish()
        #expect(parts.map(\.start) == [0, 10, 20])
        #expect(parts.map(\.end) == [10, 20, 30])
        #expect(parts.map(\.lines.count) == [1, 1, 1])
    }

    @Test("A language and its tag become two elements, and the checksum is right again")
    func matroska() {
        // A checksum, and one entry with a track type and a marked language.
        let language = Array(matroskaLanguage("por", tag: "pt-BR").utf8)
        let entry: [UInt8] =
            [0x83, 0x81, 17, 0x86, 0x81, 0x53, 0x22, 0xB5, 0x9C, UInt8(0x80 | language.count)] + language
        let tracks = [0xBF, 0x84, 0, 0, 0, 0, 0xAE, UInt8(0x80 | entry.count)] + entry
        let done = separatedLanguages(tracks)
        #expect(done.count == tracks.count)
        #expect(
            matroskaTracks(in: done[...]) == [MatroskaTrack(type: 17, codec: "S", language: "por", tag: "pt-BR")])
        #expect(done[2..<6] != tracks[2..<6])
        #expect(separatedLanguages(done)[2..<6] == done[2..<6])
    }
}
