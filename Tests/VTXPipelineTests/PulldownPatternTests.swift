// 3:2 pulldown in what each frame repeats.

import Testing
import VTXModel
import VTXPipeline

@Suite("Pulldown")
struct PulldownPatternTests {
    /// `-` neither, `t` top, `b` bottom.
    private func pattern(_ fields: String) -> PulldownPattern {
        var pattern = PulldownPattern()
        for field in fields { pattern.add(field == "t" ? .top : field == "b" ? .bottom : .neither) }
        return pattern
    }

    @Test(
        "Fields repeat with a period of five frames",
        arguments: [
            ("t-b--t-b--t-b--t-b--t-b-", .fields),
            // Any phase, bottom first, and frames that idet does not recognize.
            ("--b-t--b-t--b-t--b-t--b-", .fields),
            ("----b--t----b-t--b-t--b-", nil),
            ("t-b--t-b--t----t-b--t-b-", .fields),
            // Too short, interlaced, still, and irregular.
            ("t-b--t-b--t-b-", nil),
            ("------------------------", nil),
            ("tttttttttttttttttttttttt", nil),
            ("tbtbtbtbtbtbtbtbtbtbtbtb", nil),
            ("t--b-t-b---t-b--t--b-t--", nil),
            ("t---bt---bt---bt---bt---", nil),
        ] as [(String, Pulldown?)])
    func fields(_ fields: String, expected: Pulldown?) {
        #expect(pattern(fields).pulldown == expected)
    }

    @Test(
        "Flags stand on every other frame",
        arguments: [
            ("x-x-x-x-x-x-x-x-x-x-x-x-", .flags), ("-x-x-x-x-x--x-x-x-x-x-x-", .flags), ("x-x-x-x-x-x-x-", nil),
            ("xxxxxxxxxxxxxxxxxxxxxxxx", nil), ("------------------------", nil), ("x--x--x--x--x--x--x--x--", nil),
        ] as [(String, Pulldown?)])
    func flags(_ flags: String, expected: Pulldown?) {
        var pattern = PulldownPattern()
        for flag in flags { pattern.add(isRepeated: flag == "x") }
        #expect(pattern.pulldown == expected)
    }
}
