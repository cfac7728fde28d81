// Progress for people: a bar that stays in its line on a terminal, a plain line now and then elsewhere.

import VTXKit

final class ProgressDisplay {
    private let isQuiet: Bool
    private var isShown = false
    private var lastLine = -ProgressDisplay.plainInterval
    private var lastPhase: TranscodeProgress.Phase?
    /// Seconds between plain lines.
    private static let plainInterval = 5.0

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func update(_ state: TranscodeProgress) {
        guard !isQuiet else { return }
        if Terminal.isInteractive {
            Terminal.write("\r\u{1B}[K\(progressText(state, columns: Terminal.columns - 1))")
            isShown = true
        } else if state.phase != lastPhase || state.elapsed - lastLine >= Self.plainInterval {
            // A job that is over before the first interval needs no line.
            if state.elapsed >= Self.plainInterval { Terminal.write("\(progressText(state, columns: 0))\n") }
            if state.phase != lastPhase || state.elapsed >= Self.plainInterval { lastLine = state.elapsed }
            lastPhase = state.phase
        }
    }

    /// Clears the bar.
    func finish() {
        if isShown { Terminal.write("\r\u{1B}[K") }
        isShown = false
    }
}

/// One line of progress.
///
/// - Parameter columns: room on the terminal; 0 leaves out the bar.
func progressText(_ state: TranscodeProgress, columns: Int) -> String {
    var parts: [String] = []
    switch state.phase {
    case .loudness: parts.append("loudness")
    case .firstPass: parts.append("pass 1")
    case .encode: break
    case .finish: parts.append("finishing")
    }
    parts.append(state.fraction.map { "\(decimal($0 * 100, 1))%" } ?? "\(state.position)")
    if state.frames > 0 {
        parts.append("\(state.frames) frames")
        parts.append("\(decimal(state.framesPerSecond, 1)) fps")
    }
    parts.append("\(decimal(state.speed, 2))x")
    if state.bytes > 0 { parts.append(bytesText(state.bytes)) }
    if let remaining = state.remaining { parts.append("ETA \(clockText(remaining))") }
    let text = parts.joined(separator: "  ")
    let room = columns - text.count - 3
    guard let fraction = state.fraction, room >= 10 else { return columns > 0 ? String(text.prefix(columns)) : text }
    let width = min(room, 40)
    let full = Int(fraction * Double(width))
    return "[\(String(repeating: "#", count: full))\(String(repeating: ".", count: width - full))] \(text)"
}
