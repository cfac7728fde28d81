// The report of `vtx serve --report` for people.

import VTXCommandLine
import VTXServe

/// A line for each session under a heading; the last one is about all of them.
func sessionTable(_ sessions: [SessionSummary]) -> [String] {
    func row(_ cells: [String], _ name: String) -> String {
        zip(cells, [9, 9, 9, 8, 7, 7, 7]).map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }
            .joined(separator: "  ") + "  " + name
    }
    func line(_ session: SessionSummary, _ name: String) -> String {
        row(
            [
                session.startup.map { "\(decimal($0 / 1000, 2)) s" } ?? "-", "\(decimal(session.watched, 1)) s",
                session.averageBitRate.map { "\(decimal($0 / 1000, 0))k" } ?? "-", "\(session.switches)",
                "\(session.stalls)", session.rebufferingRatio.map { "\(decimal($0 * 100, 1)) %" } ?? "-",
                "\(session.errors)",
            ], name)
    }
    var lines = [row(["startup", "watched", "bit rate", "switches", "stalls", "stalled", "errors"], "session")]
    lines += sessions.map { line($0, "\($0.began) \($0.package) \($0.session)") }
    guard sessions.count > 1 else { return lines }
    return lines + [line(SessionSummary(of: sessions), "all \(sessions.count), median startup")]
}
