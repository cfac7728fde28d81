// Which rate timestamps show.

import Testing
import VTXModel

@testable import VTXPipeline

@Suite("frame timing")
struct FrameTimingTests {
    static let rates = [
        Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(30), Rational(50),
        Rational(60000, 1001), Rational(60), Rational(12), Rational(15), Rational(25, 2), Rational(120),
    ]

    /// Times of frames, rounded to ticks.
    private func times(_ seconds: [Double], _ base: Rational) -> [Int64] {
        seconds.map { Int64(($0 / base.value).rounded()) }
    }

    private func steady(_ rate: Rational, _ count: Int, from start: Double = 0) -> [Double] {
        (0..<count).map { start + Double($0) / rate.value }
    }

    @Test(
        "A constant rate is told exactly from rounded timestamps, in any order",
        arguments: rates, [Rational(1, 1000), Rational(1, 90_000), Rational(1, 12_800), Rational(1, 1_000_000)])
    func constant(rate: Rational, base: Rational) throws {
        for count in [72, 240] {
            // Three seconds tell 30 from 29.97 in milliseconds, less does not.
            let count = max(count, Int(rate.value * 3))
            let one = Array(times(steady(rate, count, from: 1.4), base).reversed())
            let other = times(steady(rate, 64, from: 50), base)
            let timing = try #require(FrameTiming([one, other], base: base, hint: nil))
            #expect(!timing.isVariable && timing.rate == rate, "\(timing)")
        }
    }

    @Test(
        "Frames that are near, of others that stand for seconds, make no high rate",
        arguments: [
            [0, 0.01, 4, 11, 13, 18], [0, 4, 4.01, 11, 13, 18, 24, 27], [0, 0.01, 3, 3.01, 9, 9.01, 11, 11.01],
            [0, 5, 12, 15, 15.01],
        ])
    func slides(seconds: [Double]) throws {
        let timing = try #require(FrameTiming([times(seconds, Rational(1, 1000))], base: Rational(1, 1000), hint: nil))
        #expect(timing.isVariable && timing.rate <= Rational(30), "\(timing)")
    }

    @Test("A rate of the file's own that does not fit is not used", arguments: [Rational(48), Rational(1000)])
    func wrongHint(hint: Rational) throws {
        let base = Rational(1, 1000)
        let timing = try #require(FrameTiming([times(steady(Rational(25), 100), base)], base: base, hint: hint))
        #expect(!timing.isVariable && timing.rate == Rational(25), "\(timing)")
    }

    @Test("Times at the ends of the range of numbers are left out")
    func hostile() throws {
        let base = Rational(1, 1000)
        let odd = [Int64.min, .max, .min + 1] + times(steady(Rational(25), 100), base)
        let timing = try #require(FrameTiming([odd, [.min, .max]], base: base, hint: nil))
        #expect(timing.rate == Rational(25), "\(timing)")
        #expect(FrameTiming([[.min, .max, 0]], base: base, hint: nil) == nil)
    }

    @Test("The file's own rate decides between those that fit", arguments: [Rational(30), Rational(30000, 1001)])
    func hint(rate: Rational) throws {
        let short = times(steady(rate, 12), Rational(1, 1000))
        #expect(try #require(FrameTiming([short], base: Rational(1, 1000), hint: rate)).rate == rate)
    }

    @Test("A rate that nobody uses is taken as it is")
    func odd() throws {
        let timing = try #require(
            FrameTiming([times(steady(Rational(17), 100), Rational(1, 1000))], base: Rational(1, 1000), hint: nil))
        #expect(!timing.isVariable && timing.rate == Rational(17))
    }

    @Test("One frame that is longer or shorter spoils no rate", arguments: [0, 1, 30, 98], [0.023, 0.5, 3, -0.02])
    func single(place: Int, excess: Double) throws {
        var seconds = steady(Rational(25), 100)
        for index in seconds.indices where index > place { seconds[index] += excess }
        let timing = try #require(
            FrameTiming([times(seconds, Rational(1, 12_800))], base: Rational(1, 12_800), hint: nil))
        #expect(!timing.isVariable && timing.rate == Rational(25), "\(timing)")
    }

    @Test("Ticks as long as a frame do not hide that one is missing")
    func coarse() throws {
        let all = (0..<100).map(Int64.init)
        #expect(try #require(FrameTiming([all], base: Rational(1, 25), hint: nil)).isVariable == false)
        let most = all.filter { $0 % 7 != 3 }
        let timing = try #require(FrameTiming([most], base: Rational(1, 25), hint: nil))
        #expect(timing.isVariable && timing.rate == Rational(25))
    }

    @Test("Other lengths, at one place or from place to place, are a variable rate")
    func variable() throws {
        let base = Rational(1, 1000)
        let (film, video) = (steady(Rational(24), 60), steady(Rational(30), 60, from: 2.5))
        let joined = try #require(FrameTiming([times(film + video, base)], base: base, hint: nil))
        #expect(joined.isVariable)
        let places = [times(steady(Rational(25), 240), base), times(steady(Rational(24), 64, from: 60), base)]
        #expect(try #require(FrameTiming(places, base: base, hint: nil)).isVariable)
        let trembling = (0..<120).map { Double($0) / 30 + 0.012 * [0, 1, -1, 0.5, -0.7][$0 % 5] }
        let phone = try #require(FrameTiming([times(trembling, base)], base: base, hint: nil))
        #expect(phone.isVariable && phone.rate == Rational(30), "\(phone)")
        // A recorder of a screen: nothing new most of the time, and then 60 frames a second.
        var screen: [Double] = []
        for second in 0..<10 { screen += steady(Rational(60), second < 5 ? 40 : 2, from: Double(second)) }
        let recorded = try #require(FrameTiming([times(screen, base)], base: base, hint: nil))
        #expect(recorded.isVariable && recorded.rate == Rational(60), "\(recorded)")
    }

    @Test("Film that is shown for two and three fields in turn has the rate of film", arguments: [0, 1])
    func pulldown(first: Int) throws {
        var ticks: Int64 = 0
        var all: [Int64] = []
        for index in 0..<60 {
            all.append(ticks)
            ticks += (index + first) % 2 == 0 ? 3003 : 4504
        }
        let timing = try #require(FrameTiming([all], base: Rational(1, 90_000), hint: Rational(30000, 1001)))
        #expect(timing.isVariable && timing.rate == Rational(24000, 1001), "\(timing)")
    }

    @Test(
        "So it has in milliseconds", arguments: [Rational(24000, 1001), Rational(24)], [0, 6, 17])
    func pulldownInMilliseconds(rate: Rational, start: Int) throws {
        let field = 2 / (5 * rate.value)
        var (time, all) = (Double(start) / 1000, [Double]())
        for index in 0..<144 {
            all.append(time)
            time += field * (index % 2 == 0 ? 3 : 2)
        }
        let timing = try #require(
            FrameTiming([times(all, Rational(1, 1000))], base: Rational(1, 1000), hint: Rational(30000, 1001)))
        #expect(timing.isVariable && timing.rate == rate, "\(timing)")
    }

    @Test("Too few frames tell nothing")
    func few() {
        #expect(FrameTiming([], base: Rational(1, 1000), hint: nil) == nil)
        #expect(FrameTiming([[0, 40]], base: Rational(1, 1000), hint: nil) == nil)
        #expect(FrameTiming([[7, 7, 7, 7]], base: Rational(1, 1000), hint: nil) == nil)
    }
}
