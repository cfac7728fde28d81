import Testing
import VTXModel
@testable import VTXPlanning

@Suite("Words of the user")
struct SelectionTests {
    @Test(
        "Track choices are read",
        arguments: [
            ("all", .all), ("none", .none), ("auto", .automatic),
            ("eng,2", .some([.language("eng"), .position(2)])),
            ("EN", .some([.language("en")])), ("1, 3", .some([.position(1), .position(3)])),
            ("pt-BR", .some([.language("pt-br")])),
        ] as [(String, TrackSelection)])
    func reading(text: String, expected: TrackSelection) throws {
        #expect(try TrackSelection(parsing: text) == expected)
    }

    @Test(
        "What is no choice of tracks is refused", arguments: ["", "0", "-1", "english", "1,,2", "e1", "1.5"])
    func notAChoice(text: String) {
        #expect(throws: VTXError.self) { try TrackSelection(parsing: text) }
    }

    @Test(
        "Codes of the same language are the same",
        arguments: [
            ("en", "eng"), ("de", "ger"), ("deu", "ger"), ("fr", "fre"), ("fra", "FRE"), ("zh-Hans", "chi"),
            ("xyz", "xyz"),
        ])
    func languages(a: String, b: String) {
        #expect(canonicalLanguage(a) == canonicalLanguage(b))
    }

    @Test(
        "Languages are written with three letters, and with script and region where they have any",
        arguments: [
            ("en", "eng"), ("ger", "ger"), ("de-AT", "de-AT"), ("zh-hant", "zh-Hant"), ("../../x", nil), ("und", nil),
            ("", nil), (nil, nil),
        ] as [(String?, String?)])
    func tags(code: String?, expected: String?) {
        #expect(languageTag(code) == expected)
    }
}
