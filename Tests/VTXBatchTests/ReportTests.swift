// What a batch ends with.

import Testing

@testable import VTXBatch

@Suite("Reports of a batch")
struct ReportTests {
    @Test("A folder that cannot be read is a failure")
    func unreadableFolder() {
        var report = BatchReport(rows: [], skipped: SkipCounts(), elapsed: 0)
        #expect(!report.hasFailures)
        report.unreadable = ["closed: Permission denied"]
        #expect(report.hasFailures)
    }
}
