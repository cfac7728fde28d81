// A text file in UTF-8, and how it was read.

package import VTXModel

/// The text of a file, whatever its encoding was.
package struct DecodedText: Sendable {
    /// In UTF-8, lines end in `\n`; no byte order mark and no NUL.
    package var text: String
    /// What it was in.
    package var encoding: TextEncoding
    /// How that is known.
    package var evidence: Evidence

    /// How an encoding is known.
    package enum Evidence: Hashable, Sendable {
        case byteOrderMark, utf8, given, detected
    }

    /// Decodes a file: a byte order mark says what it is, else it is UTF-8 if that is valid, else what is given or
    /// detected.
    ///
    /// - Parameters:
    ///   - path: for messages.
    ///   - given: what to use for text that is not UTF-8; `nil`: what is detected.
    /// - Throws: `.badMedia` with the line that is not text.
    package init(_ bytes: [UInt8], path: String, given: TextEncoding?) throws(VTXError) {
        let (encoding, evidence, mark) = try Self.choose(bytes, path: path, given: given)
        let decoded: [UInt8]
        do throws(TextEncoding.Failure) {
            decoded = try encoding.decode(mark == 0 ? bytes : Array(bytes.dropFirst(mark)))
        } catch {
            let line = bytes.prefix(error.offset + mark).count { $0 == 0x0A } + 1
            throw VTXError(
                .badMedia, "cannot read \(path)", cause: "line \(line) is not text in \(encoding.name)",
                remedy: .set(.subtitleEncoding, to: "NAME"))
        }
        text = Self.normalized(decoded)
        self.encoding = encoding
        self.evidence = evidence
    }

    private static func choose(
        _ bytes: [UInt8], path: String, given: TextEncoding?
    ) throws(VTXError) -> (TextEncoding, Evidence, mark: Int) {
        if let mark = TextEncoding.byteOrderMark(bytes) { return (mark.encoding, .byteOrderMark, mark.size) }
        let hasZeros = bytes.contains(0)
        if let given, given.isWide == hasZeros, hasZeros || bytes.allSatisfy({ $0 < 0x80 }) {
            return (given, .given, 0)
        }
        if hasZeros, let wide = TextEncoding.wide(bytes) { return (wide, .detected, 0) }
        guard let offset = firstInvalidUTF8(bytes) ?? firstShift(bytes) else { return (.utf8, .utf8, 0) }
        if let given { return (given, .given, 0) }
        let line = bytes.prefix(offset).count { $0 == 0x0A } + 1
        switch TextEncoding.detect(bytes) {
        case .found(let encoding): return (encoding, .detected, 0)
        case .nothing:
            throw VTXError(
                .badMedia, "cannot read \(path)",
                cause: "line \(line) is not UTF-8, and the encoding is not recognized",
                remedy: .set(.subtitleEncoding, to: "NAME"))
        case .noDetector:
            throw VTXError(
                .unavailable, "cannot read \(path)",
                cause: "line \(line) is not UTF-8, and libuchardet, which detects encodings, is not installed",
                remedy: .anyOf([.set(.subtitleEncoding, to: "NAME"), "install libuchardet0"]))
        }
    }

    /// Where text in seven bits changes over to Japanese, Chinese or Korean (ISO 2022).
    private static func firstShift(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropLast().first { bytes[$0] == 0x1B && bytes[$0 + 1] == 0x24 }
    }

    private static func normalized(_ bytes: [UInt8]) -> String {
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var previous: UInt8 = 0
        for byte in bytes {
            defer { previous = byte }
            if byte == 0x0A, previous == 0x0D { continue }
            if byte != 0 { clean.append(byte == 0x0D ? 0x0A : byte) }
        }
        // The end of the file, to DOS.
        while clean.last == 0x1A { clean.removeLast() }
        return String(decoding: clean, as: UTF8.self)
    }
}
