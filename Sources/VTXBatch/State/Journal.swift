// What a batch has done so far: a line of JSON for each event, appended and synchronised, so that it can be killed at
// any moment and go on.

import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
package import VTXModel
package import VTXSystem

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
    /// What its lines add up to.
    package private(set) var state = JournalState()
    /// Lines that could not be read: a torn last one after a crash of the machine.
    package var damagedLines: Int { log.damagedLines }
    private let log: RecordLog<JournalRecord>

    /// Reads the journal and shortens it. The caller holds the lock.
    ///
    /// - Parameter isReadOnly: nothing is written, by `add` neither.
    /// - Throws: `.inputOutput` or `.cannotCreate` if it cannot be written.
    package init(_ path: String, isReadOnly: Bool = false) throws(VTXError) {
        log = try RecordLog(path, isReadOnly: isReadOnly) { records in
            var state = JournalState()
            for record in records { state.add(record) }
            return state.records
        }
        for record in log.records { state.add(record) }
    }

    /// Appends a line; when this returns it is on the disk.
    ///
    /// - Parameter isLasting: `false` for what can be found out again.
    package func add(_ record: JournalRecord, isLasting: Bool = true) throws(VTXError) {
        state.add(record)
        try log.append(record, isLasting: isLasting)
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
