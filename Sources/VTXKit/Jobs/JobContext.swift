// What a job is given by whoever runs it: a way to stop it, limits, a place for events, and a list of unfinished files.

import LibAV
package import VTXSystem

/// The surroundings of a job. One context is for one job at a time.
public struct JobContext {
    /// Ends the job.
    public let stop: StopSwitch
    /// What the job may take from its sources.
    public let limits: SourceLimits
    /// Receives events on the thread that runs the job.
    public let events: (JobEvent) -> Void
    /// Standard input, if the job reads it: jobs do so once it is certain that their output can be written.
    public var standardInput: StandardInput?
    /// Unfinished files of the job.
    package let cleanup: Cleanup

    /// - Parameters:
    ///   - stop: ends the job, from any thread.
    ///   - limits: what the job may take from its sources.
    ///   - events: called on the thread that runs the job, about five times a second.
    public init(
        stop: StopSwitch = StopSwitch(), limits: SourceLimits = SourceLimits(),
        events: @escaping (JobEvent) -> Void = { _ in }
    ) {
        self.stop = stop
        self.limits = limits
        self.events = events
        cleanup = Cleanup()
    }

    /// The surroundings of one job of several, which one switch ends.
    ///
    /// - Parameter other: of all of them.
    package init(sharing other: JobContext, events: @escaping (JobEvent) -> Void) {
        stop = other.stop
        limits = other.limits
        cleanup = other.cleanup
        self.events = events
    }

    /// Directory in which an interrupted job's work is kept for the next run; `nil` if there is none.
    public var keptWork: String? { cleanup.kept }

    /// Whether a part of an output has been written to standard output, where it cannot be removed.
    public var hasStreamed: Bool { cleanup.hasStreamed }

    var interrupt: Interrupt { stop.interrupt }
}
