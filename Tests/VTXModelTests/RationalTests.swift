import Testing
import VTXModel

@Suite("Fractions")
struct RationalTests {
    @Test(
        "A fraction is kept in lowest terms with a positive denominator",
        arguments: [
            (Rational(50, 2), Rational(25)),
            (Rational(60_000, 2002), Rational(30_000, 1001)),
            (Rational(1, -2), Rational(-1, 2)),
            (Rational(0, 7), Rational(0, 1)),
        ])
    func lowestTerms(given: Rational, expected: Rational) {
        #expect(given == expected)
        #expect(given.numerator == expected.numerator && given.denominator == expected.denominator)
    }

    @Test(
        "Text is read as people and files write it",
        arguments: [
            ("24", Rational(24)),
            ("30000/1001", Rational(30_000, 1001)),
            ("16:9", Rational(16, 9)),
            ("23.976", Rational(24_000, 1001)),
            ("29.97", Rational(30_000, 1001)),
            ("59.94", Rational(60_000, 1001)),
            ("12.5", Rational(25, 2)),
        ])
    func reading(text: String, expected: Rational) {
        #expect(Rational(text) == expected)
    }

    @Test("What is no fraction is not read", arguments: ["", "a", "1/0", "1/2/3", "nan", "inf", "1e12"])
    func notAFraction(text: String) {
        #expect(Rational(text) == nil)
    }

    @Test("Products of large factors stay exact")
    func product() {
        #expect(Rational(30_000, 1001) * Rational(1001, 30_000) == Rational(1))
        #expect(Rational(1, 90_000) / Rational(1, 1_000_000) == Rational(100, 9))
    }

    @Test("Order does not depend on the size of the terms")
    func order() {
        #expect(Rational(30_000, 1001) < Rational(30))
        #expect(Rational(Int64.max, 2) > Rational(Int64.max, 3))
        #expect(Rational(-1, 2) < Rational(1, 3))
    }
}
