// What all video passes of a ladder share.

import LibAV
import VTXModel
import VTXSystem

/// What all passes of a job share.
struct VideoWork: Sendable {
    let plan: LadderPlan
    let video: LadderVideoPlan
    let store: ChunkStore
    let schedule: ChunkSchedule
    let endOfTracks: EndOfTracks
    let interrupt: Interrupt
    /// Whether the encoders of smaller pictures leave the cores to the largest one's, which takes longest: with one
    /// pass, the job ends when that ends.
    let yields: Bool
    /// By rung.
    let progress: [String: Guarded<RenditionProgress>]
    let rungs: [String: RungAssembly]
    let sheets: SpriteSheetAssembly?
    let poster: PosterAssembly?
    let reading: Guarded<SourceReading>

    /// What is kept of each chunk.
    static func streams(of plan: LadderPlan) -> [String] {
        (plan.video?.rungs ?? []).map(\.name)
            + (plan.thumbnails == nil ? [] : [SpriteSheetAssembly.name, PosterAssembly.name])
    }

    /// Encodes all chunks that are missing, and assembles them.
    ///
    /// - Parameters:
    ///   - jobs: passes at a time.
    ///   - parent: the group one of whose stages this is.
    func run(jobs: Int, parent: StageGroup) throws {
        repeat {
            let group = StageGroup(interrupt: interrupt, parent: parent)
            for job in 1...max(1, jobs) {
                group.start("pass \(job)") {
                    while let pass = schedule.begin() {
                        try VideoPass(self, pass, parent: group).run()
                        schedule.leave(pass)
                    }
                }
            }
            try group.wait(every: 0.1) {}
        } while try schedule.startOverAfterMismatch()
        for rung in video.rungs {
            try rungs[rung.name]?.finish {
                try Encoder(video: rung.encode, needsGlobalHeader: plan.segments == .fmp4).parameters
            }
        }
        try sheets?.finish()
        try poster?.finish()
    }
}
