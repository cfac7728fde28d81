import Testing
import VTXModel

@Suite("Language tags")
struct LanguageTagTests {
    @Test(
        "A tag is written in the usual case",
        arguments: [
            ("pt-br", "pt-BR"), ("PT_BR", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("sr-LATN", "sr-Latn"),
            ("es-419", "es-419"), ("de-ch-1996", "de-CH-1996"), ("EN-X-CLEAR", "en-x-clear"), ("yue", "yue"),
            ("X-Klingon", "x-klingon"), ("zh-cmn-hans-cn", "zh-cmn-Hans-CN"), ("en-u-ca-gregory", "en-u-ca-gregory"),
            ("", nil), ("e", nil), ("12", nil), ("en--US", nil), ("../../x", nil), ("en/US", nil), ("x", nil),
            ("en-waytoolongpart", nil), ("pt-B R", nil),
        ] as [(String, String?)])
    func text(written: String, expected: String?) {
        #expect(LanguageTag(written)?.text == expected)
    }

    @Test(
        "What comes before a colon is a tag if it is one",
        arguments: [
            ("pt-BR:s.srt", "pt-BR", "s.srt"), ("fra:a:b.srt", "fra", "a:b.srt"),
            ("x-klingon:s.srt", "x-klingon", "s.srt"),
            ("zh-Hant-TW:/a/s.srt", "zh-Hant-TW", "/a/s.srt"), ("s.srt", nil, "s.srt"),
            ("movie:1.srt", nil, "movie:1.srt"),
            ("./en:s.srt", nil, "./en:s.srt"), ("e:s.srt", nil, "e:s.srt"),
        ] as [(String, String?, String)])
    func prefix(argument: String, tag: String?, rest: String) {
        let found = LanguageTag.prefix(of: argument)
        #expect(found.tag?.text == tag)
        #expect(found.rest == rest)
    }

    @Test("Directories are named after the language alone")
    func names() {
        #expect(TrackLabel(language: "pt-BR").nameSuffix == "-por")
        #expect(TrackLabel(language: "deu").nameSuffix == "-deu")
        #expect(TrackLabel(language: "x-klingon").nameSuffix.isEmpty)
        #expect(TrackLabel(language: "../../etc").nameSuffix.isEmpty)
        #expect(TrackLabel().nameSuffix.isEmpty)
    }
}
