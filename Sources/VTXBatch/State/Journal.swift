// What a batch has done so far: a line of JSON for each event, appended and synchronised, so that it can be killed at
// any moment and go on.

import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
package import VTXModel

/// Why an item has no output.
package struct BatchFailure: Hashable, Codable, Sendable {
    package var kind: VTXError.Kind
    package var message: String
    package var cause: String?
    package var hint: String?

    package init(_ kind: VTXError.Kind, _ message: String, cause: String? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
        self.hint = hint
    }

    package init(_ error: VTXError) {
        self.init(
            error.kind, error.message.description, cause: error.cause?.description, hint: error.remedy?.description)
    }

    /// One line: what failed, and why.
    package var reason: String { cause.map { "\(message): \($0)" } ?? message }
}

/// What an item became.
package struct BatchOutcome: Hashable, Codable, Sendable {
    /// Bytes of the output; of a package, of all its files.
    package var size: Int64
    /// Seconds of media; `nil` if the worker ended after the output was made and before it said so.
    package var duration: Double?
    /// Seconds of wall time, of CPU, and bytes of memory that the worker took at most.
    package var elapsed: Double?
    package var cpu: Double?
    package var memory: Int64?
    package var warnings: [String]

    package init(
        size: Int64, duration: Double? = nil, elapsed: Double? = nil, cpu: Double? = nil, memory: Int64? = nil,
        warnings: [String] = []
    ) {
        self.size = size
        self.duration = duration
        self.elapsed = elapsed
        self.cpu = cpu
        self.memory = memory
        self.warnings = warnings
    }

    /// Seconds of media per second; `nil` if it was not measured.
    package var speed: Double? {
        guard let duration, let elapsed, elapsed > 0 else { return nil }
        return duration / elapsed
    }
}

/// One line of the journal.
package struct JournalRecord: Hashable, Codable, Sendable {
    package enum Event: String, Hashable, Codable, Sendable {
        /// The source was looked at: `facts` or `failure`.
        case probed
        case started
        case done
        case failed
    }

    package var event: Event
    /// Relative paths.
    package var source: String
    package var output: String?
    /// Of the source.
    package var identity: FileIdentity
    /// Hash of the plan.
    package var plan: String?
    /// What stood at the output's name when the item was started.
    package var previous: FileIdentity?
    /// The output that a batch made there last.
    package var made: FileIdentity?
    package var facts: MediaFacts?
    package var outcome: BatchOutcome?
    package var failure: BatchFailure?
    /// Seconds since 1970.
    package var time: Double

    enum CodingKeys: String, CodingKey {
        case event = "type"
        case source, output, identity, plan, previous, made, facts, outcome, failure, time
    }

    package init(_ event: Event, source: String, identity: FileIdentity, time: Double) {
        self.event = event
        self.source = source
        self.identity = identity
        self.time = time
    }
}

/// What the lines of a journal add up to.
package struct JournalState: Sendable {
    /// The last look at each source.
    package private(set) var probes: [String: JournalRecord] = [:]
    /// The last event of each output.
    package private(set) var items: [String: JournalRecord] = [:]

    package init() {}

    package mutating func add(_ record: JournalRecord) {
        if record.event == .probed {
            probes[record.source] = record
        } else if let output = record.output {
            items[output] = record
        }
    }

    /// What is known of a file that has not changed since it was looked at.
    package func probe(of candidate: Candidate) -> JournalRecord? {
        probes[candidate.path].flatMap { $0.identity.hasSameContents(as: candidate.identity) ? $0 : nil }
    }

    /// The fewest lines that say the same, oldest first.
    package var records: [JournalRecord] {
        (Array(probes.values) + Array(items.values)).sorted { ($0.time, $0.source) < ($1.time, $1.source) }
    }
}

/// What has to be done about an item.
package enum ItemStanding: Hashable, Sendable {
    /// Nothing: source and plan are those of the finished output.
    case done(BatchOutcome)
    /// The worker finished it, and the batch was killed before it could say so.
    case finishedUnsaid
    /// It failed before, and nothing has changed.
    case failed(BatchFailure)
    /// It has to be run; an output that a batch made there may be replaced.
    case due(mayReplace: Bool)
}

extension JournalState {
    /// - Parameters:
    ///   - present: what stands at the output's name now.
    ///   - plan: hash of the item's plan.
    ///   - retriesFailed: what failed is due again.
    ///   - mayOverwrite: what failed because something else stood there is due again.
    package func standing(
        output: String, source: Candidate, plan: String, present: FileIdentity?, retriesFailed: Bool,
        mayOverwrite: Bool = false
    ) -> ItemStanding {
        guard let last = items[output] else { return .due(mayReplace: false) }
        let isSame =
            last.source == source.path && last.identity.hasSameContents(as: source.identity) && last.plan == plan
        // Outputs get their names whole, so one that has come since the start is the worker's.
        let hasCome =
            last.event == .started && present != nil && present != last.previous
            && Double(present?.modified ?? 0) / 1e9 >= last.time - 1
        let isInTheWay = mayOverwrite && last.failure?.kind == .cannotCreate
        if isSame {
            switch last.event {
            case .done where present != nil: return .done(last.outcome ?? BatchOutcome(size: present?.size ?? 0))
            case .started where hasCome: return .finishedUnsaid
            case .failed where !retriesFailed && !isInTheWay:
                return .failed(last.failure ?? BatchFailure(.internal, "unknown"))
            default: break
            }
        }
        return .due(mayReplace: present != nil && (present == last.made || hasCome))
    }
}

/// The journal on disk.
package final class JournalFile {
    package private(set) var state = JournalState()
    /// Lines that could not be read: a torn last one after a crash of the machine.
    package private(set) var damagedLines = 0
    private let path: String
    private var file: Int32 = -1
    private let encoder = JSONEncoder()

    /// Reads the journal and shortens it. The caller holds the lock.
    ///
    /// - Parameter isReadOnly: nothing is written, by `add` neither.
    /// - Throws: `.inputOutput` if it cannot be read or written.
    package init(_ path: String, isReadOnly: Bool = false) throws(VTXError) {
        self.path = path
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let decoder = JSONDecoder()
        var lines = 0
        var isTorn = false
        if let data = FileManager.default.contents(atPath: path) {
            // The last line may be whole and lack its end: the next one must not be written into it.
            isTorn = data.last.map { $0 != UInt8(ascii: "\n") } ?? false
            for line in data.split(separator: UInt8(ascii: "\n")) {
                lines += 1
                if let record = try? decoder.decode(JournalRecord.self, from: line) {
                    state.add(record)
                } else {
                    damagedLines += 1
                }
            }
        }
        guard !isReadOnly else { return }
        let records = state.records
        if isTorn || damagedLines > 0 || lines > 2 * records.count + 100 { try rewrite(records) }
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("open") }
    }

    deinit { if file >= 0 { close(file) } }

    private func failure(_ action: String) -> VTXError {
        VTXError(.inputOutput, "cannot \(action) the journal \(path)", cause: String(cString: strerror(errno)))
    }

    private func rewrite(_ records: [JournalRecord]) throws(VTXError) {
        let temporary = path + ".new"
        let copy = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard copy >= 0 else { throw failure("shorten") }
        defer { close(copy) }
        for record in records { try write(record, to: copy) }
        guard fsync(copy) == 0, rename(temporary, path) == 0 else { throw failure("shorten") }
    }

    private func write(_ record: JournalRecord, to file: Int32) throws(VTXError) {
        guard var data = try? encoder.encode(record) else {
            throw VTXError(.internal, "a line of the journal cannot be written")
        }
        data.append(UInt8(ascii: "\n"))
        var sent = 0
        while sent < data.count {
            let count = data.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + sent, $0.count - sent) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write") }
            sent += count
        }
    }

    /// Appends a line; when this returns it is on the disk.
    ///
    /// - Parameter isLasting: `false` for what can be found out again.
    package func add(_ record: JournalRecord, isLasting: Bool = true) throws(VTXError) {
        state.add(record)
        guard file >= 0 else { return }
        try write(record, to: file)
        if isLasting, fdatasync(file) != 0 { throw failure("write") }
    }
}

/// A hash of everything that decides what an output will be, but not of how fast it is made.
///
/// Files that options name count with size and time.
package func planHash(_ settings: ItemSettings, output: String) -> String {
    var parts = [settings.target.rawValue, output] + settings.words
    for word in settings.words {
        // `de:captions.srt` names a file behind its colon.
        let names =
            [word] + word.indices.filter { ":=".contains(word[$0]) }.map { String(word[word.index(after: $0)...]) }
        for name in names where name.contains(".") || name.contains("/") {
            guard let file = FileIdentity(name) else { continue }
            parts.append("\(name) \(file.size) \(file.modified)")
        }
    }
    let digest = SHA256.hash(data: Data(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    return digest.prefix(12).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
