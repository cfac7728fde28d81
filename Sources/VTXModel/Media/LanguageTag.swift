// Language tags of BCP 47 (RFC 5646): a language, and its script, region and variants.

/// A well-formed language tag.
public struct LanguageTag: Hashable, Sendable {
    /// The language in lower case: `pt`, `deu`; `x` for private tags.
    public let primary: String
    /// All of it, in the usual case of each part: `zh-Hant-TW`.
    public let text: String

    /// - Parameter text: with `-` or `_` between its parts, in any case; `nil` if it is not well-formed.
    public init?(_ text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }
        func isWord(_ part: Substring) -> Bool {
            (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        func isLetters(_ part: Substring) -> Bool { part.allSatisfy { $0.isASCII && $0.isLetter } }
        guard let first = parts.first, parts.allSatisfy(isWord), parts.count <= 16 else { return nil }
        primary = first.lowercased()
        let isPrivate = ["x", "i"].contains(primary)
        guard isPrivate ? parts.count > 1 : (2...8).contains(first.count) && isLetters(first) else { return nil }
        var words = [primary]
        var isExtension = isPrivate
        for part in parts.dropFirst() {
            // After a single letter come extensions, in lower case.
            if part.count == 1 { isExtension = true }
            switch part.count {
            case 4 where !isExtension && isLetters(part):
                words.append(part.prefix(1).uppercased() + part.dropFirst().lowercased())
            case 2 where !isExtension: words.append(part.uppercased())
            default: words.append(part.lowercased())
            }
        }
        self.text = words.joined(separator: "-")
    }

    /// Whether it says more than the language.
    public var isDetailed: Bool { text != primary }

    /// ISO 639-2 for the language alone, `mul` and `und` among it; `nil` if there is none of three letters.
    public var threeLetters: String? { LanguageCode(primary)?.three ?? (primary.count == 3 ? primary : nil) }

    /// Reads `LANGUAGE:REST`.
    ///
    /// - Returns: no tag if there is none before the first colon; names of two or three letters and what belongs to
    ///   them are tags, other words are not.
    public static func prefix(of text: String) -> (tag: LanguageTag?, rest: String) {
        guard let colon = text.firstIndex(of: ":"), let tag = LanguageTag(String(text[..<colon])),
            tag.primary.count <= 3
        else { return (nil, text) }
        return (tag, String(text[text.index(after: colon)...]))
    }
}
