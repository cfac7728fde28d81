// Names of files as text, without losing a byte (decision 0061).
//
// To Linux a name is bytes, and not all names are UTF-8. A byte that is no part of a character becomes a code point of
// its own, from U+10FE80 for 0x80 to U+10FEFF for 0xFF: the end of the last private-use plane. Where text is handed to
// the system it becomes that byte again. A name that has such a code point itself has its bytes escaped too, so that
// each name has exactly one text, and each text one name.

private let firstEscape: UInt32 = 0x10FE00
private let escapes: ClosedRange<UInt32> = 0x10FE80...0x10FEFF

extension String {
    /// The text of a name.
    package init(nameBytes bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        if let text = String(validating: bytes, as: UTF8.self), !text.hasEscapes {
            self = text
            return
        }
        var scalars = String.UnicodeScalarView()
        var rest = bytes[...]
        while let byte = rest.first {
            if let scalar = firstScalar(of: rest), !escapes.contains(scalar.value) {
                scalars.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            } else {
                if let escape = Unicode.Scalar(firstEscape + UInt32(byte)) { scalars.append(escape) }
                rest = rest.dropFirst()
            }
        }
        self = String(scalars)
    }

    /// The text of a name that ends with a zero.
    package init(cName name: UnsafePointer<CChar>) {
        var count = 0
        while name[count] != 0 { count += 1 }
        self.init(nameBytes: UnsafeRawBufferPointer(start: name, count: count))
    }

    /// The bytes of the name that this is the text of.
    package var nameBytes: [UInt8] {
        guard hasEscapes else { return Array(utf8) }
        return unicodeScalars.flatMap { scalar in
            escapes.contains(scalar.value) ? [UInt8(scalar.value - firstEscape)] : Array(UTF8.encode(scalar)!)
        }
    }

    /// Calls a function with the bytes of the name, and a zero after them.
    package func withCName<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = ContiguousArray((nameBytes + [0]).map(CChar.init(bitPattern:)))
        // What libraries keep of it must be a copy in any case.
        return try bytes.withUnsafeBufferPointer { bytes in
            Swift.Result { () throws(Failure) in try body(bytes.baseAddress!) }
        }.get()
    }

    /// The same for people: `\xE9` for a byte that is no text.
    package var shown: String {
        guard hasEscapes else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if escapes.contains(scalar.value) {
                text += "\\x" + String(scalar.value - firstEscape, radix: 16, uppercase: true)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// One line for a terminal: control characters, which names and libav's words may hold, become question marks.
    package var shownOnOneLine: String {
        String(
            String.UnicodeScalarView(
                shown.unicodeScalars.map { scalar in
                    scalar.value < 32 || (127..<160).contains(scalar.value) ? "?" : scalar
                }))
    }

    /// The lines of a library's message as one, without what they are indented by.
    package var joinedLines: String {
        split { $0.isNewline }.map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// U+10FE80 to U+10FEFF are F4 8F BA 80 to F4 8F BB BF in UTF-8.
    private var hasEscapes: Bool {
        utf8.contains(0xF4) && unicodeScalars.contains { escapes.contains($0.value) }
    }
}

/// The character that bytes begin with; `nil` if they begin with none.
private func firstScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let first = bytes.first else { return nil }
    let width = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard bytes.count >= width, let text = String(validating: bytes.prefix(width), as: UTF8.self) else { return nil }
    return text.unicodeScalars.first
}
