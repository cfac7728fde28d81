// From the target of a request to names of files, and nothing but names.

import VTXModel

/// The path of a request, decoded.
struct RequestPath: Hashable, Sendable {
    /// File names: none is empty, hidden (a dot in front), or has a slash in it.
    var names: [String]
    /// Whether it ends with a slash, or is nothing but one.
    var isDirectory: Bool

    /// What is wrong with a path.
    enum Refusal: Hashable, Error {
        /// No path, or one that leads elsewhere: `..`, encoded slashes.
        case malformed
        /// A name that is never served.
        case hidden
    }

    init(names: [String], isDirectory: Bool) {
        self.names = names
        self.isDirectory = isDirectory
    }

    /// - Parameter raw: percent-encoded, without a query.
    init(parsing raw: some StringProtocol) throws(Refusal) {
        guard raw.hasPrefix("/") else { throw .malformed }
        var parts = raw.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        isDirectory = parts.last?.isEmpty ?? true
        if isDirectory, !parts.isEmpty { parts.removeLast() }
        names = []
        var isHidden = false
        for part in parts {
            guard let name = percentDecoded(part), !name.isEmpty, name != ".", name != "..",
                !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
            else { throw .malformed }
            isHidden = isHidden || hasDotInFront(name)
            names.append(name)
        }
        if isHidden { throw .hidden }
    }

    /// Percent-encoded, with a slash in front.
    var encoded: String {
        names.map { "/" + percentEncoded($0) }.joined() + (isDirectory || names.isEmpty ? "/" : "")
    }
}

/// Whether a file name is a hidden one. By bytes: to Swift a dot and a combining mark are one character, and no dot.
func hasDotInFront(_ name: String) -> Bool { name.utf8.first == UInt8(ascii: ".") }

/// The text of a name; `nil` if an escape is cut off.
func percentDecoded(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
            return nil
        }
        bytes.append(high << 4 | low)
    }
    return String(nameBytes: bytes)
}

/// All but the unreserved characters of RFC 3986, 2.3.
func percentEncoded(_ text: String) -> String {
    var result = ""
    for byte in text.nameBytes {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            result += "%" + (digits.utf8.count == 1 ? "0" + digits : digits)
        }
    }
    return result
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}
