// What a loudness measurement found, for people.

import LibAV
import VTXModel
import VTXPipeline

extension Loudness {
    /// What was measured and what is done about it, in words.
    ///
    /// - Parameter filters: those that bring the stream to `target`; empty for silence.
    func note(stream: Int, target: LoudnessTarget, filters: [String]) -> String {
        func one(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
        let measured = "stream \(stream) measures \(one(integrated)) LUFS, peak \(one(truePeak)) dBTP"
        if filters.isEmpty { return "\(measured): silence, left as it is" }
        let gain = "gain \(one(target.integrated - integrated)) dB"
        return filters.count == 1
            ? "\(measured): \(gain)" : "\(measured): \(gain), peaks limited to \(one(target.truePeak)) dBTP"
    }
}
