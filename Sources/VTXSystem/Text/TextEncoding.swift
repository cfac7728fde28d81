// Encodings of text: which one some bytes are in, and the same text in UTF-8.

import CLinux
import Glibc

/// An encoding of text, by iconv's name.
package struct TextEncoding: Hashable, Sendable {
    /// As iconv knows it: `WINDOWS-1252`.
    package let name: String

    package static let utf8 = TextEncoding(name: "UTF-8")

    private init(name: String) { self.name = name }

    /// The encoding of a name in upper or lower case, such as `cp1252`; `nil` if this system has none of that name.
    package init?(named name: String) {
        // iconv takes suffixes that drop what it cannot convert.
        guard !name.isEmpty, !name.contains("/"), vtx_text_is_encoding(name) != 0 else { return nil }
        self.init(name: name.uppercased())
    }

    /// Whether it writes a character of ASCII as more than one byte.
    package var isWide: Bool {
        ["UTF-16", "UTF-32", "UCS-2", "UCS-4", "UTF16", "UTF32"].contains(where: name.hasPrefix)
    }

    /// What the first bytes of a file say, and how many bytes say it.
    package static func byteOrderMark(_ bytes: some Collection<UInt8>) -> (encoding: TextEncoding, size: Int)? {
        let start = Array(bytes.prefix(4))
        let marks: [([UInt8], String)] = [
            ([0xEF, 0xBB, 0xBF], "UTF-8"), ([0xFF, 0xFE, 0, 0], "UTF-32LE"), ([0, 0, 0xFE, 0xFF], "UTF-32BE"),
            ([0xFF, 0xFE], "UTF-16LE"), ([0xFE, 0xFF], "UTF-16BE"),
        ]
        return marks.first { start.starts(with: $0.0) }.map { (TextEncoding(name: $0.1), $0.0.count) }
    }

    /// UTF-16 without a byte order mark: nearly half of the bytes of most subtitles are 0, all on the same side.
    package static func wide(_ bytes: some Collection<UInt8>) -> TextEncoding? {
        var zeros = (even: 0, odd: 0)
        var count = 0
        for byte in bytes.prefix(1 << 16) {
            if byte == 0 { if count % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 } }
            count += 1
        }
        // Half of the digits, colons and line ends of subtitles in any script.
        guard count >= 16 else { return nil }
        if zeros.odd * 5 > count, zeros.even * 50 < count { return TextEncoding(name: "UTF-16LE") }
        if zeros.even * 5 > count, zeros.odd * 50 < count { return TextEncoding(name: "UTF-16BE") }
        return nil
    }

    /// What a detector of encodings finds.
    package enum Detection: Hashable, Sendable {
        case found(TextEncoding)
        /// It is like nothing that the detector knows.
        case nothing
        /// The detector is not installed.
        case noDetector
    }

    /// The likeliest encoding of text that is not UTF-8.
    package static func detect(_ bytes: [UInt8]) -> Detection {
        var name = [CChar](repeating: 0, count: 64)
        let code = bytes.withUnsafeBytes {
            vtx_text_detect($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &name)
        }
        guard code >= 0 else { return .noDetector }
        let found = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).uppercased()
        // What browsers do: nobody writes the control characters that ISO 8859 has where Windows has quotes and dashes.
        let usual = ["ISO-8859-1": "WINDOWS-1252", "ISO-8859-9": "WINDOWS-1254", "ASCII": "WINDOWS-1252"]
        let likeliest = usual[found] ?? found
        guard code > 0, likeliest != "UTF-8", let encoding = TextEncoding(named: likeliest) else { return .nothing }
        return .found(encoding)
    }

    /// Bytes that mean nothing in an encoding.
    package struct Failure: Error, Hashable {
        /// How many bytes come before them.
        package var offset: Int
    }

    /// The text in UTF-8.
    ///
    /// - Throws: if there are bytes that mean nothing.
    package func decode(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        if self == .utf8 {
            guard let offset = firstInvalidUTF8(bytes) else { return bytes }
            throw Failure(offset: offset)
        }
        var text: UnsafeMutablePointer<CChar>?
        var (length, read) = (0, 0)
        let code = bytes.withUnsafeBytes {
            vtx_text_decode(name, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &text, &length, &read)
        }
        defer { free(text) }
        guard code == 0, let text else { throw Failure(offset: read) }
        return UnsafeRawBufferPointer(start: text, count: length).map { $0 }
    }
}

/// Where bytes stop being UTF-8; `nil` if all of them are.
package func firstInvalidUTF8(_ bytes: some Collection<UInt8>) -> Int? {
    var decoder = Unicode.UTF8.ForwardParser()
    var source = bytes.makeIterator()
    var offset = 0
    while true {
        switch decoder.parseScalar(from: &source) {
        case .valid(let scalar): offset += scalar.count
        case .error: return offset
        case .emptyInput: return nil
        }
    }
}
