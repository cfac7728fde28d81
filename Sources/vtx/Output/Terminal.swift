// Standard error: notes, warnings, errors. Colour only on a terminal that wants it.

import Glibc
import VTXModel

enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) != 0 && getenv("TERM").map { String(cString: $0) } != "dumb"
    /// https://no-color.org: any value that is not empty turns colour off.
    static let hasColor = isInteractive && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)

    static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    static func write(_ text: String) {
        var text = text
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

    static func note(_ text: String) { write("\(text)\n") }

    static func warn(_ text: String) { write("\(colored("warning:", "33")) \(text)\n") }

    /// At most three lines: what, why, what to try.
    static func show(_ error: VTXError) {
        write("\(colored("error:", "31;1")) \(oneLine(error.message.commandLineText))\n")
        if let cause = error.cause { write("\(colored("cause:", "1")) \(oneLine(cause.commandLineText))\n") }
        if let hint = error.hint { write("\(colored("hint:", "36")) \(oneLine(hint))\n") }
    }

    private static func colored(_ text: String, _ code: String) -> String {
        hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// File names and libav's words may hold anything; none of it may move the cursor or start a new line.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : $0 }))
    }
}
