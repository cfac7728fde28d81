// Range headers, by the examples of RFC 9110, 14.1.2, and what clients get wrong.

import Testing

@testable import VTXServe

@Suite("Ranges")
struct RangeTests {
    @Test(
        "A single range becomes a part, nothing to understand becomes the whole",
        arguments: [
            (nil, RangeRequest.whole),
            ("bytes=0-499", .part(0..<500)),
            ("bytes=500-999", .part(500..<1000)),
            ("bytes=-500", .part(9500..<10000)),
            ("bytes=9500-", .part(9500..<10000)),
            ("bytes=0-0", .part(0..<1)),
            ("bytes=0-99999", .part(0..<10000)),
            ("bytes=-99999", .part(0..<10000)),
            ("Bytes=1-2", .part(1..<3)),
            ("bytes=9999-9999", .part(9999..<10000)),
            ("bytes=0-99999999999999999999", .part(0..<10000)),
            ("bytes=10000-", .unsatisfiable),
            ("bytes=10000-10001", .unsatisfiable),
            ("bytes=99999999999999999999-", .unsatisfiable),
            ("bytes=-0", .unsatisfiable),
            // Several ranges may be answered with everything.
            ("bytes=0-0,-1", .whole),
            ("items=0-5", .whole),
            ("bytes=5-4", .whole),
            ("bytes=", .whole),
            ("bytes=-", .whole),
            ("bytes=a-b", .whole),
            ("bytes=1", .whole),
            ("bytes=+1-2", .whole),
            ("bytes=1--2", .whole),
            ("bytes 0-5", .whole),
        ] as [(String?, RangeRequest)])
    func parsing(header: String?, expected: RangeRequest) {
        #expect(RangeRequest(header, size: 10_000) == expected)
    }

    @Test("Nothing of an empty file can be asked for", arguments: ["bytes=0-", "bytes=0-0", "bytes=-1"])
    func empty(header: String) {
        #expect(RangeRequest(header, size: 0) == .unsatisfiable)
    }
}
