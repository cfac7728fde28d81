// What a batch has done so far, as the records of its journal say.
//
// The journal can be cut off at any moment: an item that was started and has no end is due again, unless its output got
// its name after the start.

package import VTXModel
package import VTXSystem

/// What the lines of a journal add up to.
package struct JournalState: Sendable {
    /// The last probe of each source, by path.
    package private(set) var probes: [ExactName: JournalRecord] = [:]
    /// The last event of each output, by path.
    package private(set) var items: [ExactName: JournalRecord] = [:]

    /// An empty journal.
    package init() {}

    /// What records add up to, in their order.
    package init(_ records: [JournalRecord]) {
        for record in records { add(record) }
    }

    /// Takes the next record.
    package mutating func add(_ record: JournalRecord) {
        if record.event == .probed {
            probes[record.source] = record
        } else if let output = record.output {
            items[output] = record
        }
    }

    /// What is known of a file that has not changed since it was probed.
    package func probe(of candidate: Candidate) -> JournalRecord? {
        probes[candidate.path].flatMap { $0.identity.hasSameContents(as: candidate.identity) ? $0 : nil }
    }

    /// The fewest lines that say the same, oldest first.
    package var records: [JournalRecord] {
        (Array(probes.values) + Array(items.values)).sorted { ($0.time, $0.source) < ($1.time, $1.source) }
    }
}

extension JournalState {
    /// What has to be done about an item.
    ///
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
            ExactName(last.source) == ExactName(source.path) && last.identity.hasSameContents(as: source.identity)
            && last.plan == plan
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
