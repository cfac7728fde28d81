// Encodes until the output has the size that was planned.

import LibAV
import VTXModel
import VTXPipeline
import VTXPlanning
import VTXSystem

/// The encodes of a transcode with a target size, of which one becomes the output.
///
/// Each one reads the source again and repeats the second of two passes, or the only one, with another bit rate.
struct SizedEncode {
    let passes: TranscodePasses
    let target: TargetSize
    let output: OutputFile

    /// Runs as often as needed. The output is at `output.temporary` then.
    ///
    /// - Parameter encode: makes the output with these passes; the number of encodes before is its other parameter.
    /// - Returns: what happened in the encode that became the output, and how many there were.
    /// - Throws: `.unavailable` if every output is larger than the target.
    func run(
        _ encode: (TranscodePasses, Int) throws -> TranscodeRun.Outcome
    ) throws -> (outcome: TranscodeRun.Outcome, encodes: Int) {
        var search = SizeSearch(target, highest: Double(passes.plan.highestUsefulRate))
        var plan = passes.plan
        var best: (outcome: TranscodeRun.Outcome, size: Int64)?
        let kept = output.scratchFile(".kept")
        while true {
            let number = search.outcomes.count
            let outcome = try encode(passes.again(plan, number: number), number)
            try passes.run.checkStopped()
            let size = FileStatus(output.temporary)?.size ?? 0
            search.add(.init(rate: Double(plan.spent ?? 0), payload: payload(outcome), size: size))
            if size <= target.bytes, size > best?.size ?? 0 {
                best = (outcome, size)
                try renameFile(output.temporary, to: kept)
            }
            guard let rate = search.next, case let next = passes.plan.spending(Int64(rate)), next != plan else { break }
            plan = next
        }
        guard let best else { throw tooLarge(search) }
        try renameFile(kept, to: output.temporary)
        return (best.outcome, search.outcomes.count)
    }

    /// Bytes of what the bit rate is for.
    private func payload(_ outcome: TranscodeRun.Outcome) -> Double {
        let bytes = outcome.written.trackBytes
        let tracks = passes.plan.video == nil ? bytes.prefix(passes.plan.audio.count) : bytes.prefix(1)
        return Double(tracks.reduce(0, +))
    }

    private func tooLarge(_ search: SizeSearch) -> VTXError {
        let size = search.outcomes.map(\.size).min() ?? 0
        let smaller: Remedy =
            passes.plan.video == nil ? "use \(.channels, "mono")" : "use a smaller \(.height) or \(.frameRate)"
        return VTXError(
            .unavailable, "cannot make \(passes.plan.output) as small as \(sizeText(target.bytes))",
            cause: "it has \(sizeText(size)) after \(counted(search.outcomes.count, "encode"))",
            remedy: .anyOf([smaller, "use a larger \(.targetSize)"]))
    }
}
