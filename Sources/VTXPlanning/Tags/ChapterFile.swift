// Chapters in a text file: FFmpeg's metadata, OGM's (`CHAPTER01=`), or WebVTT.

public import VTXModel

/// The chapters of a text file, by their starts.
///
/// A chapter without an end lasts to the next one; it ends where it begins here.
///
/// - Parameters:
///   - text: the file's.
///   - path: for errors.
/// - Throws: `.usage` if it is none of the three, or a line of it is not right.
public func chapters(in text: String, of path: String) throws(VTXError) -> [Chapter] {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    let first = lines.first?.drop { $0 == "\u{FEFF}" } ?? ""
    var reader = ChapterReader(path: path, lines: lines)
    if first.hasPrefix(";FFMETADATA") {
        try reader.readMetadata()
    } else if first.hasPrefix("WEBVTT") {
        try reader.readWebVTT()
    } else {
        try reader.readOGM()
    }
    guard !reader.chapters.isEmpty else {
        throw VTXError(.usage, "'\(path)' has no chapters", remedy: .advice(ChapterReader.forms))
    }
    return reader.chapters.sorted { $0.start < $1.start }
}

/// Reads the lines of one file.
private struct ChapterReader {
    let path: String
    let lines: [String]
    private(set) var chapters: [Chapter] = []

    static let forms: Message =
        "chapters are written as FFmpeg metadata (;FFMETADATA1), as CHAPTER01=00:00:00.000 and CHAPTER01NAME=, or as WebVTT"

    /// Ticks beyond which numbers would overflow.
    private static let latest = Int64(1) << 60

    init(path: String, lines: [String]) {
        self.path = path
        self.lines = lines
    }

    private func wrong(_ index: Int, _ what: String) -> VTXError {
        VTXError(.usage, "\(path):\(index + 1): \(what)", remedy: .advice(Self.forms))
    }

    // MARK: FFmpeg's metadata

    /// Sections in brackets; `key=value`, where a backslash takes its meaning from `=`, `;`, `#`, `\` and line ends.
    mutating func readMetadata() throws(VTXError) {
        var section: (line: Int, values: [String: String])?
        var index = 0
        while index < lines.count {
            let start = index
            var line = lines[index]
            while hasOpenEscape(line), index + 1 < lines.count {
                index += 1
                line = line.dropLast() + "\n" + lines[index]
            }
            index += 1
            if line.isEmpty || line.hasPrefix(";") || line.hasPrefix("#") { continue }
            if line.hasPrefix("[") {
                try add(section)
                section = line.uppercased().hasPrefix("[CHAPTER]") ? (start, [:]) : nil
                continue
            }
            let (key, value) = try keyAndValue(line, at: start)
            section?.values[key.uppercased()] = value
        }
        try add(section)
    }

    private func hasOpenEscape(_ line: String) -> Bool {
        line.reversed().prefix { $0 == "\\" }.count % 2 == 1
    }

    private func keyAndValue(_ line: String, at index: Int) throws(VTXError) -> (String, String) {
        var parts = [""]
        var isEscaped = false
        for character in line {
            if isEscaped {
                parts[parts.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "=", parts.count == 1 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        guard parts.count == 2 else { throw wrong(index, "expected key=value") }
        return (parts[0], parts[1])
    }

    private mutating func add(_ section: (line: Int, values: [String: String])?) throws(VTXError) {
        guard let (line, values) = section else { return }
        // Nanoseconds by default.
        let base = Rational(values["TIMEBASE"] ?? "1/1000000000")
        guard let base, base.isPositive, let start = values["START"].flatMap({ Int64($0) }),
            (0...Self.latest).contains(start)
        else {
            throw wrong(line, "a chapter needs START=, a whole number of TIMEBASE=")
        }
        let end = min(Self.latest, values["END"].flatMap { Int64($0) } ?? start)
        chapters.append(
            Chapter(
                start: microseconds(MediaTime(start, base)), end: microseconds(MediaTime(max(start, end), base)),
                title: values["TITLE"]))
    }

    private func microseconds(_ time: MediaTime) -> MediaTime { time.rescaled(to: MediaTime.microsecond) }

    // MARK: OGM

    /// `CHAPTER01=00:00:05.000` and `CHAPTER01NAME=Start`.
    mutating func readOGM() throws(VTXError) {
        var starts: [(number: Substring, time: MediaTime)] = []
        var names: [Substring: String] = [:]
        for (index, line) in lines.enumerated() {
            let text = line.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
            if text.isEmpty || text.hasPrefix("#") { continue }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].uppercased().hasPrefix("CHAPTER") else {
                throw wrong(index, "expected CHAPTER01=00:00:00.000")
            }
            let number = parts[0].dropFirst("CHAPTER".count).prefix { $0.isNumber }
            if parts[0].uppercased().hasSuffix("NAME") {
                names[number] = String(parts[1])
            } else {
                let text = parts[1].trimmingPrefix { $0.isWhitespace }.replacing(",", with: ".")
                guard let time = MediaTime(clock: String(text)), time >= .zero else {
                    throw wrong(index, "'\(parts[1])' is not a time")
                }
                starts.append((number, microseconds(time)))
            }
        }
        chapters = starts.map { Chapter(start: $0.time, end: $0.time, title: names[$0.number]) }
    }

    // MARK: WebVTT

    /// Cues: their text is the title.
    mutating func readWebVTT() throws(VTXError) {
        var index = 0
        while index < lines.count {
            guard let arrow = lines[index].range(of: "-->") else {
                index += 1
                continue
            }
            let end = lines[index][arrow.upperBound...].split(whereSeparator: \.isWhitespace).first ?? ""
            let start = lines[index][..<arrow.lowerBound].filter { !$0.isWhitespace }
            guard let from = MediaTime(clock: start), let to = MediaTime(clock: String(end)) else {
                throw wrong(index, "'\(lines[index])' has no times")
            }
            guard from >= .zero else { throw wrong(index, "'\(start)' is before the beginning") }
            let text = lines[(index + 1)...].prefix { !$0.allSatisfy(\.isWhitespace) }
            let title = text.joined(separator: " ").replacing(/<[^>]*>/, with: "")
            chapters.append(
                Chapter(
                    start: microseconds(from), end: microseconds(max(from, to)),
                    title: title.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
                ))
            index += 1 + text.count
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}
