// The lines of `vtx batch --json` (docs/json-output.md).

import VTXBatch

/// The source directory was walked.
struct FoundLine: Encodable {
    let items: Int
    let skipped: SkipCounts
    let unreadable: [String]
}

/// A worker has begun with a file.
struct StartedLine: Encodable {
    let source: String
    let output: String
}

/// Nothing is left to do for now.
struct IdleLine: Encodable {}

/// A finished item. The same goes to `--notify`.
struct ItemLine: Encodable {
    let source: String
    let output: String?
    let result: BatchRow.Result
    let failure: BatchFailure?
    let sourceSize: Int64
    let size: Int64?
    let duration: Double?
    let elapsed: Double?
    let speed: Double?
    let cpu: Double?
    let memory: Int64?
    let warnings: [String]

    init(_ row: BatchRow) {
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        source = row.source
        output = row.output
        result = row.result
        failure = row.failure
        sourceSize = row.sourceSize
        size = row.outcome?.size
        duration = row.duration
        elapsed = row.outcome?.elapsed
        speed = row.outcome?.speed.map(rounded)
        cpu = row.outcome?.cpu.map(rounded)
        memory = row.outcome?.memory
        warnings = row.outcome?.warnings ?? []
    }
}

/// The end of a batch. The same goes to `--notify`.
struct SummaryLine: Encodable {
    let done: Int
    let unchanged: Int
    let failed: Int
    let failedBefore: Int
    let skipped: SkipCounts
    let sourceBytes: Int64
    let outputBytes: Int64
    let elapsed: Double
    let wasCutShort: Bool

    init(_ report: BatchReport) {
        done = report.count(.done)
        unchanged = report.count(.unchanged)
        failed = report.count(.failed)
        failedBefore = report.count(.failedBefore)
        skipped = report.skipped
        let made = report.rows.filter { $0.result == .done }
        sourceBytes = made.reduce(0) { $0 + $1.sourceSize }
        outputBytes = made.reduce(0) { $0 + ($1.outcome?.size ?? 0) }
        elapsed = (report.elapsed * 1000).rounded() / 1000
        wasCutShort = report.wasCutShort
    }
}
