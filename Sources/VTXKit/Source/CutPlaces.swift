// Looks for places to cut in a source, for a plan that copies.

import LibAV
import VTXModel
import VTXPipeline
import VTXSystem

/// Where the video of a plan can be cut; `nil` if the plan does not cut what it copies.
///
/// - Parameter plan: one that was made before anybody looked.
/// - Throws: what reading the source throws.
func findCutPoints(for plan: TranscodePlan, interrupt: Interrupt) throws(VTXError) -> CutPoints? {
    guard let cut = plan.cut, let video = plan.video, video.encode == nil else { return nil }
    let request = CutRequest(
        path: plan.input, stream: video.stream, start: plan.skipped == nil ? nil : plan.origin,
        end: plan.limit.map { plan.origin + $0 }, isSmart: cut.mode == .smart)
    do { return try scanForCut(request, interrupt: interrupt) } catch let error as VTXError { throw error } catch let
        failure as AVFailure
    {
        throw failure.reading(plan.input)
    } catch {
        throw VTXError(.interrupted, "interrupted")
    }
}
