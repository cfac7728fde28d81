// BCP 47 language tags in their shortest form, which is the only one that Safari matches (RFC 5646, 2.2.1).

import VTXModel

/// A tag for LANGUAGE from whatever a file or a person calls the language.
///
/// `eng` gives `en`, `ger-at` gives `de-AT`, `pt_BR` gives `pt-BR`, `English` gives `en`. What is no language
/// tag, or says nothing, gives `und`.
package func languageTag(for text: String?) -> String {
    let subtags = (text ?? "").split(
        omittingEmptySubsequences: false, whereSeparator: { $0 == "-" || $0 == "_" })
    if let tag = LanguageTag(text ?? ""), ["x", "i"].contains(tag.primary) { return tag.text }
    guard let first = subtags.first, (2...8).contains(first.count), isLetters(first) else { return "und" }
    let primary = first.lowercased()
    if primary.count > 3 { return LanguageCode(englishName: primary)?.two ?? "und" }
    var tag = [LanguageCode(primary)?.two ?? primary]
    // Script, region and variants, in this order; the tag ends at the first subtag that is none of them.
    var stage = 0
    for (index, subtag) in subtags.enumerated().dropFirst() {
        let isAlphanumeric = subtag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        if tag.count == 1, subtag.count == 3, isLetters(subtag) {
            // A language that its family's code comes before: `zh-yue`.
            tag.append(subtag.lowercased())
        } else if stage < 1, subtag.count == 4, isLetters(subtag) {
            tag.append(subtag.prefix(1).uppercased() + subtag.dropFirst().lowercased())
            stage = 1
        } else if stage < 2, subtag.count == 2 && isLetters(subtag) || subtag.count == 3 && isDigits(subtag) {
            tag.append(subtag.uppercased())
            stage = 2
        } else if isAlphanumeric,
            (5...8).contains(subtag.count) || subtag.count == 4 && subtag.first?.isNumber == true
        {
            tag.append(subtag.lowercased())
            stage = 3
        } else if subtag.count == 1, index + 1 < subtags.count, LanguageTag(text ?? "") != nil {
            // Extensions and private parts go to the end.
            tag += subtags[index...].map { $0.lowercased() }
            break
        } else {
            break
        }
    }
    return tag.joined(separator: "-")
}

/// What people call the language of a tag: its English name, or the tag itself.
func languageName(ofTag tag: String) -> String {
    let parts = tag.split(separator: "-", maxSplits: 1)
    guard let primary = parts.first, let language = LanguageCode(String(primary)) else {
        return tag == "und" ? "Unknown" : tag
    }
    return parts.count == 1 ? language.name : "\(language.name) (\(parts[1]))"
}

private func isLetters(_ text: Substring) -> Bool { text.allSatisfy { $0.isASCII && $0.isLetter } }
private func isDigits(_ text: Substring) -> Bool { text.allSatisfy { $0.isASCII && $0.isNumber } }
