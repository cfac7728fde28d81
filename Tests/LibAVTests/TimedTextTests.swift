// TTML is told by its outermost element.

import Testing

@testable import LibAV

@Suite("Timed text")
struct TimedTextTests {
    @Test(
        "The outermost element tells",
        arguments: [
            ("<tt xmlns=\"http://www.w3.org/ns/ttml\">", true),
            ("<?xml version=\"1.0\"?>\n<!-- <p> -->\n<!DOCTYPE tt>\n<tt:tt xml:lang=\"en\">", true), ("<tt/>", true),
            ("<ttf>", false), ("<html><tt>", false), ("<!-- <tt> ", false), ("", false), ("WEBVTT <tt", true),
        ])
    func element(text: String, isTimed: Bool) {
        #expect(isTimedText(Array(text.utf8)) == isTimed)
        #expect(isTimedText(text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }) == isTimed)
    }

    @Test(
        "A cue of SAMI without text ends the one before",
        arguments: [
            ("<P Class=ENCC>&nbsp;</P>", true), ("<P Class=ENCC> &NBSP; <br>\n", true), ("", true),
            ("<P>&#160;</P>", true), ("<P>&#xA0;", true),
            ("<P Class=ENCC>&nbsp;And</P>", false), ("<P>-</P>", false), ("a < b", false),
        ])
    func sami(text: String, isEmpty: Bool) {
        #expect(isEmptySAMI(text) == isEmpty)
    }
}
