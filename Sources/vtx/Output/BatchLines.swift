// The lines of `vtx batch --json` (docs/json-output.md).

import VTXBatch
import VTXModel

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

/// How far the batch is.
struct ProgressLine: Encodable {
    /// A running item.
    struct Item: Encodable {
        let source: String
        let fraction: Double?
        let speed: Double?
        let elapsed: Double
    }

    let running: [Item]
    let waiting: Int
    let done: Int
    let unchanged: Int
    let failed: Int
    let elapsed: Double
    let fraction: Double
    let percent: Double
    let speed: Double?
    let eta: Double?

    init(_ state: BatchProgress) {
        running = state.running.map {
            Item(
                source: $0.source, fraction: $0.fraction?.rounded(places: 5), speed: $0.speed?.rounded(places: 3),
                elapsed: $0.elapsed.rounded(places: 3))
        }
        waiting = state.waiting
        done = state.done
        unchanged = state.unchanged
        failed = state.failed
        elapsed = state.elapsed.rounded(places: 3)
        fraction = state.fraction.rounded(places: 5)
        percent = (state.fraction * 100).rounded(places: 3)
        speed = state.speed?.rounded(places: 3)
        eta = state.eta?.rounded(places: 3)
    }
}

/// The totals of a dry run.
struct EstimateLine: Encodable {
    let items: Int
    let failures: Int
    let sourceBytes: Int64
    let outputBytes: Int64
    let duration: Double
    let elapsed: Double?

    init(_ estimate: BatchEstimate) {
        items = estimate.items
        failures = estimate.failures
        sourceBytes = estimate.sourceBytes
        outputBytes = estimate.outputBytes
        duration = estimate.duration.rounded(places: 6)
        elapsed = estimate.elapsed?.rounded(places: 3)
    }
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
        source = row.source
        output = row.output
        result = row.result
        failure = row.failure
        sourceSize = row.sourceSize
        size = row.outcome?.size
        duration = row.duration
        elapsed = row.outcome?.elapsed
        speed = row.outcome?.speed?.rounded(places: 3)
        cpu = row.outcome?.cpu?.rounded(places: 3)
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
        elapsed = report.elapsed.rounded(places: 3)
        wasCutShort = report.wasCutShort
    }
}
