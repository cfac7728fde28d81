// What is said about subtitles that the output has no room for.

import VTXPipeline

extension CueCounts {
    /// None if all cues end with the output.
    var warnings: [String] {
        var warnings: [String] = []
        if dropped > 0 { warnings.append("subtitles after the end of the source were left out: \(dropped)") }
        if cut > 0 { warnings.append("subtitles that go on after the end of the source were cut: \(cut)") }
        return warnings
    }
}
