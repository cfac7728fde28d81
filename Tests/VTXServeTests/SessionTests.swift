// What player pages report: checked, written, summed up.

import Testing

@testable import VTXServe

@Suite("Sessions")
struct SessionTests {
    private let body = """
        {"session":"0123abcd-9","events":[
        {"type":"start","position":0,"engine":"hls.js 1.6.15"},
        {"type":"startup","position":0,"milliseconds":480},
        {"type":"switch","position":12.5,"from":"1080p","to":"360p","from_bandwidth":7000000,"to_bandwidth":900000,"is_manual":false},
        {"type":"stall","position":20,"seconds":2},
        {"type":"progress","position":30,"watched":30,"stalled":2,"average_bit_rate":3000000,"dropped":4}]}
        """

    @Test("A report becomes lines, and lines become a summary")
    func summary() throws {
        let report = try #require(SessionReport(parsing: body.utf8))
        let lines = report.lines(package: "/source/", time: "2026-01-01T00:00:00.000Z")
        var summaries = SessionSummaries()
        for line in lines.split(separator: UInt8(ascii: "\n")) { summaries.add(line: line) }
        summaries.add(line: "rubbish".utf8)
        #expect(summaries.unreadable == 1)
        let session = try #require(summaries.sessions.first)
        #expect(summaries.sessions.count == 1)
        #expect(session.session == "0123abcd-9" && session.package == "/source/")
        #expect(session.startup == 480 && session.switches == 1 && session.stalls == 1 && session.errors == 0)
        #expect(session.averageBitRate == 3_000_000 && session.dropped == 4)
        #expect(session.rebufferingRatio == 2.0 / 32)
    }

    @Test("Sums that come late or twice take nothing back")
    func lateness() {
        var session = SessionSummary(session: "s", package: "/", began: "")
        session.add(SessionEvent(type: .end, watched: 50, stalled: 1, averageBitRate: 2e6))
        session.add(SessionEvent(type: .progress, watched: 40, stalled: 0, averageBitRate: 9e6))
        #expect(session.watched == 50 && session.stalled == 1 && session.averageBitRate == 2e6)
        #expect(SessionSummary(session: "s", package: "/", began: "").rebufferingRatio == nil)
    }

    @Test("A stall that has not ended is one, and is not counted again when it ends")
    func openStall() {
        var session = SessionSummary(session: "s", package: "/", began: "")
        session.add(SessionEvent(type: .progress, watched: 10, stalled: 5, stalls: 1))
        #expect(session.stalls == 1)
        session.add(SessionEvent(type: .stall, seconds: 9))
        #expect(session.stalls == 1)
        session.add(SessionEvent(type: .stall, seconds: 1))
        #expect(session.stalls == 2)
    }

    @Test("All sessions together are weighted by time")
    func total() {
        var one = SessionSummary(session: "1", package: "/", began: "")
        (one.startup, one.watched, one.averageBitRate, one.switches) = (100, 30, 1e6, 2)
        var two = one
        (two.startup, two.watched, two.stalled, two.averageBitRate) = (900, 10, 10, 5e6)
        let all = SessionSummary(of: [one, two])
        #expect(all.watched == 40 && all.switches == 4 && all.averageBitRate == 2e6)
        #expect(all.rebufferingRatio == 0.2)
    }

    @Test(
        "What no page of ours sends is refused",
        arguments: [
            "", "{}", "[]", #"{"session":"short","events":[]}"#, #"{"session":"0123 abcd","events":[]}"#,
            #"{"session":"0123abcd","events":[{"type":"other"}]}"#,
            #"{"session":"0123abcd","events":[{"type":"stall","seconds":-1}]}"#,
            #"{"session":"0123abcd","events":[{"type":"stall","seconds":1e300}]}"#,
            #"{"session":"0123abcd\n","events":[]}"#,
            #"{"session":"0123abcd","events":[{"type":"error","message":"\#(String(repeating: "x", count: 400))"}]}"#,
        ])
    func refusals(text: String) { #expect(SessionReport(parsing: text.utf8) == nil) }

    @Test("Text from a page cannot begin a line of its own")
    func lines() throws {
        let text = #"{"session":"0123abcd","events":[{"type":"error","message":"a\n{\"type\":\"end\"}"}]}"#
        let lines = try #require(SessionReport(parsing: text.utf8)).lines(package: "/a\n/", time: "t")
        #expect(lines.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    }
}
