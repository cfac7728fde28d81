// The filter chain of an audio track.

import VTXModel

/// The filters before and after those of the plan.
func audioChain(
    plan: AudioEncodePlan, isCutAtStart: Bool, limit: MediaTime?, gain: [String]
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
        filters += plan.filters
        filters += gain
        filters.append(
            "aformat=sample_fmts=\(plan.sampleFormat):sample_rates=\(plan.sampleRate)"
                + ":channel_layouts=\(plan.layout)")
        return filters
    }
}
