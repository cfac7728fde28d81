// Text files of cues, made ready for libavformat's readers, which stop at the first block that they do not know.

/// The text of a subtitle file.
struct SubtitleText: Hashable, Sendable {
    /// With nothing but cues, where the format has other blocks.
    var text: String
    /// Cues that it has; `nil` where the format does not tell them by a line each.
    var cues: Int?
    /// Whether it has styles or regions, which only WebVTT itself can say.
    var hasStyles = false

    /// - Parameter text: in lines that end in `\n`.
    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if text.hasPrefix("WEBVTT") {
            self = Self.webVTT(lines)
        } else {
            self.text = text
            if text.contains("[Script Info]") {
                cues = lines.count { $0.hasPrefix("Dialogue:") }
            } else {
                let timed = lines.indices.filter { CueTiming(lines[$0]) != nil }
                // A time without text is no cue.
                let full = timed.count { $0 + 1 < lines.endIndex && !lines[$0 + 1].allSatisfy(\.isWhitespace) }
                cues = timed.isEmpty ? nil : full
                self.text = SubRipText.readable(lines) ?? text
            }
        }
    }

    private init(text: String, cues: Int, hasStyles: Bool) {
        self.text = text
        self.cues = cues
        self.hasStyles = hasStyles
    }

    private static func webVTT(_ lines: [Substring]) -> SubtitleText {
        var result = "WEBVTT\n"
        var cues = 0
        var hasStyles = false
        for block in lines.split(whereSeparator: \.isEmpty) {
            let first = block.first ?? ""
            guard let timing = block.firstIndex(where: { CueTiming($0) != nil }) else {
                let name = first.prefix { !$0.isWhitespace && $0 != ":" }
                hasStyles = hasStyles || name == "STYLE" || name == "REGION"
                // A cue whose time cannot be read is still a cue that is lost.
                if block.prefix(2).contains(where: { $0.contains("-->") }), !first.hasPrefix("NOTE") { cues += 1 }
                continue
            }
            // The header's block may go straight on to a cue; an identifier is the line before the time.
            if timing > block.startIndex, !block[timing - 1].hasPrefix("WEBVTT") {
                result += "\n\(block[timing - 1])\n"
            } else {
                result += "\n"
            }
            for index in block[timing...].indices {
                guard let time = CueTiming(block[index]) else {
                    result += block[index] + "\n"
                    continue
                }
                // A time without text is no cue.
                guard index + 1 < block.endIndex, CueTiming(block[index + 1]) == nil else { continue }
                // A second time ends the cue before it without an empty line.
                if index > timing { result += "\n" }
                result += time.webVTT + "\n"
                cues += 1
            }
        }
        return SubtitleText(text: result, cues: cues, hasStyles: hasStyles)
    }
}
