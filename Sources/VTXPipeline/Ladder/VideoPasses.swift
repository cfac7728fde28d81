// All passes over a ladder's video.

import LibAV

/// Runs passes until every chunk is encoded, then ends the assembly.
struct VideoPasses: Sendable {
    let work: VideoWork

    /// Encodes all chunks that are missing, and assembles them.
    ///
    /// - Parameters:
    ///   - jobs: passes at a time.
    ///   - parent: the group one of whose stages this is.
    func run(jobs: Int, parent: StageGroup) throws {
        repeat {
            let group = StageGroup(interrupt: work.interrupt, parent: parent)
            for job in 1...max(1, jobs) {
                group.start("pass \(job)") {
                    while let pass = work.schedule.begin() {
                        try VideoPass(work, pass, parent: group).run()
                        work.schedule.leave(pass)
                    }
                }
            }
            try group.wait(every: 0.1) {}
        } while try work.schedule.startOverAfterMismatch()
        for rung in work.video.rungs {
            try work.rungs[rung.name]?.finish {
                try Encoder(video: rung.encode, needsGlobalHeader: work.plan.segments == .fmp4).parameters
            }
        }
        try work.spriteSheets?.finish()
        try work.poster?.finish()
    }
}
