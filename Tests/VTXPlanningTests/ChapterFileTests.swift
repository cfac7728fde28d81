// Chapters in text files.

import Testing
import VTXModel
import VTXPlanning

@Suite("Files of chapters")
struct ChapterFileTests {
    private func read(_ text: String) throws -> [String] {
        try chapters(in: text, of: "c.txt").map { "\($0.start.seconds)-\($0.end.seconds) \($0.title ?? "")" }
    }

    @Test(
        "Three forms are read",
        arguments: [
            (
                ";FFMETADATA1\ntitle=Film\n\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=One \\= two\\\nlines\n"
                    + "[STREAM]\ntitle=No\n[CHAPTER]\nSTART=2000000000\n# remark\ntitle=Two",
                ["0.0-1.5 One = two\nlines", "2.0-2.0 Two"]
            ),
            (
                "\u{FEFF}CHAPTER02=00:00:05.250\nCHAPTER02NAME=B=b\r\nCHAPTER01=00:00:00,000\n\nCHAPTER01NAME=A\n",
                ["0.0-0.0 A", "5.25-5.25 B=b"]
            ),
            (
                "WEBVTT - x\n\nNOTE about\n\n1\n00:00.000 --> 00:02.000 align:start\n<b>One</b> &amp;\nmore\n\n"
                    + "01:00:02.000 --> 01:00:03.500\nTwo",
                ["0.0-2.0 One & more", "3602.0-3603.5 Two"]
            ),
        ])
    func forms(text: String, expected: [String]) throws { #expect(try read(text) == expected) }

    @Test(
        "What is wrong is named with its line",
        arguments: [
            ("", "has no chapters"), ("Hello\n", "c.txt:1: expected CHAPTER01"),
            (";FFMETADATA1\ntitle=x\n", "has no chapters"),
            (";FFMETADATA1\n[CHAPTER]\nSTART=x\n", "c.txt:2: a chapter needs START"),
            (";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/0\nSTART=1\n", "c.txt:2: a chapter needs"),
            (";FFMETADATA1\n[CHAPTER]\nSTART=9223372036854775807\n", "c.txt:2: a chapter needs"),
            (";FFMETADATA1\n[CHAPTER]\nwhat\n", "c.txt:3: expected key=value"),
            ("CHAPTER01=soon\n", "c.txt:1: 'soon' is not a time"), ("CHAPTER01=-5\n", "is not a time"),
            ("WEBVTT\n\nx --> y\nz", "c.txt:3: 'x --> y' has no times"), ("\u{0}\u{1}", "c.txt:1: expected"),
        ])
    func faults(text: String, words: String) {
        let error = #expect(throws: VTXError.self) { try chapters(in: text, of: "c.txt") }
        #expect(error?.kind == .usage && error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.remedy != nil)
    }
}
