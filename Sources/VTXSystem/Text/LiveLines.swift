// Lines at the bottom of a terminal that are drawn over, whatever becomes of its size meanwhile.

/// Lines that stay in place while their text changes. Knows no terminal: it makes the text to write.
///
/// A terminal that becomes narrower breaks lines that are too long now, and the cursor stays at the end of the last one
/// (tmux, VTE, kitty, Konsole, iTerm2 and Windows Terminal do so): what was drawn takes more rows then.
package struct LiveLines: Sendable {
    /// Columns of each line that is shown.
    private var widths: [Int] = []

    /// Nothing is shown.
    package init() {}

    /// Text that replaces what is shown by other lines, the cursor at the end of the last one.
    ///
    /// - Parameters:
    ///   - lines: what does not fit into a row is cut off; of more lines than rows, the first ones and the last one remain.
    ///   - columns: of the terminal.
    ///   - rows: of the terminal.
    package mutating func draw(_ lines: [String], columns: Int, rows: Int) -> String {
        let back = toFirst(columns: columns)
        var lines = lines
        // A row above keeps the shell's prompt in sight.
        let most = max(1, rows - 1)
        if lines.count > most, let last = lines.last { lines = lines.prefix(most - 1) + [last] }
        // In the last column some terminals already break the line.
        lines = lines.map { $0.prefix(columns: max(1, columns - 1)) }
        widths = lines.map(\.columns)
        return back + lines.map { "\u{1B}[K\($0)" }.joined(separator: "\n") + "\u{1B}[J"
    }

    /// Text that removes what is shown; empty if nothing is.
    ///
    /// - Parameter columns: of the terminal.
    package mutating func clear(columns: Int) -> String {
        guard !widths.isEmpty else { return "" }
        defer { widths = [] }
        return toFirst(columns: columns) + "\u{1B}[J"
    }

    private func toFirst(columns: Int) -> String {
        let rows = widths.reduce(0) { $0 + max(1, ($1 + columns - 1) / max(1, columns)) }
        return (rows > 1 ? "\u{1B}[\(rows - 1)A" : "") + "\r"
    }
}

extension String {
    /// Columns of a terminal that the text takes: wide characters of East Asia and emoji take two, marks none.
    package var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

    /// As much from the beginning as fits into some columns.
    package func prefix(columns most: Int) -> String {
        var (taken, rest) = ("", most)
        for character in self {
            let width = String(character).columns
            guard width <= rest else { break }
            taken.append(character)
            rest -= width
        }
        return taken
    }

    /// As much from the end as fits into some columns.
    package func suffix(columns most: Int) -> String {
        var (taken, rest) = ("", most)
        for character in reversed() {
            let width = String(character).columns
            guard width <= rest else { break }
            taken.insert(character, at: taken.startIndex)
            rest -= width
        }
        return taken
    }
}

extension Unicode.Scalar {
    /// By Unicode's EastAsianWidth.txt: its blocks of wide and full-width characters.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
        0x20000...0x3FFFD,
    ]

    fileprivate var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: 0
        default: Self.wide.contains { $0.contains(value) } ? 2 : 1
        }
    }
}
