// The filter chain of an audio track.

import VTXModel

/// The filters before and after those of the plan.
///
/// - Parameter padding: samples in front of the encoder's first one, for containers that cannot say that decoders have to
///   leave them out: as many are left out of the source, so that what follows is in time.
func audioChain(
    plan: AudioEncodePlan, isCutAtStart: Bool, limit: MediaTime?, gain: [String], padding: Int = 0
) -> (_ sampleRate: Int) -> [String] {
    { sampleRate in
        var filters: [String] = []
        if isCutAtStart || limit != nil {
            var bounds: [String] = isCutAtStart ? ["start_pts=0"] : []
            if let limit {
                bounds.append(
                    "end_pts=\(rescale(limit.ticks, from: limit.base, to: Rational(1, Int64(sampleRate))))")
            }
            filters.append("atrim=" + bounds.joined(separator: ":"))
        }
        let lead = rescale(
            Int64(padding), from: Rational(1, Int64(plan.sampleRate)), to: Rational(1, Int64(sampleRate)))
        filters += plan.filters.map { $0.replacing(":first_pts=0", with: ":first_pts=\(lead)") }
        filters += gain
        filters.append(
            "aformat=sample_fmts=\(plan.sampleFormat):sample_rates=\(plan.sampleRate)"
                + ":channel_layouts=\(plan.layout)")
        return filters
    }
}
