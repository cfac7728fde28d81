// Languages as the fields of containers have them.

import VTXModel

/// ISO 639-2 for libraries, as Matroska and QuickTime want it: `chi`, `por`.
func bibliographicLanguage(_ tag: LanguageTag) -> String {
    LanguageCode(tag.primary)?.library ?? tag.threeLetters ?? "und"
}

/// A language without its script and region, for fields of three letters.
func shortLanguage(_ language: String) -> String {
    guard let tag = LanguageTag(language), tag.isDetailed else { return language }
    return tag.threeLetters ?? "und"
}
