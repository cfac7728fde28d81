// What the journal says about an item.

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
