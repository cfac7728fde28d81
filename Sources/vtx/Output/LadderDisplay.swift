// Progress of a ladder: a line for each rendition and one for all, or a plain line now and then.

import VTXKit

final class LadderDisplay {
    private let isQuiet: Bool
    private var shownLines = 0
    private var lastLine = 0.0
    /// Seconds between plain lines.
    private static let plainInterval = 5.0

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func update(_ state: LadderProgress) {
        guard !isQuiet else { return }
        if Terminal.isInteractive {
            let columns = Terminal.columns - 1
            let lines = state.renditions.map { line($0, columns: columns) } + [total(state)]
            let text = lines.map { "\u{1B}[K\(String($0.prefix(columns)))\n" }.joined()
            Terminal.write((shownLines > 0 ? "\u{1B}[\(shownLines)A" : "") + "\r" + text)
            shownLines = lines.count
        } else if state.elapsed - lastLine >= Self.plainInterval {
            lastLine = state.elapsed
            Terminal.write("\(total(state))\n")
        }
    }

    /// Clears the lines.
    func finish() {
        if shownLines > 0 { Terminal.write("\u{1B}[\(shownLines)A\r\u{1B}[J") }
        shownLines = 0
    }

    private func line(_ rendition: LadderProgress.Rendition, columns: Int) -> String {
        let name = rendition.name.padding(to: 18)
        let percent = rendition.fraction.map { "\(decimal($0 * 100, 1))%" } ?? ""
        let text = " \(percent.padding(to: 7)) \(bytesText(rendition.bytes))"
        let width = min(30, columns - name.count - text.count - 2)
        guard let fraction = rendition.fraction, width >= 10 else { return name + text }
        let full = Int(fraction * Double(width))
        return "\(name)[\(String(repeating: "#", count: full))\(String(repeating: ".", count: width - full))]\(text)"
    }

    private func total(_ state: LadderProgress) -> String {
        var parts = [state.fraction.map { "\(decimal($0 * 100, 1))%" } ?? "\(state.position)"]
        parts.append("\(decimal(state.speed, 2))x")
        parts.append(bytesText(state.bytes))
        if let remaining = state.remaining { parts.append("ETA \(clockText(remaining))") }
        return parts.joined(separator: "  ")
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
