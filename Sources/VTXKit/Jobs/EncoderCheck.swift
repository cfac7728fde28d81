// Whether encoders accept their options, found out before anything is encoded.

import LibAV
import VTXModel
import VTXPlanning

/// Opens encoders as a run would, if they have options that planning knows nothing about.
///
/// - Throws: what the run would throw: `.usage` for an option that the encoder does not have.
func checkEncoderOptions(
    of plans: [VideoEncodePlan], given options: [String: String] = [:], preset: Preset, needsGlobalHeader: Bool
) throws(VTXError) {
    guard !options.isEmpty || Preset.builtIn(named: preset.name) != preset else { return }
    for plan in plans { _ = try Encoder(video: plan, needsGlobalHeader: needsGlobalHeader) }
}
