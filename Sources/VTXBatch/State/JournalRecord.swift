// One event in the journal of a batch.

package import VTXSystem

/// One line of the journal.
package struct JournalRecord: Hashable, Codable, Sendable {
    /// What happened.
    package enum Event: String, Hashable, Codable, Sendable {
        /// The source was probed: `facts` or `failure`.
        case probed
        /// A worker was started on it.
        case started
        /// The output is on disk.
        case done
        /// There is no output.
        case failed
    }

    /// What happened.
    package var event: Event
    /// Relative to the source directory.
    package var source: String
    /// Relative to the output directory.
    package var output: String?
    /// Of the source.
    package var identity: FileIdentity
    /// Hash of the plan.
    package var plan: String?
    /// What stood at the output's name when the item was started.
    package var previous: FileIdentity?
    /// The output that a batch made there last.
    package var made: FileIdentity?
    /// Of a source that was probed.
    package var facts: MediaFacts?
    /// Of an item that is done.
    package var outcome: BatchOutcome?
    /// Of a file that failed.
    package var failure: BatchFailure?
    /// Seconds since 1970.
    package var time: Double

    enum CodingKeys: String, CodingKey {
        case event = "type"
        case source, output, identity, plan, previous, made, facts, outcome, failure, time
    }

    /// An event of a source, at a time in seconds since 1970.
    package init(_ event: Event, source: String, identity: FileIdentity, time: Double) {
        self.event = event
        self.source = source
        self.identity = identity
        self.time = time
    }
}
