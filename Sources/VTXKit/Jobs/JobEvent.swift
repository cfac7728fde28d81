// What a running job tells whoever runs it; the same for all jobs.

/// Something that happened in a running job.
public enum JobEvent: Hashable, Sendable {
    /// The plan has been made; comes once, before anything is written.
    case planned(JobPlan)
    /// An interrupted run of the same job has left something; comes right after the plan.
    case resumed(Resumption)
    /// How far the job is; comes about five times a second.
    case progress(JobProgress)
    /// Something was measured, in words.
    case note(String)
    /// Something was damaged, repaired or missing, and accepted, in words; comes when the work is done.
    case warning(String)
}
