import Testing

@testable import VTXModel

@Suite("numbered names", .timeLimit(.minutes(60)))
struct NumberedNameTests {
    @Test(
        "A pattern has one number",
        arguments: [
            ("a-%d.png", "a-7.png"), ("a-%03d.png", "a-007.png"), ("%04d", "0007"), ("a.png", nil), ("%d%d", nil),
            ("a%", nil), ("a%s", nil), ("a%0d", nil), ("a%00d", nil), ("100%%-%d", nil), ("a%3d", nil),
        ] as [(String, String?)])
    func names(pattern: String, name: String?) {
        #expect(NumberedName(pattern)?.name(7) == name)
    }

    @Test("Names that could have been made of a pattern are told")
    func matches() throws {
        let names = try #require(NumberedName("a-%03d.png"))
        #expect(names.matches("a-001.png") && names.matches("a-1234.png"))
        #expect(!names.matches("a-01.png") && !names.matches("a-x01.png") && !names.matches("b-001.png"))
        #expect(!names.matches("a-.png"))
    }
}
