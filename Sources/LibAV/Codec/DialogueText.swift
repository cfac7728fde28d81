// The text of a cue as libav's decoders describe it, which is that of ASS, as WebVTT and as plain ASS.

/// One line of dialogue: text with override codes in braces.
struct DialogueText {
    private enum Piece {
        case text(String)
        case newLine
        /// Override codes, without their braces.
        case block(String)
    }

    private let pieces: [Piece]
    private let style: String

    /// - Parameters:
    ///   - rect: a line as libavcodec gives it: `ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text`.
    ///   - hasComments: whether braces without a backslash are comments, as in ASS itself, and not text.
    init(rect: String, hasComments: Bool) {
        let fields = rect.split(separator: ",", maxSplits: 8, omittingEmptySubsequences: false)
        style = fields.count > 2 ? String(fields[2]) : "Default"
        pieces = fields.count == 9 ? Self.pieces(of: fields[8], hasComments: hasComments) : []
    }

    private static func pieces(of text: Substring, hasComments: Bool) -> [Piece] {
        var pieces: [Piece] = []
        var run = ""
        var isDrawing = false
        var rest = text.unicodeScalars[...]
        func flush() {
            if !run.isEmpty, !isDrawing { pieces.append(.text(run)) }
            run = ""
        }
        while let scalar = rest.popFirst() {
            if scalar == "\\", let next = rest.first {
                switch next {
                case "N", "n":
                    rest.removeFirst()
                    flush()
                    if !isDrawing { pieces.append(.newLine) }
                case "h":
                    rest.removeFirst()
                    run.unicodeScalars.append("\u{A0}")
                case "{", "}":
                    rest.removeFirst()
                    run.unicodeScalars.append(next)
                case "\u{2060}":
                    // libav's WebVTT reader keeps a backslash from being taken for an escape.
                    rest.removeFirst()
                    run.unicodeScalars.append(scalar)
                default: run.unicodeScalars.append(scalar)
                }
            } else if scalar == "{", let end = rest.firstIndex(of: "}"),
                rest.first == "\\" || rest.first == "}" || hasComments
            {
                flush()
                let block = String(rest[..<end])
                for code in block.split(separator: "\\") where code.first == "p" {
                    if let scale = Int(code.dropFirst()) { isDrawing = scale != 0 }
                }
                if block.first == "\\" { pieces.append(.block(block)) }
                rest = rest[rest.index(after: end)...]
            } else {
                run.unicodeScalars.append(scalar)
            }
        }
        flush()
        return pieces
    }

    private static func apply(_ code: Substring, to wanted: inout Set<Character>, usual: Set<Character>) {
        guard let name = code.first else { return }
        let value = code.dropFirst()
        switch name {
        case "i", "b", "u":
            // `\b700` is a weight; `\be` and `\bord` are something else.
            guard value.allSatisfy(\.isNumber) else { return }
            let isOn = value.isEmpty ? usual.contains(name) : value != "0"
            if isOn { wanted.insert(name) } else { wanted.remove(name) }
        case "r": wanted = usual
        default: break
        }
    }

    /// Whether it has anything to read.
    var isEmpty: Bool {
        !pieces.contains { if case .text(let text) = $0 { !text.allSatisfy(\.isWhitespace) } else { false } }
    }

    /// As text of ASS that libav's encoders read: no drawings, no comments, no escapes that they do not know.
    var plain: String {
        pieces.reduce(into: "") { result, piece in
            switch piece {
            case .text(let text): result += text
            case .newLine: result += "\\N"
            case .block(let codes): result += "{\(codes)}"
            }
        }
    }

    /// As text of a WebVTT cue, without empty lines, which would end it.
    ///
    /// - Parameter styles: which of `b`, `i`, `u` the styles of the header turn on, by name.
    func webVTT(styles: [String: Set<Character>]) -> String {
        let usual = styles[style] ?? []
        var wanted = usual
        var open: [Character] = []
        var result = ""
        func tags() {
            // Tags are nested: those above one that ends end with it, and begin again.
            while let last = open.last, !wanted.isSuperset(of: open) {
                open.removeLast()
                result += "</\(last)>"
            }
            for name in ["b", "i", "u"] as [Character] where wanted.contains(name) && !open.contains(name) {
                open.append(name)
                result += "<\(name)>"
            }
        }
        for piece in pieces {
            switch piece {
            case .text(let text):
                tags()
                result += escapedForWebVTT(text)
            case .newLine: if !result.isEmpty, !result.hasSuffix("\n") { result += "\n" }
            case .block(let codes):
                for code in codes.split(separator: "\\") { Self.apply(code, to: &wanted, usual: usual) }
            }
        }
        wanted = []
        tags()
        while result.hasSuffix("\n") { result.removeLast() }
        return result
    }
}

/// Text with what WebVTT would take for markup as entities.
func escapedForWebVTT(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x26, 0x3C, 0x3E, 0xC2].contains($0) }) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\u{A0}": result += "&nbsp;"
        default: result.unicodeScalars.append(scalar)
        }
    }
}

/// Which of `b`, `i`, `u` the styles in a header of ASS turn on, by name.
func dialogueStyles(_ header: String) -> [String: Set<Character>] {
    var styles: [String: Set<Character>] = [:]
    var columns: [String] = []
    var isStyles = false
    for line in header.split(whereSeparator: \.isNewline) {
        if line.hasPrefix("[") { isStyles = line.contains("Styles") }
        guard isStyles, let colon = line.firstIndex(of: ":") else { continue }
        let fields = line[line.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmed }
        if line.hasPrefix("Format") {
            columns = fields
        } else if line.hasPrefix("Style"), let name = columns.firstIndex(of: "Name"), name < fields.count {
            var on: Set<Character> = []
            for (column, letter) in ["Bold": "b", "Italic": "i", "Underline": "u"] as [String: Character] {
                if let place = columns.firstIndex(of: column), place < fields.count, Int(fields[place]) ?? 0 != 0 {
                    on.insert(letter)
                }
            }
            styles[fields[name]] = on
        }
    }
    return styles
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
