// Conditional requests, in the order of RFC 9110, 13.2.2.

import Testing

@testable import VTXServe

@Suite("Conditions")
struct ConditionTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private let file = Validators(tag: #""a-1""#, modified: 784_111_777)

    @Test(
        "Validators decide between proceeding, 304 and 412",
        arguments: [
            (Conditions(), Conditions.Verdict.proceed),
            (Conditions(ifNoneMatch: #""a-1""#), .notModified),
            (Conditions(ifNoneMatch: #"W/"a-1""#), .notModified),
            (Conditions(ifNoneMatch: #""x" , "a-1""#), .notModified),
            (Conditions(ifNoneMatch: "*"), .notModified),
            (Conditions(ifNoneMatch: #""a-2""#), .proceed),
            (Conditions(ifModifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"), .notModified),
            (Conditions(ifModifiedSince: "Sun, 06 Nov 1994 08:49:36 GMT"), .proceed),
            (Conditions(ifModifiedSince: "yesterday"), .proceed),
            // A tag that differs wins over a time that does not.
            (Conditions(ifNoneMatch: #""a-2""#, ifModifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"), .proceed),
            (Conditions(ifMatch: #""a-1""#), .proceed),
            (Conditions(ifMatch: "*"), .proceed),
            (Conditions(ifMatch: #""a-2""#), .failed),
            // Weak tags never match strongly.
            (Conditions(ifMatch: #"W/"a-1""#), .failed),
            (Conditions(ifUnmodifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"), .proceed),
            (Conditions(ifUnmodifiedSince: "Sun, 06 Nov 1994 08:49:36 GMT"), .failed),
            (Conditions(ifMatch: #""a-1""#, ifUnmodifiedSince: "Sun, 06 Nov 1994 08:49:36 GMT"), .proceed),
        ])
    func verdicts(conditions: Conditions, expected: Conditions.Verdict) {
        #expect(conditions.verdict(on: file) == expected)
    }

    @Test(
        "A range counts only for the same file",
        arguments: [
            (nil, 784_111_800, true),
            (#""a-1""#, 784_111_800, true),
            (#"W/"a-1""#, 784_111_800, false),
            (#""a-2""#, 784_111_800, false),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_800, true),
            // Younger than a second: it may change again without its time changing.
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777, false),
            ("Sun, 06 Nov 1994 08:49:38 GMT", 784_111_800, false),
            ("rubbish", 784_111_800, false),
        ] as [(String?, Int, Bool)])
    func ranges(header: String?, now: Int, expected: Bool) {
        #expect(Conditions(ifRange: header).allowsRange(of: file, now: now) == expected)
    }

    @Test("Dates are written and read as in RFC 9110, 5.6.7")
    func dates() {
        #expect(httpDate(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        for time in [0, 951_827_696, 784_111_777, 4_102_444_799] { #expect(parseHTTPDate(httpDate(time)) == time) }
        let wrong = ["", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT"]
        for text in wrong { #expect(parseHTTPDate(text) == nil) }
    }
}
