// The state of a batch as Prometheus reads it, in version 0.0.4 of its text format.

/// Counts that grow with the events of a batch.
package struct BatchMetrics: Hashable, Sendable {
    /// Upper ends of the classes of running times, in seconds.
    static let classes: [Double] = [1, 5, 15, 60, 300, 900, 3600, 14_400]

    private var finished: [BatchRow.Result: Int] = [:]
    private var running = 0
    private var waiting = 0
    private var speed = 0.0
    private var seconds: [Int] = Array(repeating: 0, count: BatchMetrics.classes.count + 1)
    private var totalSeconds = 0.0
    private var cpuSeconds = 0.0
    private var mediaSeconds = 0.0
    private var sourceBytes: Int64 = 0
    private var outputBytes: Int64 = 0
    private var errors: [String: Int] = [:]
    private var skipped = SkipCounts()
    /// Notifications that were delivered.
    package var deliveredNotices = 0
    /// Notifications that were given up.
    package var failedNotices = 0
    private let version: String

    /// Nothing has happened yet.
    ///
    /// - Parameter version: of vtx.
    package init(version: String) { self.version = version }

    /// Counts an event.
    package mutating func take(_ event: BatchEvent) {
        switch event {
        case .found(_, let skipped, _): self.skipped = skipped
        case .progress(let state):
            running = state.running.count
            waiting = state.waiting
            speed = state.running.reduce(0) { $0 + ($1.speed ?? 0) }
        case .idle:
            running = 0
            waiting = 0
            speed = 0
        case .finished(let row): take(row)
        case .started, .planned, .warning: break
        }
    }

    private mutating func take(_ row: BatchRow) {
        finished[row.result, default: 0] += 1
        if row.result == .failed { errors[row.failure?.kind.rawValue ?? "internal", default: 0] += 1 }
        guard row.result == .done, let outcome = row.outcome else { return }
        sourceBytes += row.sourceSize
        outputBytes += outcome.size
        cpuSeconds += outcome.cpu ?? 0
        mediaSeconds += outcome.duration ?? 0
        if let elapsed = outcome.elapsed {
            totalSeconds += elapsed
            seconds[Self.classes.firstIndex { elapsed <= $0 } ?? Self.classes.count] += 1
        }
    }

    /// The page that Prometheus reads.
    package var text: String {
        var lines: [String] = []
        func metric(_ name: String, _ kind: String, _ help: String, _ values: [(labels: String, value: String)]) {
            lines.append("# HELP \(name) \(help)")
            lines.append("# TYPE \(name) \(kind)")
            lines += values.map { "\(name)\($0.labels) \($0.value)" }
        }
        func one(_ name: String, _ kind: String, _ help: String, _ value: String) {
            metric(name, kind, help, [("", value)])
        }
        metric("vtx_build_info", "gauge", "Version of vtx.", [("{version=\"\(version)\"}", "1")])
        let states: [(String, Int)] =
            [("running", running), ("waiting", waiting)]
            + BatchRow.Result.allCases.map { ($0.rawValue, finished[$0] ?? 0) }
        metric(
            "vtx_batch_items", "gauge", "Items by state.", states.map { ("{state=\"\($0.0)\"}", "\($0.1)") })
        one("vtx_batch_queue_depth", "gauge", "Items in the queue.", "\(waiting)")
        one("vtx_batch_speed", "gauge", "Seconds of media per second, of all running items together.", number(speed))
        one("vtx_batch_source_bytes_total", "counter", "Bytes of the sources of finished items.", "\(sourceBytes)")
        one("vtx_batch_output_bytes_total", "counter", "Bytes of the outputs that were made.", "\(outputBytes)")
        one("vtx_batch_media_seconds_total", "counter", "Seconds of media that were made.", number(mediaSeconds))
        one("vtx_batch_cpu_seconds_total", "counter", "Seconds of CPU that items took.", number(cpuSeconds))
        metric(
            "vtx_batch_errors_total", "counter", "Items that failed, by kind of error.",
            errors.sorted { $0.key < $1.key }.map { ("{kind=\"\($0.key)\"}", "\($0.value)") })
        metric(
            "vtx_batch_skipped_files", "gauge", "Files and folders that were skipped, by reason.",
            [
                ("hidden", skipped.hidden), ("excluded", skipped.excluded), ("too_deep", skipped.tooDeep),
                ("link", skipped.links), ("special", skipped.special), ("no_media", skipped.noMedia),
                ("packaged", skipped.packaged), ("unfinished", skipped.unfinished),
            ].map { ("{reason=\"\($0.0)\"}", "\($0.1)") })
        metric(
            "vtx_batch_notifications_total", "counter", "Notifications, by result.",
            [("{result=\"delivered\"}", "\(deliveredNotices)"), ("{result=\"failed\"}", "\(failedNotices)")])
        lines += histogram
        return lines.joined(separator: "\n") + "\n"
    }

    private var histogram: [String] {
        let name = "vtx_batch_item_seconds"
        var lines = ["# HELP \(name) Seconds that finished items took.", "# TYPE \(name) histogram"]
        var sum = 0
        for (index, count) in seconds.enumerated() {
            sum += count
            let end = index < Self.classes.count ? number(Self.classes[index]) : "+Inf"
            lines.append("\(name)_bucket{le=\"\(end)\"} \(sum)")
        }
        return lines + ["\(name)_sum \(number(totalSeconds))", "\(name)_count \(sum)"]
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
