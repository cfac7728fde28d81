// How the audio tracks of a target are encoded or copied.

import VTXModel

/// Decides how chosen tracks become the audio tracks of a target. One of them is the default one.
///
/// - Throws: `.usage` for what cannot be asked of these tracks or this target, `.unavailable` for a codec that this
///   libav does not have.
func planAudio(
    _ tracks: [NumberedStream], in context: TrackContext, options: AudioTrackOptions
) throws(VTXError) -> Decided<[AudioTrackPlan]> {
    var planner = AudioPlanner(context, options: options)
    var plans: [AudioTrackPlan] = []
    for track in tracks { plans.append(try planner.plan(track)) }
    if !plans.isEmpty, !plans.contains(where: { $0.label.disposition.contains("default") }) {
        plans[0].label.disposition.insert("default", at: 0)
    }
    return Decided(value: plans, decisions: planner.decisions)
}
