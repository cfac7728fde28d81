// The results of a batch as a table for people.

import VTXCommandLine
import VTXBatch
import VTXModel

/// One row per file, failures last, then a line with the totals.
func batchTable(_ report: BatchReport) -> [String] {
    let rows = report.rows.filter { !$0.result.isFailure } + report.rows.filter(\.result.isFailure)
    let cells = rows.map { row in
        [
            row.source.shownOnOneLine, resultText(row.result), bytesText(row.sourceSize),
            row.outcome.map { bytesText($0.size) } ?? "",
            row.outcome?.elapsed.map { "\(decimal($0, 1)) s" } ?? "",
            row.outcome?.speed.map { "\(decimal($0, 2))x" } ?? "", whyText(row),
        ].map(plain)
    }
    return aligned([["file", "result", "before", "after", "time", "speed", "why"]] + cells).map(trimmed)
        + [batchTotals(report)]
}

/// `41 done, 4 failed; 51.2 MB → 30.1 MB in 0:03:10; skipped 2 hidden, 1 non-media file`
func batchTotals(_ report: BatchReport) -> String {
    let counts = BatchRow.Result.allCases.map { ($0, report.count($0)) }.filter { $0.1 > 0 }
    var parts = [
        counts.isEmpty ? "nothing to do" : counts.map { "\($0.1) \(resultText($0.0))" }.joined(separator: ", ")
    ]
    let made = report.rows.filter { $0.result == .done }
    if !made.isEmpty {
        let before = made.reduce(0) { $0 + $1.sourceSize }
        let after = made.reduce(0) { $0 + ($1.outcome?.size ?? 0) }
        parts.append("\(bytesText(before)) → \(bytesText(after)) in \(timeText(report.elapsed))")
    }
    let skipped = skippedText(report.skipped)
    if !skipped.isEmpty { parts.append("skipped \(skipped)") }
    return parts.joined(separator: "; ")
}

/// `26 s`, `0:03:10`.
private func timeText(_ seconds: Double) -> String {
    seconds < 60 ? "\(decimal(seconds, seconds < 10 ? 1 : 0)) s" : clockText(seconds)
}

/// `2 hidden, 1 non-media file`; empty if nothing was skipped.
func skippedText(_ counts: SkipCounts) -> String {
    let media = counts.noMedia == 1 ? "non-media file" : "non-media files"
    return [
        (counts.hidden, "hidden"), (counts.excluded, "excluded"), (counts.tooDeep, "too deep"), (counts.links, "links"),
        (counts.special, "special"), (counts.noMedia, media),
        (counts.packaged, counts.packaged == 1 ? "part of a package" : "parts of packages"),
        (counts.unfinished, "unfinished"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
}

func resultText(_ result: BatchRow.Result) -> String {
    switch result {
    case .done, .unchanged, .failed: result.rawValue
    case .failedBefore: "failed before"
    }
}

private func whyText(_ row: BatchRow) -> String {
    if let failure = row.failure { return failure.reason }
    let warnings = row.outcome?.warnings ?? []
    return warnings.isEmpty ? "" : warnings.joined(separator: "; ")
}

/// A dry run: one row per file, then the totals.
func planTable(_ items: [PlannedItem], _ estimate: BatchEstimate) -> [String] {
    let cells = items.sorted { $0.source < $1.source }.map { item in
        [
            item.source.shownOnOneLine, (item.output ?? "").shownOnOneLine,
            item.standing == .failedBefore ? "failed before" : item.standing.rawValue,
            bytesText(item.sourceSize), item.plan?.estimatedSize.map { "~\(bytesText($0))" } ?? "",
            item.duration.map(clockText) ?? "?", item.failure?.reason ?? item.plan?.summary ?? "",
        ].map(plain)
    }
    let time =
        estimate.elapsed.map { "about \(clockText($0)) at the speed of earlier files" }
        ?? "time estimate after the first file"
    return aligned([["file", "output", "state", "before", "after", "length", "plan"]] + cells).map(trimmed) + [
        "\(estimate.items) to do: \(bytesText(estimate.sourceBytes)), \(clockText(estimate.duration)) of media, "
            + "to about \(bytesText(estimate.outputBytes)); \(time)"
    ]
}

/// File names may hold anything; none of it may start a new line or move the cursor.
private func plain(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : $0 }))
}

private func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
}
