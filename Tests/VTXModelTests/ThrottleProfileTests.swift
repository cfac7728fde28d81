// Throttle profiles: how they are written, and when bytes have passed.

import Testing

@testable import VTXModel

@Suite("Throttle profiles")
struct ThrottleProfileTests {
    @Test(
        "Profiles have rates at times",
        arguments: [
            ("800k", 0, 800_000), ("800k", 1e6, 800_000), ("5M:20s,800k:20s,3M", 0, 5e6),
            ("5M:20s,800k:20s,3M", 19.9, 5e6),
            ("5M:20s,800k:20s,3M", 20, 8e5), ("5M:20s,800k:20s,3M", 40, 3e6), ("1.5M:2,0:1.5,2g", 3, 0),
            ("96000", 5, 96_000),
        ])
    func rates(text: String, time: Double, rate: Double) throws {
        #expect(try #require(ThrottleProfile(text)).rate(at: time) == rate)
    }

    @Test(
        "What is no profile is none",
        arguments: [
            "", "fast", "-1M", "1e6", "5M:20s", "5M,3M", "5M:0s,3M", "5M:-1s,3M", "5M:20s,", "0", "5M:20s,0", "10",
            "1:2:3", "inf",
            "nan", "5 M", "5M:20m,3M", ".5M", "1.2.3M",
        ])
    func refusals(text: String) { #expect(ThrottleProfile(text) == nil) }

    @Test(
        "Bytes pass at the rates of the steps they cross",
        arguments: [
            ("800k", 100_000, 0, 1), ("800k", 100_000, 7, 8),
            // One second at 800 kb/s, the second half of the bytes at 400.
            ("800k:1s,400k", 200_000, 0, 3), ("800k:1s,400k", 200_000, 5, 9),
            // Nothing passes for ten seconds.
            ("800k:1s,0:10s,800k", 200_000, 0, 12), ("8M", 0, 3, 3),
        ])
    func passing(text: String, bytes: Int, from: Double, end: Double) throws {
        #expect(abs(try #require(ThrottleProfile(text)).end(of: bytes, from: from) - end) < 1e-9)
    }
}
