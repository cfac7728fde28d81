// Progress for people: lines that stay in place on a terminal, a plain line now and then elsewhere.

import VTXCommandLine
import VTXModel
import VTXKit
import VTXSystem

/// Shows the progress of one job on standard error.
final class ProgressDisplay {
    private let isQuiet: Bool
    private var live = LiveLines()
    private var lastLine = 0.0
    private var lastPhase: JobProgress.Phase?
    /// Seconds between plain lines.
    private static let plainInterval = 5.0

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// Shows how far the job is.
    func update(_ state: JobProgress) {
        guard !isQuiet else { return }
        if Terminal.isInteractive {
            show(state)
        } else if state.phase != lastPhase {
            lastPhase = state.phase
            lastLine = 0
        }
        // A job that is over before the first interval needs no line.
        guard !Terminal.isInteractive, state.elapsed - lastLine >= Self.plainInterval else { return }
        lastLine = state.elapsed
        Terminal.write("\(progressText(state, columns: 0))\n")
    }

    /// Clears the lines.
    func finish() {
        Terminal.write(live.clear(columns: Terminal.columns))
    }

    private func show(_ state: JobProgress) {
        let columns = Terminal.columns - 1
        let lines =
            state.renditions.isEmpty
            ? [progressText(state, columns: columns)]
            : state.renditions.map { renditionText($0, columns: columns) } + [progressText(state, columns: 0)]
        Terminal.write(live.draw(lines, columns: Terminal.columns, rows: Terminal.rows))
    }
}

/// One line of progress.
///
/// - Parameter columns: room on the terminal; 0 leaves out the bar.
func progressText(_ state: JobProgress, columns: Int) -> String {
    // What comes through a pipe says nothing of how much it will be.
    if state.phase == .read, state.expected == nil, state.frames == 0, state.renditions.isEmpty {
        return "reading standard input  \(bytesText(state.bytes))"
    }
    var parts: [String] = []
    switch state.phase {
    case .loudness: parts.append("loudness")
    case .firstPass: parts.append("pass 1")
    case .read: parts.append("reading")
    case .encode, .copy, .compare: break
    case .correct: parts.append("again, for the size")
    case .finish: parts.append("finishing")
    }
    parts.append(state.fraction.map { "\(decimal($0 * 100, 1))%" } ?? "\(state.position)")
    if state.frames > 0 {
        parts.append(counted(state.frames, "frame"))
        parts.append("\(decimal(state.framesPerSecond, 1)) fps")
    }
    parts.append("\(decimal(state.speed, 2))x")
    if state.bytes > 0 { parts.append(bytesText(state.bytes)) }
    if let remaining = state.remaining { parts.append("ETA \(clockText(remaining))") }
    let text = parts.joined(separator: "  ")
    let room = columns - text.count - 3
    guard let fraction = state.fraction, room >= 10 else { return columns > 0 ? String(text.prefix(columns)) : text }
    return "\(bar(fraction, width: min(room, 40))) \(text)"
}

/// One line for a rendition of a package.
private func renditionText(_ rendition: JobProgress.Rendition, columns: Int) -> String {
    func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
    let name = padded(rendition.name, to: 18)
    let percent = rendition.fraction.map { "\(decimal($0 * 100, 1))%" } ?? ""
    let text = " \(padded(percent, to: 7)) \(bytesText(rendition.bytes))"
    let width = min(30, columns - name.count - text.count - 2)
    guard let fraction = rendition.fraction, width >= 10 else { return name + text }
    return name + bar(fraction, width: width) + text
}

/// `[####....]`, `width` characters between the brackets.
private func bar(_ fraction: Double, width: Int) -> String {
    let full = Int(fraction * Double(width))
    return "[\(String(repeating: "#", count: full))\(String(repeating: ".", count: width - full))]"
}
