import Testing
import VTXModel

@testable import VTXPackaging

@Suite("Attributes")
struct AttributeTests {
    @Test(
        "Every form has its own quotes and digits",
        arguments: [
            (.quoted("eng/main 1, 2"), "\"eng/main 1, 2\""),
            (.quoted("Größe"), "\"Größe\""),
            (.enumerated("AES-128"), "AES-128"),
            (.decimalInteger(1_280_000), "1280000"),
            (.decimalFloat(Rational(30_000, 1001), digits: 3), "29.970"),
            (.decimalFloat(Rational(24_000, 1001), digits: 3), "23.976"),
            (.decimalFloat(Rational(60_000, 1001), digits: 3), "59.940"),
            (.decimalFloat(Rational(25), digits: 3), "25.000"),
            (.decimalFloat(Rational(1, 2000), digits: 3), "0.001"),
            (.decimalFloat(Rational(5, 2), digits: 0), "3"),
            (.resolution(PixelSize(1920, 1080)), "1920x1080"),
            (.hexadecimal([0x00, 0xAB, 0x0C]), "0x00AB0C"),
        ] as [(AttributeValue, String)])
    func forms(value: AttributeValue, expected: String) throws {
        #expect(try value.render() == expected)
    }

    @Test(
        "What a form cannot hold is an error",
        arguments: [
            .quoted("a\"b"), .quoted("a\nb"), .quoted("a\rb"), .quoted("a\u{0}b"), .quoted("a\u{85}b"),
            .enumerated(""), .enumerated("A B"), .enumerated("A,B"), .enumerated("\"A\""),
            .decimalInteger(-1), .decimalFloat(Rational(-1, 2), digits: 3), .resolution(PixelSize(0, 360)),
            .hexadecimal([]),
        ] as [AttributeValue])
    func refused(value: AttributeValue) {
        #expect(throws: VTXError.self) { try value.render() }
    }

    @Test("Lists keep their order, leave out what is absent, and have no name twice")
    func lists() throws {
        var list = AttributeList()
        list.add("B", .decimalInteger(1))
        list.add("C", nil)
        list.add("A", .quoted(""))
        #expect(try list.render() == "B=1,A=\"\"")
        list.add("B", .decimalInteger(2))
        #expect(throws: VTXError.self) { try list.render() }
    }

    @Test(
        "File names become relative URIs",
        arguments: [
            ("video/seg-00001.m4s", "video/seg-00001.m4s"), ("my film #1.ts", "my%20film%20%231.ts"),
            ("größe.ts", "gr%C3%B6%C3%9Fe.ts"), ("a?b%20", "a%3Fb%2520"),
        ])
    func uris(path: String, expected: String) {
        #expect(relativeURI(forPath: path) == expected)
    }
}
