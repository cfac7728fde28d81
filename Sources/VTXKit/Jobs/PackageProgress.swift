// From what the stages of a package have copied to progress.

import VTXModel
import VTXPipeline

/// - Parameters:
///   - states: what each rendition has copied.
///   - elapsed: seconds since copying began.
func packageProgress(
    _ states: [(name: String, state: RenditionProgress)], plan: PackagePlan, elapsed: Double
) -> JobProgress {
    let rows = states.map { name, state in
        let frames = plan.video.first { $0.name == name }?.frames
        let due = frames.map(Double.init) ?? audioPackets(of: name, plan)
        return JobProgress.Rendition(
            name: name, done: state.packets, bytes: state.bytes,
            fraction: state.isDone ? 1 : due > 0 ? min(1, Double(state.packets) / due) : nil)
    }
    let fraction = rows.compactMap(\.fraction).min() ?? 0
    let frames = states.filter { item in plan.video.contains { $0.name == item.name } }.map(\.state.packets).max()
    return JobProgress(
        phase: .copy, position: MediaTime(seconds: plan.duration.seconds * fraction), expected: plan.duration,
        frames: frames ?? 0, bytes: rows.reduce(0) { $0 + $1.bytes }, elapsed: elapsed, renditions: rows)
}

/// About how many packets of a rendition of audio its duration holds; 0 if the codec's packets have no common length.
private func audioPackets(of name: String, _ plan: PackagePlan) -> Double {
    guard let item = plan.audio.first(where: { $0.name == name }), let samples = item.codec.traits.packetSamples
    else { return 0 }
    return plan.duration.seconds * Double(item.sampleRate) / Double(samples)
}
