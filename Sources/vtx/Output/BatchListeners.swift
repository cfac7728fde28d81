// Who else learns of a batch: Prometheus, and a web server.

import Glibc
import Synchronization
import VTXBatch
import VTXCommandLine
import VTXKit
import VTXModel

/// `--metrics` and `--notify`.
final class BatchListeners {
    private let metrics = Shared(BatchMetrics(version: BuildInfo.version))
    private var server: MetricsServer?
    private let port: Int?
    private let notifier: Notifier?
    private let failures = Shared<[String]>([])
    private let json = JSONLines()
    private var warn: (Message) -> Void = { _ in }

    /// Seconds that messages get after the last item.
    private static let patience = 60.0
    /// The same after a signal.
    private static let shortPatience = 3.0

    /// - Parameter answers: `nil`: for nobody.
    /// - Throws: `.usage`, `.noInput`, `.unavailable` for `--notify`.
    init(_ answers: AnswerArguments?) throws(VTXError) {
        port = answers?.metrics
        guard let answers, let url = answers.notify else {
            // What is started later gets no key.
            unsetenv(AnswerArguments.secretVariable)
            notifier = nil
            return
        }
        let (metrics, failures) = (metrics, failures)
        notifier = try Notifier(url: url, secret: try answers.secret()) { outcome in
            switch outcome {
            case .delivered: metrics.with { $0.deliveredNotices += 1 }
            case .failed(let reason):
                metrics.with { $0.failedNotices += 1 }
                failures.with { $0.append(reason) }
            }
        }
    }

    /// - Parameter warn: shows a line to people; called by `take` and `finish`.
    /// - Throws: `.cannotCreate` if the port is taken, `.unavailable` without vtx-server.
    func start(warn: @escaping (Message) -> Void) throws(VTXError) {
        self.warn = warn
        guard let port else { return }
        server = try MetricsServer(port: port)
        showMetrics()
    }

    private func showMetrics() {
        guard let server, !server.show(metrics.with { $0.text }) else { return }
        self.server = nil
        warn("metrics are no longer served: vtx-server has ended")
    }

    func take(_ event: BatchEvent) {
        metrics.with { $0.take(event) }
        if case .finished(let row) = event, row.result == .done || row.result == .failed,
            let body = json.line("item", ItemLine(row))
        {
            notifier?.send(body)
        }
        sayFailures()
        showMetrics()
    }

    /// The end: the summary is sent too, and what waits is given a minute.
    ///
    /// - Parameter report: `nil` if the batch was ended before its end: no summary, and a few seconds.
    func finish(_ report: BatchReport?) {
        guard let notifier else { return }
        if let report, let body = json.line("summary", SummaryLine(report)) { notifier.send(body) }
        let patience = report == nil ? Self.shortPatience : Self.patience
        let lost = notifier.finish(within: patience)
        sayFailures()
        if lost > 0 { warn("gave up on \(lost) messages to --notify after \(Int(patience)) s") }
    }

    private func sayFailures() {
        let reasons = failures.with { list in
            defer { list = [] }
            return list
        }
        for reason in reasons { warn("--notify: message not delivered: \(reason)") }
    }

    func stop() { server = nil }
}

/// A value that several threads use.
private final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
    func with<Result: Sendable>(_ body: (inout sending Value) -> Result) -> Result { value.withLock { body(&$0) } }
}
