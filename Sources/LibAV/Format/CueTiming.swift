// The line of a text file that says when a cue is shown.

/// A line with the two times of a cue.
struct CueTiming: Hashable, Sendable {
    var start: Int64
    var end: Int64
    var settings: String

    /// `nil` for any other line.
    init?(_ line: Substring) {
        guard line.first?.isNumber == true || line.first == " " || line.first == "\t" || line.first == "-" else {
            return nil
        }
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
        guard let arrow = text.indices.dropLast(2).first(where: { text[$0...].starts(with: "-->".utf8) }) else {
            return []
        }
        let before = String(decoding: text[..<arrow], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let after = String(decoding: text[(arrow + 3)...], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return before.map(String.init) + ["-->"] + after.map(String.init)
    }

    /// `[-][h:]mm:ss[.mmm]`, with a comma or a point.
    private static func milliseconds(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let fields = text.dropFirst(isNegative ? 1 : 0).split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count), let last = fields.last else { return nil }
        let seconds = last.split(whereSeparator: { $0 == "." || $0 == "," })
        guard (1...2).contains(seconds.count), let whole = Int64(seconds[0]), 0..<1_000_000 ~= whole,
            let fraction = seconds.count == 2 ? Int64(seconds[1].prefix(3)) : 0, fraction >= 0
        else { return nil }
        var total: Int64 = 0
        for field in fields.dropLast() {
            guard let number = Int64(field), 0..<1_000_000 ~= number else { return nil }
            total = total * 60 + number
        }
        let time = (total * 60 + whole) * 1000 + fraction
        return isNegative ? -time : time
    }

    /// The line as WebVTT has it.
    var webVTT: String { "\(clock(start)) --> \(clock(end))" + (settings.isEmpty ? "" : " \(settings)") }

    /// The line as SubRip has it.
    var subRip: String {
        let times = "\(clock(start)) --> \(clock(end))".replacing(".", with: ",")
        return times + (settings.isEmpty ? "" : " \(settings)")
    }

}
