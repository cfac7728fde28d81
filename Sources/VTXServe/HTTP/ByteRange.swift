// Which part of a file a Range header asks for (RFC 9110, 14).

/// What a Range header comes to for a file of a known size.
enum RangeRequest: Hashable, Sendable {
    /// No header, one that is not understood, or several ranges: the whole file, as RFC 9110 allows.
    case whole
    /// Offsets of bytes.
    case part(Range<Int>)
    /// Nothing of the file lies in it: 416.
    case unsatisfiable

    /// - Parameters:
    ///   - header: the field's value.
    ///   - size: bytes of the file.
    init(_ header: String?, size: Int) {
        self = .whole
        guard let header else { return }
        let parts = header.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes", !parts[1].contains(",") else { return }
        let text = parts[1].drop { $0 == " " || $0 == "\t" }
        guard let dash = text.firstIndex(of: "-") else { return }
        let first = text[..<dash]
        let last = text[text.index(after: dash)...]
        if first.isEmpty {
            guard let count = Self.number(last) else { return }
            // Of an empty file nothing can be named in a Content-Range.
            if count == 0 || size == 0 {
                self = .unsatisfiable
            } else {
                self = .part(max(0, size - count)..<size)
            }
            return
        }
        guard let begin = Self.number(first) else { return }
        var end = size
        if !last.isEmpty {
            guard let inclusive = Self.number(last), inclusive >= begin else { return }
            end = inclusive >= size ? size : inclusive + 1
        }
        self = begin < size ? .part(begin..<end) : .unsatisfiable
    }

    /// Digits alone; what is larger than any file counts as the largest number there is.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text) ?? Int.max
    }
}
