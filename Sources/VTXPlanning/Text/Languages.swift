// Which codes mean the same language, and which one is written.

import VTXModel

/// The code that stands for all that mean the same language: `de`, `ger` and `de-AT` give `deu`.
///
/// Codes that are not in the table stand for themselves, in lower case.
func canonicalLanguage(_ code: String) -> String {
    let primary = code.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map(String.init)
    guard let primary else { return "und" }
    return LanguageCode(primary)?.three ?? primary
}

/// What to say of a track: three letters for a language alone, as MP4 and Matroska want them, and BCP 47 with a script,
/// region or variant; `nil` for "undetermined" and for what is no language.
func languageTag(_ code: String?) -> String? {
    guard let code, let parsed = LanguageTag(code) else { return nil }
    if parsed.isDetailed { return parsed.primary == "und" ? nil : parsed.text }
    if code.count == 3, code.allSatisfy({ $0.isASCII && $0.isLowercase }) {
        return code == "und" ? nil : code
    }
    let tag = canonicalLanguage(code)
    return tag == "und" ? nil : tag
}

/// The code of a language as a container has it; `nil` for "undetermined" and for what is no language.
func writtenLanguage(_ code: String?, in container: Container?) -> String? {
    guard let tag = languageTag(code) else { return nil }
    guard container?.traits.hasLibraryLanguages ?? false else { return tag }
    return LanguageCode(tag)?.library ?? tag
}
