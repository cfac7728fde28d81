// The video of a ladder: passes that share chunks, then assembly.

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
    /// Whether the encoders of smaller sizes leave the cores to the largest one's, which takes longest: with one
    /// pass, the job ends when that ends.
    let yields: Bool
    /// By rung.
    let progress: [String: Guarded<RenditionProgress>]
    let rungs: [String: RungAssembly]
    let spriteSheets: SpriteSheetAssembly?
    let poster: PosterAssembly?
    let reading: Guarded<SourceReading>

    /// What is kept of each chunk.
    static func streams(of plan: LadderPlan) -> [String] {
        (plan.video?.rungs ?? []).map(\.name)
            + (plan.thumbnails == nil ? [] : [SpriteSheetAssembly.name, PosterAssembly.name])
    }
}
