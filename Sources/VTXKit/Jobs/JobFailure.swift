// What stopped a job, as an error for people.

import Glibc
import LibAV
import VTXModel
import VTXPipeline

/// The error a job ends with.
///
/// - Parameters:
///   - error: what was thrown below.
///   - input: the source, to be named for failures of reading.
///   - output: the output, to be named for failures of writing.
func jobError(_ error: any Error, input: String, output: String) -> VTXError {
    switch error {
    case let error as VTXError: error
    case let failure as WriteFailure: untimed(failure, input) ?? failure.failure.writing(output)
    case let failure as AVFailure:
        failure.errno == ENOMEM
            ? VTXError(.inputOutput, "cannot \(failure.operation)", cause: failure.words) : failure.reading(input)
    case is Aborted: VTXError(.interrupted, "interrupted; nothing was written to \(output)")
    default: VTXError(.internal, "\(error)")
    }
}

/// The error about a copied packet that the container does not take without a presentation time, which the source does
/// not tell; `nil` if the failure has another cause.
private func untimed(_ failure: WriteFailure, _ input: String) -> VTXError? {
    guard let track = failure.untimedTrack, failure.failure.errno == EINVAL else { return nil }
    return VTXError(
        .badMedia, "packets of \(input) have no presentation time: they cannot be copied to track \(track)",
        cause: failure.failure.words, remedy: "encode that track instead of copying it, or write .mp4")
}
