// Standard error: notes, warnings, errors. Colour only on a terminal that wants it.

import Glibc
package import VTXModel

/// Standard error, and results on standard output.
package enum Terminal {
    /// Whether lines can be drawn over.
    package static let isInteractive =
        isatty(STDERR_FILENO) != 0 && getenv("TERM").map { String(cString: $0) } != "dumb"
    /// https://no-color.org: any value that is not empty turns colour off.
    package static let hasColor = isInteractive && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)

    /// Of the window; 80 if that is unknown.
    package static var columns: Int {
        let size = size
        return size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Of the window; 24 if that is unknown.
    package static var rows: Int {
        let size = size
        return size.ws_row > 0 ? Int(size.ws_row) : 24
    }

    private static var size: winsize {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? size : winsize()
    }

    /// Text as it is, control characters of the program included.
    package static func write(_ text: String) {
        var text = text.shown
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, bytes.baseAddress! + rest.startIndex, rest.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// A line.
    package static func note(_ text: String) { write("\(text.shownOnOneLine)\n") }

    /// A warning.
    package static func warn(_ text: String) { write("\(colored("warning:", "33")) \(text.shownOnOneLine)\n") }

    /// At most three lines for each mistake: what, why, what to try.
    package static func show(_ error: VTXError) {
        write("\(colored("error:", "31;1")) \(error.message.commandLineText.shownOnOneLine)\n")
        if let cause = error.cause { write("\(colored("cause:", "1")) \(cause.commandLineText.shownOnOneLine)\n") }
        if let hint = error.hint { write("\(colored("hint:", "36")) \(hint.shownOnOneLine)\n") }
        error.others.forEach(show)
    }

    private static func colored(_ text: String, _ code: String) -> String {
        hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Results, on standard output.
    package static func result(_ lines: [String]) { for line in lines { print(line.shownOnOneLine) } }
}
