// Shows a running batch: a line for each running item and one for all, or lines of JSON.

import VTXCommandLine
import VTXModel
import VTXBatch
import VTXSystem

final class BatchDisplay {
    private let json: JSONLines?
    private let isQuiet: Bool
    private var live = LiveLines()
    private var lastLine = now()
    private var lastJSON = 0.0
    private var planned: [PlannedItem] = []
    /// Seconds between plain lines, and between lines of JSON.
    private static let plainInterval = 5.0
    private static let jsonInterval = 1.0

    init(json: JSONLines?, isQuiet: Bool) {
        self.json = json
        self.isQuiet = isQuiet
    }

    private var saysMuch: Bool { !isQuiet && json == nil }

    func show(_ event: BatchEvent) {
        switch event {
        case .found(let items, let skipped, let unreadable):
            json?.write("found", FoundLine(items: items, skipped: skipped, unreadable: unreadable))
            // What is left out for this is a failure: --quiet does not hide it.
            for folder in unreadable { say { Terminal.warn("cannot read \(folder)") } }
            guard !isQuiet else { return }
            guard json == nil else { return }
            let left = skippedText(skipped)
            say { Terminal.note(counted(items, "file") + (left.isEmpty ? "" : "; skipped \(left)")) }
        case .planned(let item):
            json?.write("planned", item)
            planned.append(item)
        case .started(let source, let output):
            json?.write("started", StartedLine(source: source, output: output))
        case .progress(let progress): update(progress)
        case .finished(let row):
            json?.write("item", ItemLine(row))
            guard saysMuch else { return }
            if row.result == .done || row.result == .failed { say { Terminal.note(line(row)) } }
        case .warning(let text):
            guard !isQuiet else { return }
            say { Terminal.warn(text.commandLineText) }
        case .idle:
            json?.write("idle", IdleLine())
            guard saysMuch else { return }
            say { Terminal.note("watching for new files") }
        }
    }

    /// Writes between the lines that stay at the bottom.
    private func say(_ body: () -> Void) {
        clear()
        body()
    }

    private func line(_ row: BatchRow) -> String {
        if let failure = row.failure { return "failed  \(row.source): \(failure.reason)" }
        let sizes = "\(bytesText(row.sourceSize)) → \(row.outcome.map { bytesText($0.size) } ?? "?")"
        let speed = row.outcome?.speed.map { ", \(decimal($0, 2))x" } ?? ""
        return "done    \(row.source) → \(row.output ?? ""): \(sizes)\(speed)"
    }

    private func update(_ state: BatchProgress) {
        if let json {
            guard now() - lastJSON >= Self.jsonInterval else { return }
            lastJSON = now()
            return json.write("progress", ProgressLine(state))
        }
        guard !isQuiet else { return }
        if Terminal.isInteractive {
            let columns = Terminal.columns - 1
            let lines = state.running.map { itemLine($0, columns: columns) } + [total(state)]
            Terminal.write(live.draw(lines, columns: Terminal.columns, rows: Terminal.rows))
        } else if now() - lastLine >= Self.plainInterval {
            lastLine = now()
            Terminal.note(total(state))
        }
    }

    func clear() { Terminal.write(live.clear(columns: Terminal.columns)) }

    private func itemLine(_ item: RunningItem, columns: Int) -> String {
        let percent = item.fraction.map { "\(decimal($0 * 100, 0))%" } ?? "..."
        let end = "  \(percent)  \(item.speed.map { "\(decimal($0, 2))x" } ?? "")  \(clockText(item.elapsed))"
        let room = max(10, columns - end.count)
        let shown = item.source.shownOnOneLine
        let name = shown.columns <= room ? shown : "…" + shown.suffix(columns: room - 1)
        return name + end
    }

    private func total(_ state: BatchProgress) -> String {
        let all = state.done + state.unchanged + state.failed + state.waiting + state.running.count
        var parts = ["\(state.done + state.unchanged + state.failed) of \(all)"]
        if state.failed > 0 { parts.append("\(state.failed) failed") }
        parts.append("\(decimal(state.fraction * 100, 1))%")
        parts.append(clockText(state.elapsed))
        parts.append(state.eta.map { "ETA \(clockText($0))" } ?? "ETA after the first file")
        return parts.joined(separator: "  ")
    }

    /// The end of a batch.
    func finish(_ report: BatchReport) {
        clear()
        if let json {
            json.write("summary", SummaryLine(report))
        } else {
            Terminal.result(batchTable(report))
        }
    }

    /// The end of a dry run.
    func finish(_ estimate: BatchEstimate) {
        clear()
        if let json {
            json.write("estimate", EstimateLine(estimate))
        } else {
            Terminal.result(planTable(planned, estimate))
        }
    }
}
