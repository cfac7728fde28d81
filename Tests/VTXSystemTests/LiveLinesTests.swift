// Lines that are drawn over, on a terminal that changes its width.

import Testing
import VTXSystem

@Suite("live lines")
struct LiveLinesTests {
    /// A terminal that breaks lines anew when its width changes, as tmux does.
    struct Screen {
        var columns: Int
        /// Text up to each line feed; the cursor is at the end of the last one but for what `write` does.
        var lines = [""]

        private var rows: [(line: Int, text: String)] {
            lines.enumerated().flatMap { index, line in
                var rest = Substring(line)
                var rows: [(Int, String)] = []
                repeat {
                    rows.append((index, String(rest.prefix(columns))))
                    rest = rest.dropFirst(columns)
                } while !rest.isEmpty
                return rows
            }
        }

        /// What it shows, row by row.
        var shown: [String] { rows.map(\.text) }

        mutating func write(_ text: String) {
            var text = Substring(text)
            var up = 0
            if text.hasPrefix("\u{1B}["), let end = text.firstIndex(of: "A"), let count = Int(text[..<end].dropFirst(2))
            {
                up = count
                text = text[text.index(after: end)...]
            }
            if text.hasPrefix("\r") {
                // The cursor's row is the last one; the rest of the screen is drawn anew from there.
                let kept = rows.dropLast(up + 1)
                let next = rows[rows.count - up - 1]
                lines = Array(lines.prefix(next.line))
                let broken = kept.filter { $0.line == next.line }.map(\.text).joined()
                lines.append(broken)
                text = text.dropFirst()
            }
            let plain = text.replacing("\u{1B}[K", with: "").replacing("\u{1B}[J", with: "")
            let added = plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            lines[lines.count - 1] += added.first ?? ""
            lines += added.dropFirst()
        }
    }

    @Test("Nothing of what was drawn before remains, whatever the width becomes")
    func resized() {
        var screen = Screen(columns: 80)
        screen.write("$ vtx ladder\n")
        var live = LiveLines()
        for (step, columns) in [80, 60, 30, 120, 40, 39, 80].enumerated() {
            screen.columns = columns
            let lines = (0..<4).map { "line \($0) of step \(step) " + String(repeating: "#", count: 50) }
            screen.write(live.draw(lines, columns: columns, rows: 24))
            #expect(screen.shown == ["$ vtx ladder"] + lines.map { String($0.prefix(columns - 1)) }, "\(columns)")
        }
        screen.columns = 25
        screen.write(live.clear(columns: 25))
        #expect(screen.shown == ["$ vtx ladder", ""])
        #expect(live.clear(columns: 25) == "")
    }

    @Test("More lines than rows: the first ones and the last one")
    func low() {
        var live = LiveLines()
        let text = live.draw((1...9).map { "line \($0)" }, columns: 80, rows: 5)
        #expect(["line 1", "line 3", "line 9"].allSatisfy { text.contains($0) } && !text.contains("line 4"))
        #expect(live.clear(columns: 80).hasPrefix("\u{1B}[3A"))
    }

    @Test(
        "Columns of text",
        arguments: [
            ("abc", 3), ("übung", 5), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("🎬", 2), ("a\u{200B}b", 2), ("", 0),
        ])
    func columns(text: String, columns: Int) {
        #expect(text.columns == columns)
        #expect("日本語".prefix(columns: 5) == "日本" && "日本語".suffix(columns: 3) == "語")
    }
}
