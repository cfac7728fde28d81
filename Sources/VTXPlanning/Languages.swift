// Language codes: two letters, three letters, and the three-letter pairs that mean the same.
//
// ISO 639-2 has two codes for some languages (`ger` for libraries, `deu` for their own speakers). Files use both.

/// ISO 639-1, ISO 639-2/T and, where it differs, ISO 639-2/B.
private let table: [(two: String, three: String, library: String?)] = [
    ("af", "afr", nil), ("sq", "sqi", "alb"), ("am", "amh", nil), ("ar", "ara", nil), ("hy", "hye", "arm"),
    ("az", "aze", nil), ("eu", "eus", "baq"), ("be", "bel", nil), ("bn", "ben", nil), ("bs", "bos", nil),
    ("bg", "bul", nil), ("my", "mya", "bur"), ("ca", "cat", nil), ("zh", "zho", "chi"), ("hr", "hrv", nil),
    ("cs", "ces", "cze"), ("da", "dan", nil), ("nl", "nld", "dut"), ("en", "eng", nil), ("eo", "epo", nil),
    ("et", "est", nil), ("fo", "fao", nil), ("fi", "fin", nil), ("fr", "fra", "fre"), ("gl", "glg", nil),
    ("ka", "kat", "geo"), ("de", "deu", "ger"), ("el", "ell", "gre"), ("gu", "guj", nil), ("ha", "hau", nil),
    ("he", "heb", nil), ("hi", "hin", nil), ("hu", "hun", nil), ("is", "isl", "ice"), ("ig", "ibo", nil),
    ("id", "ind", nil), ("ga", "gle", nil), ("it", "ita", nil), ("ja", "jpn", nil), ("jv", "jav", nil),
    ("kn", "kan", nil), ("kk", "kaz", nil), ("km", "khm", nil), ("ko", "kor", nil), ("ku", "kur", nil),
    ("ky", "kir", nil), ("lo", "lao", nil), ("la", "lat", nil), ("lv", "lav", nil), ("lt", "lit", nil),
    ("lb", "ltz", nil), ("mk", "mkd", "mac"), ("ms", "msa", "may"), ("ml", "mal", nil), ("mt", "mlt", nil),
    ("mi", "mri", "mao"), ("mr", "mar", nil), ("mn", "mon", nil), ("ne", "nep", nil), ("no", "nor", nil),
    ("nb", "nob", nil), ("nn", "nno", nil), ("pa", "pan", nil), ("fa", "fas", "per"), ("pl", "pol", nil),
    ("ps", "pus", nil), ("pt", "por", nil), ("ro", "ron", "rum"), ("ru", "rus", nil), ("sr", "srp", nil),
    ("si", "sin", nil), ("sk", "slk", "slo"), ("sl", "slv", nil), ("so", "som", nil), ("es", "spa", nil),
    ("sw", "swa", nil), ("sv", "swe", nil), ("tl", "tgl", nil), ("tg", "tgk", nil), ("ta", "tam", nil),
    ("te", "tel", nil), ("th", "tha", nil), ("bo", "bod", "tib"), ("tr", "tur", nil), ("tk", "tuk", nil),
    ("uk", "ukr", nil), ("ur", "urd", nil), ("uz", "uzb", nil), ("vi", "vie", nil), ("cy", "cym", "wel"),
    ("xh", "xho", nil), ("yi", "yid", nil), ("yo", "yor", nil), ("zu", "zul", nil),
]

private let canonical: [String: String] = {
    var codes: [String: String] = [:]
    for entry in table {
        codes[entry.two] = entry.three
        codes[entry.three] = entry.three
        if let library = entry.library { codes[library] = entry.three }
    }
    return codes
}()

/// The code that stands for all that mean the same language: `de`, `ger` and `de-AT` give `deu`.
///
/// Codes that are not in the table stand for themselves, in lower case.
func canonicalLanguage(_ code: String) -> String {
    let primary = code.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map(String.init)
    guard let primary else { return "und" }
    return canonical[primary] ?? primary
}

/// What to write into a file: three letters, as MP4 and Matroska want them; `nil` for "undetermined".
func languageTag(_ code: String?) -> String? {
    guard let code, !code.isEmpty else { return nil }
    if code.count == 3, code.allSatisfy({ $0.isASCII && $0.isLowercase }) {
        return code == "und" ? nil : code
    }
    let tag = canonicalLanguage(code)
    return tag == "und" ? nil : tag
}
