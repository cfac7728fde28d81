// SubRip as it is found, made ready for libavformat's reader, which wants numbers, hours and milliseconds.

/// The text of a SubRip file.
enum SubRipText {
    /// The same cues with times as libav reads them: `hh:mm:ss,mmm`, none below zero, a number before the first.
    ///
    /// - Returns: `nil` for text that libav reads as it is, or that has no cue.
    static func readable(_ lines: [Substring]) -> String? {
        guard let first = lines.firstIndex(where: { CueTiming($0) != nil }) else { return nil }
        let head = lines[..<first].filter { !isBlank($0) }
        let isNumbered = head.count == 1 && lines[first - 1] == head[0] && Int(head[0]) != nil
        let times = lines.indices.filter { beginsCue($0, in: lines) && !isPlain(lines[$0]) }
        if isNumbered, times.isEmpty { return nil }
        var result = lines[first...].map(String.init)
        for index in times {
            guard let time = CueTiming(lines[index]) else { continue }
            result[index - first] = time.subRip
        }
        return ([isNumbered ? String(head[0]) : "1"] + result).joined(separator: "\n")
    }

    /// Whether a line is the time of a cue, and not text that looks like one.
    private static func beginsCue(_ index: Int, in lines: [Substring]) -> Bool {
        guard CueTiming(lines[index]) != nil else { return false }
        guard index > 0 else { return true }
        return isBlank(lines[index - 1]) || Int(lines[index - 1].filter { !$0.isWhitespace }) != nil
    }

    private static func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }

    /// Whether libav reads a line as a time: `h:m:s,ms --> h:m:s,ms`, and something else perhaps.
    private static func isPlain(_ line: Substring) -> Bool {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count >= 3, words[1] == "-->" else { return false }
        return isPlainTime(words[0]) && isPlainTime(words[2].prefix { !$0.isWhitespace })
    }

    private static func isPlainTime(_ word: Substring) -> Bool {
        let fields = word.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3 else { return false }
        let seconds = fields[2].split(omittingEmptySubsequences: false) { $0 == "," || $0 == "." }
        return seconds.count == 2
            && (fields.dropLast() + seconds).allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
    }
}
