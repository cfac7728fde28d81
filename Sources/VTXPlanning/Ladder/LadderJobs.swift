// How many passes over a source a machine should run at once.

public import VTXModel

/// How many passes over the video at a time are fastest.
///
/// One pass keeps about two cores busy, however many rungs it has: the largest rung's encoder has one thread, and
/// all others together work about as long as that. More passes hardly save time (measured with two cores: two passes
/// save a thirtieth and need 1.8 times the memory).
///
/// - Parameters:
///   - plan: the ladder.
///   - cores: of the machine.
///   - memory: of the machine, in bytes; half of it may be used.
public func usualJobs(for plan: LadderPlan, cores: Int, memory: Int64) -> Int {
    guard let video = plan.video, video.maySeek else { return 1 }
    // libx264's medium preset holds about 260 bytes for each pixel of all rungs, deeper samples twice that.
    let bytes = video.rungs.reduce(0) { sum, rung in
        sum + rung.encode.size.area * (rung.encode.pixelFormat.contains("10") ? 520 : 260)
    }
    let fitting = memory / 2 / Int64(max(1, bytes))
    let chunk = Int64(plan.grid.segmentFrames) * Int64(plan.chunkSegments)
    let chunks = plan.expectedFrames.map { ($0 + chunk - 1) / chunk } ?? 1
    return Int(max(1, min(Int64(cores / 2), fitting, chunks)))
}
