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
                let timed = lines.count { CueTiming($0) != nil }
                cues = timed > 0 ? timed : nil
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
            for line in block[timing...] {
                if let time = CueTiming(line) {
                    // A second time ends the cue before it without an empty line.
                    if cues > 0, !result.hasSuffix("\n\n"), line != block[timing] { result += "\n" }
                    result += time.webVTT + "\n"
                    cues += 1
                } else {
                    result += line + "\n"
                }
            }
        }
        return SubtitleText(text: result, cues: cues, hasStyles: hasStyles)
    }
}

/// A line with the two times of a cue.
struct CueTiming: Hashable, Sendable {
    var start: Int64
    var end: Int64
    var settings: String

    /// `nil` for any other line.
    init?(_ line: Substring) {
        guard line.first?.isNumber == true || line.first == " " || line.first == "\t" || line.first == "-" else { return nil }
        let parts = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        // Arrows without spaces around them are common.
        let words = parts.count >= 3 && parts[1] == "-->" ? parts : Self.split(line)
        guard words.count >= 3, words[1] == "-->", let start = Self.milliseconds(words[0]),
            let end = Self.milliseconds(words[2])
        else { return nil }
        self.start = start
        self.end = end
        settings = words[3...].joined(separator: " ")
    }

    private static func split(_ line: Substring) -> [String] {
        let text = Array(line.utf8)
        guard let arrow = text.indices.dropLast(2).first(where: { text[$0...].starts(with: "-->".utf8) }) else { return [] }
        let before = String(decoding: text[..<arrow], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let after = String(decoding: text[(arrow + 3)...], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return before.map(String.init) + ["-->"] + after.map(String.init)
    }

    /// `[h:]mm:ss.mmm`, with a comma or a point.
    private static func milliseconds(_ text: String) -> Int64? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count), let last = fields.last else { return nil }
        let seconds = last.split(whereSeparator: { $0 == "." || $0 == "," })
        guard (1...2).contains(seconds.count), let whole = Int64(seconds[0]),
            let fraction = seconds.count == 2 ? Int64(seconds[1].prefix(3)) : 0
        else { return nil }
        var total: Int64 = 0
        for field in fields.dropLast() {
            guard let number = Int64(field), number < 1_000_000 else { return nil }
            total = total * 60 + number
        }
        return (total * 60 + whole) * 1000 + fraction
    }

    /// The line as WebVTT has it.
    var webVTT: String { "\(Self.clock(start)) --> \(Self.clock(end))" + (settings.isEmpty ? "" : " \(settings)") }

    private static func clock(_ time: Int64) -> String {
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let seconds = time / 1000
        return "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(time % 1000, 3))"
    }
}
