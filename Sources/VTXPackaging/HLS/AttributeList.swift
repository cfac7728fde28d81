// Attribute lists of playlist tags (RFC 8216, 4.2), typed, so that no value gets the wrong quotes.

import VTXBitstream
package import VTXModel

/// The value of one attribute, in one of the forms that the format knows.
package enum AttributeValue: Hashable, Sendable {
    case quoted(String)
    /// A word without quotes, commas or white space: `YES`, `AES-128`.
    case enumerated(String)
    case decimalInteger(Int64)
    /// Rounded to `digits` decimals, halves up, and printed with all of them.
    case decimalFloat(Rational, digits: Int)
    case resolution(PixelSize)
    case hexadecimal([UInt8])
}

extension AttributeValue {
    /// - Throws: `.internal` if the value cannot be written in its form.
    package func render() throws(VTXError) -> String {
        switch self {
        case .quoted(let text):
            guard !text.unicodeScalars.contains(where: { $0 == "\"" || isControl($0) }) else {
                throw unwritable("a quoted string", text)
            }
            return "\"\(text)\""
        case .enumerated(let word):
            let isWord = word.unicodeScalars.allSatisfy {
                $0.isASCII && !isControl($0) && $0 != " " && $0 != "," && $0 != "\""
            }
            guard isWord, !word.isEmpty else { throw unwritable("an enumerated word", word) }
            return word
        case .decimalInteger(let value):
            guard value >= 0 else { throw unwritable("an integer", "\(value)") }
            return "\(value)"
        case .decimalFloat(let value, let digits):
            guard value.numerator >= 0, (0...6).contains(digits) else {
                throw unwritable("a decimal", "\(value)")
            }
            return decimal(value, digits: digits)
        case .resolution(let size):
            guard size.width > 0, size.height > 0 else { throw unwritable("a resolution", "\(size)") }
            return "\(size)"
        case .hexadecimal(let bytes):
            guard !bytes.isEmpty else { throw unwritable("a hexadecimal sequence", "nothing") }
            return "0x" + bytes.map { hex(UInt32($0), 2).uppercased() }.joined()
        }
    }
}

/// The attributes of one tag, in the order they are written.
package struct AttributeList: Hashable, Sendable {
    private var entries: [Entry] = []

    private struct Entry: Hashable {
        var name: String
        var value: AttributeValue
    }

    package init() {}

    /// Leaves the attribute out if `value` is `nil`.
    package mutating func add(_ name: String, _ value: AttributeValue?) {
        if let value { entries.append(Entry(name: name, value: value)) }
    }

    /// - Throws: `.internal` if a value cannot be written, or a name stands twice.
    package func render() throws(VTXError) -> String {
        var parts: [String] = []
        var names: Set<String> = []
        for entry in entries {
            guard names.insert(entry.name).inserted else {
                throw unwritable("a second attribute", entry.name)
            }
            parts.append("\(entry.name)=\(try entry.value.render())")
        }
        return parts.joined(separator: ",")
    }
}

/// A file name as a relative URI: what is no unreserved character is percent-encoded, `/` is kept.
package func relativeURI(forPath path: String) -> String {
    var uri = ""
    for byte in path.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
            uri.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            uri += "%" + hex(UInt32(byte), 2).uppercased()
        }
    }
    return uri
}

/// A URI as it may stand in a playlist.
///
/// - Throws: `.internal` if it holds a character that a URI does not, or would be read as a tag.
func checkedURI(_ uri: String) throws(VTXError) -> String {
    let isClean = uri.unicodeScalars.allSatisfy {
        (0x21...0x7E).contains($0.value) && !"\"<>\\^`{|}".unicodeScalars.contains($0)
    }
    guard isClean, !uri.isEmpty, !uri.hasPrefix("#") else { throw unwritable("a URI", uri) }
    return uri
}

func unwritable(_ form: String, _ text: String) -> VTXError {
    VTXError(.internal, "a playlist cannot be written", cause: "'\(text)' is not valid as \(form)")
}

/// Control characters of ASCII and Latin-1: none may stand in a playlist.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
}

/// A value of zero or more, rounded to `digits` decimals with halves up.
private func decimal(_ value: Rational, digits: Int) -> String {
    let unit = (0..<digits).reduce(Int64(1)) { product, _ in product * 10 }
    let scaled = rescale(value.numerator, from: Rational(1, value.denominator), to: Rational(1, unit))
    return digits == 0 ? "\(scaled)" : "\(scaled / unit).\(padded(scaled % unit, digits))"
}
