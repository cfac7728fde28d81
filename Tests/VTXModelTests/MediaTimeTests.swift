import Testing
import VTXModel

@Suite("Times")
struct MediaTimeTests {
    @Test(
        "Rescaling rounds to the nearest tick, halves away from zero",
        arguments: [
            (1, Rational(1, 2), Rational(1), 1),
            (-1, Rational(1, 2), Rational(1), -1),
            (1, Rational(1, 3), Rational(1), 0),
            (1001, Rational(1, 30_000), Rational(1, 90_000), 3003),
            (1, Rational(1, 90_000), Rational(1, 1_000_000), 11),
            (-25, Rational(1, 25), Rational(1, 1000), -1000),
        ] as [(Int64, Rational, Rational, Int64)])
    func rescaling(ticks: Int64, from: Rational, to: Rational, expected: Int64) {
        #expect(rescale(ticks, from: from, to: to) == expected)
    }

    @Test("Rescaling saturates instead of overflowing")
    func saturation() {
        #expect(rescale(.max, from: Rational(1), to: Rational(1, 1000)) == .max)
        #expect(rescale(.min, from: Rational(1), to: Rational(1, 1000)) == .min)
    }

    @Test("Times in different units compare exactly")
    func comparison() {
        let third = MediaTime(1, Rational(1, 3))
        let nearly = MediaTime(333_333, MediaTime.microsecond)
        #expect(nearly < third)
        #expect(!(third < nearly))
    }

    @Test("Sums and differences keep the unit of the left side")
    func sums() {
        let a = MediaTime(100, Rational(1, 1000))
        let b = MediaTime(9000, Rational(1, 90_000))
        #expect(a + b == MediaTime(200, Rational(1, 1000)))
        #expect(a - b == MediaTime(0, Rational(1, 1000)))
    }

    @Test(
        "Clock time and seconds are read to the microsecond",
        arguments: [
            ("90", 90_000_000), ("90.5", 90_500_000), ("1:30", 90_000_000), ("1:02:03.5", 3_723_500_000),
            ("0.000001", 1), ("-1", -1_000_000),
        ] as [(String, Int64)])
    func clock(text: String, micros: Int64) {
        #expect(MediaTime(clock: text) == MediaTime(micros, MediaTime.microsecond))
    }

    @Test("What is no time is not read", arguments: ["", "a", "1:2:3:4", "1:", "1.", "1.x", "1:-2", "--1"])
    func notATime(text: String) {
        #expect(MediaTime(clock: text) == nil)
    }

    @Test(
        "Times are printed with milliseconds",
        arguments: [
            (0, "0:00:00.000"), (3_723_500_000, "1:02:03.500"), (-1_500_000, "-0:00:01.500"),
            (499, "0:00:00.000"),
        ] as [(Int64, String)])
    func printing(micros: Int64, expected: String) {
        #expect(MediaTime(micros, MediaTime.microsecond).description == expected)
    }
}
