// What all jobs have in common: they plan, they run, and they talk to whoever started them through a context.

public import VTXModel

/// One piece of work on media files, such as a transcode or an adaptive package.
///
/// A job is a value: it holds what was asked for and no state. It may run several times, and on any thread; `run(in:)`
/// returns when the work is done.
public protocol Job: Sendable {
    /// What would be done.
    associatedtype Plan: Sendable
    /// What was done.
    associatedtype Report: Codable, Sendable

    /// Inspects the sources and decides what would be done. Writes nothing.
    ///
    /// - Parameter context: its switch may stop the inspection, and its limits apply.
    /// - Throws: `.noInput` or `.badMedia` for a source, `.usage` for options that do not fit it, `.unavailable` if
    ///   this build of FFmpeg lacks an encoder or a filter, `.interrupted` if the job was stopped.
    func plan(in context: JobContext) throws(VTXError) -> Plan

    /// Plans and does the work. Outputs appear complete under their names, or not at all.
    ///
    /// - Parameter context: receives events on the calling thread, about five times a second.
    /// - Throws: what `plan(in:)` throws; `.cannotCreate` or `.inputOutput` for an output, `.badMedia` also for a
    ///   source that turns out to be shorter than its header says.
    func run(in context: JobContext) throws(VTXError) -> Report
}

extension Job {
    /// Decides what would be done, without limits and without a way to stop it.
    public func plan() throws(VTXError) -> Plan { try plan(in: JobContext()) }
}
